"""The kinds of source a person can add, in the groups they look for them in."""

from django.utils.translation import gettext_lazy as _

from .models import Source
from .source_forms import FORMS

Kind = Source.Kind
GROUPS = [
    (
        _("Social media"),
        [
            Kind.STREAM,
            Kind.BLUESKY,
            Kind.MASTODON,
            Kind.X,
            Kind.FACEBOOK,
            Kind.INSTAGRAM,
            Kind.YOUTUBE,
            Kind.REDDIT,
            Kind.HACKERNEWS,
        ],
    ),
    (_("News and blogs"), [Kind.RSS]),
    (_("Reviews"), [Kind.GOOGLE, Kind.APP_STORE, Kind.PLAY_STORE]),
    (_("Sent to Tugon"), [Kind.WEBHOOK, Kind.EMAIL, Kind.CSV]),
]


def groups() -> list[dict]:
    """Each group with its kinds, a picture and a sentence for each; only what there is a form for."""
    named = [(label, [card(kind) for kind in kinds if kind in FORMS]) for label, kinds in GROUPS]
    return [{"label": label, "kinds": cards} for label, cards in named if cards]


def card(kind: Source.Kind) -> dict:
    form = FORMS[kind]
    return {"kind": kind.value, "label": kind.label, "icon": form.icon, "text": form.about}
