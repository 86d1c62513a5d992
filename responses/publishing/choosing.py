"""The kinds of channel a person can add, in the groups they look for them in."""

from django.utils.translation import gettext_lazy as _

from responses.statements.models import Channel

from .channel_forms import FORMS

Kind = Channel.Kind
GROUPS = [
    (_("Social media"), [Kind.BLUESKY, Kind.MASTODON, Kind.X, Kind.FACEBOOK, Kind.LINKEDIN, Kind.THREADS]),
    (_("Groups and teams"), [Kind.TELEGRAM, Kind.SLACK]),
    (_("Own sites and systems"), [Kind.EMAIL, Kind.WORDPRESS, Kind.WEBHOOK]),
]


def kinds() -> list[str]:
    """What can be added; the newsroom comes with the brand."""
    return [kind.value for _label, group in GROUPS for kind in group if kind in FORMS]


def groups() -> list[dict]:
    """Each group with its kinds, a picture and a sentence for each; only what there is a form for."""
    named = [(label, [card(kind) for kind in kinds if kind in FORMS]) for label, kinds in GROUPS]
    return [{"label": label, "kinds": cards} for label, cards in named if cards]


def card(kind: Channel.Kind) -> dict:
    form = FORMS[kind]
    return {"kind": kind.value, "label": kind.label, "icon": form.icon, "text": form.about}
