"""What people type on the agency's pages."""

import zoneinfo
from functools import lru_cache

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.models import SLUG, Brand

from . import reach
from .models import User
from .roles import Role

LEGACY = ("Etc/", "SystemV/", "US/", "posix", "right")


@lru_cache(maxsize=1)
def zones():
    """Place names only: `Asia/Manila`, not `EST5EDT`."""
    names = sorted(zoneinfo.available_timezones())
    return [
        (name, name.replace("_", " ")) for name in names if "/" in name and not name.startswith(LEGACY)
    ] + [("UTC", "UTC")]


def languages():
    return [(code, _(name)) for code, name in settings.LANGUAGES]


class InviteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"))
    brand = forms.ModelChoiceField(
        label=_("Brand"),
        queryset=Brand.objects.none(),
        required=False,
        empty_label=_("All brands (director)"),
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = reach.brands_managed(by)
        roles = Role.choices
        if not reach.directs(by, by.agency):
            roles = [choice for choice in roles if choice[0] != Role.DIRECTOR]
            self.fields["brand"].required = True
            self.fields["brand"].empty_label = None
        self.fields["role"].choices = [("", "—"), *roles]  # nobody becomes a director by oversight


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("New role"))

    def __init__(self, *args, seat, **kwargs):
        super().__init__(*args, **kwargs)
        roles = Role.choices if seat.brand_id is None else Role.choices[1:]
        self.fields["role"].choices = [choice for choice in roles if choice[0] != seat.role]


class AcceptForm(forms.Form):
    """A new person says how they are called and chooses a password."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 10 characters. Three or four words that do not belong together are good."),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        data = super().clean()
        if password := data.get("password"):
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class BrandForm(forms.ModelForm):
    """A new brand. Its short name is in every address, so it is asked with care."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    language = forms.ChoiceField(label=_("Language of its newsroom"), choices=languages)

    class Meta:
        model = Brand
        fields = ["name", "slug", "tagline", "colour", "own_colour", "time_zone", "language"]
        help_texts = {
            "slug": _("Small letters, digits and hyphens. It stands in the newsroom's address."),
            "own_colour": _(
                "Of its house style, like #0a5cff: for its newsroom and its portal. Empty: the colour above."
            ),
        }
        error_messages = {"slug": {"unique": _("Another brand has this short name. Choose a different one.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if slug := self.fields.get("slug"):
            slug.widget.attrs.update(
                pattern=r"[a-z][a-z0-9\-]{1,38}[a-z0-9]", title=str(SLUG.message), autocomplete="off"
            )


class BrandChangeForm(BrandForm):
    """What may change of a brand that is there: all but its short name, which others have linked to."""

    class Meta(BrandForm.Meta):
        fields = ["name", "tagline", "colour", "own_colour", "time_zone", "language"]


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=languages)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]
