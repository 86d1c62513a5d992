"""What a writer and a reviewer type. The deeds judge it; the forms keep it."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from . import image_fields, tongues
from .limits import counted_in, is_thread, length, limit, parts


class WordingForm(forms.Form):
    """Title, language, a text per channel, and why; in a second language the same with its code in the name.

    `text_7` is in the first language, `text_7_fil` in the other, which `other` names while it is shown.
    """

    title = forms.CharField(label=_("Title"))
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    note = forms.CharField(
        label=_("Why this revision"),
        max_length=300,
        required=False,
        help_text=_("One line for those who read the history."),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    other = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)

    def __init__(self, *args, channels, **kwargs):
        super().__init__(*args, **kwargs)
        self.channels = channels
        self.first = str(self["language"].value() or "")
        self.second = self.second_of(str(self["other"].value() or ""))
        language = self.initial.get("language")
        if language and language not in dict(settings.LANGUAGES):  # written through the API
            self.fields["language"].choices = [*settings.LANGUAGES, (language, language)]
        if self.second:
            self.fields["language"].widget = forms.HiddenInput()
            self.fields["title"].required = False
            self.fields[f"title_{self.second}"] = forms.CharField(label=_("Title"), required=False)
        for channel, language, name in self.places():
            self.fields[name] = forms.CharField(
                label=_("Text"), strip=False, required=False, widget=area(channel, language)
            )
        image_fields.add_to(self, channels)

    def second_of(self, asked: str) -> str:
        """The other language, when it is one that can stand beside the first."""
        known = {*tongues.PAIR, self.initial.get("other")}
        return asked if asked in known and asked != self.first else ""

    @property
    def languages(self) -> list[str]:
        """As they stand on the page: English left, Filipino right."""
        return sorted(filter(None, (self.first, self.second)), key=tongues.order) or [""]

    def name_of(self, field: str, language: str) -> str:
        return f"{field}_{language}" if language and language == self.second else field

    def places(self):
        """(channel, language, field) for each text that a channel takes, or that is there all the same."""
        for channel in self.channels:
            for language in self.languages:
                name = self.name_of(f"text_{channel.pk}", language)
                there = self.data.get(name) or self.initial.get(name)
                if tongues.speaks(channel, language, self.first) or there:
                    yield channel, language, name

    def texts_in(self, language: str) -> dict[int, str]:
        return {
            channel.pk: self.cleaned_data.get(name, "")
            for channel, one, name in self.places()
            if one == language
        }

    def typed_in(self, language: str) -> dict[int, str]:
        """As they stand in the form, sound or not."""
        return {
            channel.pk: self[name].value() or "" for channel, one, name in self.places() if one == language
        }

    @property
    def wording(self) -> dict:
        """What drafting asks for."""
        told = {
            "title": self.cleaned_data.get("title", ""),
            "language": self.cleaned_data.get("language", ""),
            "texts": self.texts_in(self.first),
            "images": image_fields.given(self.cleaned_data),
        }
        if not self.second:
            return told
        title = self.cleaned_data.get(f"title_{self.second}", "")
        return told | {"also": {self.second: {"title": title, "texts": self.texts_in(self.second)}}}

    def titles(self):
        """The field for the title of each version, with its language's name while there are two."""
        for language in self.languages:
            named = tongues.name_of(language) if self.second else ""
            yield {"field": self[self.name_of("title", language)], "language": language, "tongue": named}

    def pictures(self):
        return image_fields.rows(self)

    def variants(self):
        """Each text with its field and how full it is, counted here for those without JavaScript."""
        for channel, language, name in self.places():
            bound = self[name]
            yield {
                "channel": channel,
                "field": bound,
                "language": language,
                "tongue": tongues.name_of(language) if self.second else "",
                "side": self.languages.index(language) + 1 if language in self.languages else 1,
                "count": length(channel, (bound.value() or "").replace("\r\n", "\n").strip()),
                "limit": limit(channel),
                "parts": len(parts(channel, (bound.value() or "").strip())) if is_thread(channel) else 1,
            }

    def refuse(self, refusal) -> None:
        """Put a deed's refusal at the field it is about."""
        for field, message in refusal.extra.get("errors", {refusal.field: refusal.message}).items():
            name = image_fields.name_of(field or "").replace("texts.", "text_")
            if name.startswith("also."):
                _also, language, own = name.split(".", 2)
                name = self.name_of(own, language)
            self.add_error(name if name in self.fields else None, message)


def area(channel, language):
    spoken = {"lang": language} if language else {}
    return forms.Textarea(
        attrs=spoken
        | {
            "rows": 16 if limit(channel) > 4_000 else 8,
            "data-limit": limit(channel),
            "data-count": counted_in(channel),
        }
    )


class NewForm(WordingForm):
    """The first wording, with what it is and what it answers."""

    type = forms.CharField(widget=forms.HiddenInput)
    incident = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DecisionForm(forms.Form):
    """Approve, or ask for changes and say which."""

    step = forms.IntegerField(widget=forms.HiddenInput)
    revision_hash = forms.CharField(widget=forms.HiddenInput)
    verdict = forms.CharField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    code = forms.CharField(
        label=_("Your six-digit code"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
