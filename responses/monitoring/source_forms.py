"""What people type about a source: one form for each kind. A refused form keeps every word of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responses.errors import Conflict, Refused

from .models import Source

FORMS: dict[str, type["SourceForm"]] = {}


def form_of(kind: str):
    """Class decorator: the form that sets up sources of this kind."""

    def register(form):
        FORMS[kind] = form
        return form

    return register


class Versioned(forms.Form):
    """Carries the version a person saw, so that nobody overwrites what a colleague changed meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def refuse(self, refusal: Refused, thing: Any = None) -> None:
        """Show it where it belongs; after a conflict the next try is about the thing as it is now."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        if isinstance(refusal, Conflict):
            thing.refresh_from_db()
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["version"] = thing.version
            self.data = data


class SourceForm(Versioned):
    """What every source has; the kinds add theirs.

    A field named in `secret_fields` is kept encrypted and never shown again; left empty it stays as it is.
    """

    icon = "rss"  # of the card in the list of kinds
    about: Any = ""  # one sentence there, translated when shown
    secret_fields: tuple[str, ...] = ()
    secrets_go_to: tuple[str, ...] = ()  # the fields that say to which server a kept secret is sent
    can_try = False  # whether it can be tried before it is saved
    has_secrets = False  # whether some are kept already, so that none need be typed

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("How your team calls it."))

    def clean(self):
        """A kept secret does not follow to another server: who may not see it could send it to their own."""
        given = super().clean() or self.cleaned_data
        moved = any((self.initial.get(name) or "") != given.get(name, "") for name in self.secrets_go_to)
        for name in self.secret_fields if self.has_secrets and moved else ():
            if not given.get(name):
                self.add_error(name, _("Enter it again: the one that is kept was given for another server."))
        return given

    def config(self) -> dict:
        """What the adapter wants to know."""
        return {}

    def credentials(self) -> dict:
        """What was typed into the secret fields."""
        return {name: self.cleaned_data[name] for name in self.secret_fields if self.cleaned_data.get(name)}

    def message(self) -> bytes:
        """What to try it on, for a kind that is tried on what a person has. Raises SourceError."""
        raise NotImplementedError

    def fields_of_source(self) -> dict:
        data = self.cleaned_data
        pace = {"every_seconds": data["every_minutes"] * 60} if "every_minutes" in data else {}
        given = {"name": data["name"], "config": self.config()} | pace
        return given | ({"credentials": self.credentials()} if self.secret_fields else {})


class PolledForm(SourceForm):
    can_try = True

    every_minutes = forms.IntegerField(
        label=_("Read every … minutes"), min_value=1, max_value=1440, initial=5
    )


@form_of(Source.Kind.RSS)
class RssForm(PolledForm):
    icon, about = "rss", _("News sites, blogs and forums give these away.")

    url = forms.CharField(
        label=_("Address of the feed"),
        max_length=2000,
        help_text=_("An RSS or Atom feed, beginning with https:// or http://."),
        widget=forms.URLInput({"placeholder": "https://news.example/feed.xml"}),
    )
    field_order = ["name", "url", "every_minutes"]

    def config(self):
        return {"url": self.cleaned_data["url"].strip()}


@form_of(Source.Kind.STREAM)
class StreamForm(SourceForm):
    icon = "radio"
    about = _("Every post of Bluesky that matches your rules, within seconds of being written.")


@form_of(Source.Kind.WEBHOOK)
class WebhookForm(SourceForm):
    icon, about = "webhook", _("Your own system sends mentions to Tugon, signed.")


@form_of(Source.Kind.CSV)
class CsvForm(SourceForm):
    icon, about = "file-spreadsheet", _("A file from a listening tool, a help desk or a spreadsheet.")


def form_for(source: Source, data=None, files=None) -> SourceForm:
    """The form of a source that is there, filled with what it is; its secrets are not shown."""
    known = {"every_minutes": max(1, source.every_seconds // 60), **source.config}
    known |= {"name": source.name, "version": source.version}
    form = FORMS[source.kind](data, files, initial=known)
    form.has_secrets = bool(source.secret)
    for name in form.secret_fields:
        form.fields[name].required = False
        if form.has_secrets:
            form.fields[name].help_text = _("Leave it empty to keep the one that is there.")
    return form


# The forms of the other kinds register themselves; last, since they build on what stands above.
from . import source_forms_mail, source_forms_reviews, source_forms_social  # noqa: E402, F401
