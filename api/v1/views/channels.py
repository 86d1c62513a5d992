"""Channels: adding, changing, and trying the connection."""

from django.utils.translation import gettext as _

from agency.roles import May
from api.scopes import Scope
from api.v1 import filters
from api.v1.serializers import channels as shapes
from responses.errors import Invalid
from responses.publishing import connecting
from responses.publishing.channel_forms import FORMS, form_for
from responses.statements.models import Channel

from .base import Desk, Lists, Reads, deed
from .incidents import READING, SEEING


class Channels(Lists, Reads, Desk):
    """Where the brand may speak. Its secret is never shown."""

    noun, prefix, order = "channels", "chn", ("id",)
    queryset = Channel.objects.defer("secret")
    serializer_class = shapes.ChannelShown
    filterset_class = filters.ChannelFilter
    versioned = True
    deeds = ("create", "change", "check")
    may = SEEING | dict.fromkeys(deeds, May.CONNECT)
    scopes = READING | dict.fromkeys(deeds, Scope.PUBLISHING)

    @deed(shapes.ChannelGiven, status=201)
    def create(self, *, kind, by, now, **given):
        """Add a channel. Check the connection before you need it."""
        return connecting.add(kind=kind, by=by, now=now, **sound(FORMS[kind](typed(given))))

    @deed(shapes.ChannelChange)
    def change(self, channel, *, by, now, **given):
        """Change its name, its settings, or whether it is in use. Credentials not given stay."""
        known = {"name": channel.name, "is_active": channel.is_active, "config": channel.config}
        known |= {"speaks": channel.speaks}
        connecting.change(channel, by=by, now=now, **sound(form_for(channel, typed(known | given))))

    @deed(shows=shapes.CheckShown, match=False)
    def check(self, channel, *, by, now):
        """Reach the channel without publishing."""
        works, words = connecting.test(channel, now=now)
        return {"works": works, "detail": words}


def typed(given) -> dict:
    """What a person would have typed into the form of this kind."""
    entered = plain(given.get("config", {})) | plain(given.get("credentials", {}))
    own = {
        "name": given["name"],
        "is_active": given.get("is_active", True),
        "speaks": given.get("speaks", ""),
    }
    return entered | own


def plain(given: dict) -> dict:
    """Values that a form could hold; anything else is no word of anybody's."""
    return {name: value for name, value in given.items() if isinstance(value, str | int)}


def sound(form) -> dict:
    """The fields, if the page's form takes them too."""
    if not form.is_valid():
        own = ("name", "is_active", "speaks")
        wrong = {(at if at in own else place(form, at)): rows[0] for at, rows in form.errors.items()}
        first = next(iter(wrong))
        raise Invalid(wrong[first], field=first, extra={"errors": wrong})
    given = form.given()
    if form.made:  # nobody would ever see it
        raise Invalid(_("Give the signing secret."), field="credentials.signing_secret")
    return given


def place(form, field) -> str:
    return f"{'credentials' if field in form.secret_fields else 'config'}.{field}"
