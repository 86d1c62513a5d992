"""What people type about a source that takes mail: how it is read, from whom, and a message to try it on."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import Source
from .source_forms import SourceForm, form_of
from .sources.base import SourceError
from .sources.mailed import LARGEST, LINKS, WHOLE

MOST_SENDERS = 200
SENDER = re.compile(r"(?:[^@\s,;<>]{1,64}@)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class Senders(forms.CharField):
    """Addresses and domains, one a line or with commas between; a list by the API."""

    widget = forms.Textarea({"rows": 3, "spellcheck": "false", "placeholder": "meltwater.com"})

    def prepare_value(self, value):
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        written = " ".join(map(str, value)) if isinstance(value, list) else super().to_python(value)
        found = [each.strip("<>").removeprefix("@") for each in re.split(r"[\s,;]+", written.lower()) if each]
        for each in found:
            if not SENDER.fullmatch(each):
                raise ValidationError(
                    gettext("“%(word)s” is no e-mail address and no domain.") % {"word": each[:80]}
                )
        if len(found) > MOST_SENDERS:
            raise ValidationError(gettext("At most %(most)s senders.") % {"most": MOST_SENDERS})
        return list(dict.fromkeys(found))


@form_of(Source.Kind.EMAIL)
class EmailForm(SourceForm):
    icon = "mail"
    about = _("Newsletters, press clippings and alert mails, sent or forwarded to an address of the brand.")
    can_try = True

    mode = forms.ChoiceField(
        label=_("What becomes a mention"),
        choices=[(WHOLE, _("Each mail")), (LINKS, _("Each link in a mail"))],
        initial=WHOLE,
        required=False,
        help_text=_("Each link: for digests such as Google Alerts. A mail without links is one mention."),
    )
    senders = Senders(
        label=_("Only from these senders"),
        required=False,
        max_length=20_000,
        help_text=_("Addresses or domains. Mail from others is refused. Empty: from everybody."),
    )
    sample_text = forms.CharField(
        label=_("A message to try it on"),
        required=False,
        help_text=_("Paste a whole message with its headers (“show original” in your mail program)."),
        widget=forms.Textarea({"rows": 4, "class": "mono", "spellcheck": "false"}),
    )
    sample_file = forms.FileField(
        label=_("Or as a file"),
        required=False,
        help_text=_("An .eml file, as mail programs save a message."),
        widget=forms.FileInput({"accept": ".eml,message/rfc822"}),
    )

    def config(self):
        given = {"mode": self.cleaned_data.get("mode") or WHOLE, "senders": self.cleaned_data.get("senders")}
        return {name: value for name, value in given.items() if value}

    def message(self) -> bytes:
        """The message to try. Raises SourceError."""
        if given := self.cleaned_data.get("sample_file"):
            return given.read(LARGEST + 1)
        if text := self.cleaned_data.get("sample_text"):
            return text.encode("utf-8", "replace")
        raise SourceError(gettext("Paste a message or choose a file, to see what would become of it."))
