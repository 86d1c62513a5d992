"""What people type about a channel: one form for each kind. A refused form keeps all but secrets."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from responses.monitoring.guarding import origin
from responses.statements import tongues
from responses.statements.models import Channel

FORMS: dict[str, type["ChannelForm"]] = {}
KEPT = {"limit"}  # what the connection test noted, which nobody types


def form_of(kind: str):
    """Class decorator: the form that sets up channels of this kind."""

    def register(form):
        form.kind = kind
        FORMS[kind] = form
        return form

    return register


class ChannelForm(forms.Form):
    """What every channel has; the kinds add theirs. Without a `channel` it is for a new one.

    A field named in `secret_fields` is kept encrypted and never shown again; left empty it stays as it is.
    """

    kind = ""
    icon = "megaphone"  # of the card in the list of kinds
    about: Any = ""  # one sentence there
    secret_fields: tuple[str, ...] = ()
    secrets_go_to: tuple[str, ...] = ()  # the fields that say to which server a kept secret is sent
    account_in, place_in = "", ""  # the fields that name the account and where it is, for a list
    made = ""  # a secret that Tugon made while adding, to be shown once
    told: Any = ""  # what a person should know while typing

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As writers see it."))
    speaks = forms.ChoiceField(label=_("Languages"), choices=Channel.Speaks.choices, required=False)
    is_active = forms.BooleanField(
        label=_("In use"), required=False, initial=True, help_text=_("Off, nothing goes out here.")
    )

    def __init__(self, data=None, *, channel: Channel | None = None):
        self.channel = channel
        known = {**channel.config, "name": channel.name, "is_active": channel.is_active} if channel else {}
        known |= {"speaks": channel.speaks} if channel else {}
        super().__init__(data, initial=known)
        chosen: Any = self.fields["speaks"]
        chosen.choices = [("", self.every_language), *Channel.Speaks.choices]
        if channel is None:
            del self.fields["is_active"]
            return
        for name in self.secret_fields:
            self.fields[name].required = False
            if channel.secret:
                self.fields[name].help_text = _("Leave it empty to keep the one that is there.")

    def clean(self):
        """A kept secret does not follow to another server: who may not see it could send it to their own."""
        given = super().clean() or self.cleaned_data
        kept = bool(self.channel and self.channel.secret)
        moved = kept and any(given.get(each, "") != self.initial.get(each, "") for each in self.secrets_go_to)
        for name in self.secret_fields if moved else ():
            if not given.get(name):
                words = _now("Another server needs its password anew: the old one is not sent to it.")
                self.add_error(name, words)
        return given

    @property
    def every_language(self):
        """What the channel speaks when it is set to no language."""
        if self.kind in tongues.SHOWS_ALL:
            return _("Every language a statement is in")
        return _("The language a statement is first in")

    @property
    def own_fields(self) -> list[str]:
        common = ("name", "speaks", "is_active", *self.secret_fields)
        return [name for name in self.fields if name not in common]

    def config(self) -> dict:
        """What the adapter wants to know, with what was noted by itself as long as the server is the same."""
        typed = {name: self.cleaned_data[name] for name in self.own_fields}
        if self.channel is None or any(typed[each] != self.initial.get(each) for each in self.secrets_go_to):
            return typed
        return {name: self.channel.config[name] for name in KEPT & self.channel.config.keys()} | typed

    @classmethod
    def shown(cls, config: dict) -> tuple[str, str]:
        """The account and its place, as the list of channels says them."""
        return str(config.get(cls.account_in, "")), str(config.get(cls.place_in, ""))

    def credentials(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.secret_fields if self.cleaned_data.get(name)}

    def given(self) -> dict:
        """What the deeds take."""
        data = self.cleaned_data
        told = {"name": data["name"], "speaks": data.get("speaks", "")}
        told |= {"is_active": data["is_active"]} if self.channel else {}
        if not self.own_fields and not self.secret_fields:
            return told
        return told | {"config": self.config(), "credentials": self.credentials()}


class Secret(forms.CharField):
    def __init__(self, **how):
        how.setdefault("help_text", _("It is kept encrypted and never shown again."))
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(**{"max_length": 2000, "strip": True, "widget": widget} | how)


class Server(forms.CharField):
    """The address of a server: https, no path lost, nothing hidden in it."""

    def __init__(self, **how):
        super().__init__(**{"max_length": 300, "widget": forms.URLInput()} | how)

    def clean(self, value):
        written = super().clean(value).rstrip("/")
        whole = written if "://" in written or not written else f"https://{written}"
        try:
            parts = urlsplit(whole)
            allowed = origin(whole) in {origin(each) for each in settings.TUGON_ALLOWED_ORIGINS}
        except ValueError:
            parts, allowed = urlsplit(""), False
        if not parts.hostname or len(whole.split()) > 1 or (parts.scheme != "https" and not allowed):
            raise forms.ValidationError(_now("The address of the service must begin with https://."))
        if "@" in parts.netloc or parts.fragment:
            raise forms.ValidationError(_now("Give the address alone, without a password or a #."))
        return whole


class Word(forms.CharField):
    """One word, an account's name say."""

    def clean(self, value):
        written = super().clean(value).removeprefix("@")
        if len(written.split()) != 1:
            raise forms.ValidationError(_now("Give the account's name, like isla.example."))
        return written


@form_of(Channel.Kind.NEWSROOM)
class NewsroomForm(ChannelForm):
    """It comes with the brand: there is nothing to set up and no second one."""


@form_of(Channel.Kind.EMAIL)
class EmailForm(ChannelForm):
    """Nothing to set up: the mail server is the house's, the addresses give themselves."""

    icon, about = "mail", _("Everybody who asked for the statements on the newsroom gets them as a letter.")

    def clean(self):
        if self.channel is None and Channel.objects.filter(kind=Channel.Kind.EMAIL).exists():
            raise forms.ValidationError(_now("There is such a channel already."))
        return super().clean()


@form_of(Channel.Kind.BLUESKY)
class BlueskyForm(ChannelForm):
    account_in, place_in = "handle", "service"
    icon, about = "cloud", _("An account on Bluesky or on a server of the same network.")
    secret_fields, secrets_go_to = ("password",), ("service",)

    service = Server(label=_("Address of the service"), initial="https://bsky.social")
    handle = Word(label=_("Account"), max_length=253, help_text=_("Like isla.example, without the @."))
    password = Secret(
        label=_("App password"),
        help_text=_("Made in Bluesky's settings. It is kept encrypted and never shown again."),
    )
    thread = forms.BooleanField(
        label=_("A long text becomes a thread"),
        required=False,
        help_text=_("Up to 3,000 characters, cut between sentences. Off, a text holds 300."),
    )


def form_for(channel: Channel, data=None) -> ChannelForm:
    """The form of a channel that is there, filled with what it is; its secrets are not shown."""
    return FORMS.get(channel.kind, ChannelForm)(data, channel=channel)


# The forms of the other kinds register themselves; last, since they build on what stands above.
from . import channel_forms_social  # noqa: E402, F401
