"""What people type about comments and reviews: YouTube, Facebook, Instagram, Google, the app stores."""

import re
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Source
from .source_forms import PolledForm, form_of
from .sources import app_store, google, google_reviews
from .sources.base import SourceError
from .sources.cleaning import web_link


class Hidden(forms.CharField):
    """A credential: never drawn with its value, not even after a refusal."""

    def __init__(self, **given):
        widget = forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"})
        super().__init__(**{"max_length": 2000, "widget": widget, **given})


class ReviewsForm(PolledForm):
    entered: tuple[str, ...] = ()  # the fields that make up the config, those that are filled in

    def config(self):
        given = {name: (self.cleaned_data.get(name) or "").strip() for name in self.entered}
        return {name: value for name, value in given.items() if value}


@form_of(Source.Kind.YOUTUBE)
class YouTubeForm(ReviewsForm):
    icon = "square-play"
    about = _("The comments under one video, or under everything of a channel.")
    secret_fields = ("api_key",)
    entered = ("video", "channel")

    video = forms.CharField(
        label=_("Video"), required=False, max_length=300, help_text=_("Its address or its id.")
    )
    channel = forms.CharField(
        label=_("Channel"),
        required=False,
        max_length=300,
        help_text=_(
            "Instead of a video: the channel's id, which begins with UC, or its address that holds it."
        ),
    )
    api_key = Hidden(
        label=_("API key"),
        help_text=_("From the Google Cloud console, for a project where the YouTube Data API v3 is on."),
    )
    field_order = ["name", "video", "channel", "api_key", "every_minutes"]

    def clean_video(self):
        return video_in(self.cleaned_data["video"].strip())

    def clean_channel(self):
        found = re.search(r"(?:^|/)(UC[\w-]{22})(?:$|[/?])", self.cleaned_data["channel"].strip(), re.A)
        if self.cleaned_data["channel"].strip() and not found:
            raise forms.ValidationError(
                _("This is no channel id. On the channel's page, under “Share”, choose “Copy channel ID”.")
            )
        return found.group(1) if found else ""

    def clean(self):
        given = super().clean()
        if not self.errors and bool(given.get("video")) == bool(given.get("channel")):
            self.add_error("video", _("Give either a video or a channel."))
        return given


def video_in(written: str) -> str:
    """The id in the address of a video, however it is shared."""
    parts = urlsplit(written if "://" in written else f"https://{written}") if "/" in written else None
    last = (parts.path.rstrip("/").rpartition("/")[2] if parts else written) or ""
    found = parse_qs(parts.query).get("v", [last])[0] if parts else last
    if written and not re.fullmatch(r"[\w-]{11}", found, re.A):
        raise forms.ValidationError(_("This is no video of YouTube's."))
    return found


@form_of(Source.Kind.FACEBOOK)
class FacebookForm(ReviewsForm):
    icon = "thumbs-up"
    about = _("What visitors write on your page, the comments there, and posts that tag it.")
    secret_fields = ("access_token",)
    entered = ("page",)

    page = forms.RegexField(
        r"^[\w.-]+$",
        label=_("Page"),
        max_length=100,
        help_text=_("Its number, or its name as in facebook.com/name."),
        error_messages={"invalid": _("Use only the number, or the name as in its address.")},
    )
    access_token = Hidden(
        label=_("Page access token"),
        help_text=_("With the permissions pages_read_engagement and pages_read_user_content."),
    )
    field_order = ["name", "page", "access_token", "every_minutes"]


@form_of(Source.Kind.INSTAGRAM)
class InstagramForm(ReviewsForm):
    icon = "camera"
    about = _("Posts that tag your account, and the comments under your own posts.")
    secret_fields = ("access_token",)
    entered = ("account", "login")

    account = forms.RegexField(
        r"^[0-9]+$",
        label=_("Account number"),
        max_length=30,
        help_text=_("The number Meta's API gives your professional account, not its name."),
        error_messages={"invalid": _("Give the account's number, not its name.")},
    )
    login = forms.ChoiceField(
        label=_("Where the token was made"),
        required=False,
        choices=[("facebook", _("with a Facebook login")), ("instagram", _("with an Instagram login"))],
    )
    access_token = Hidden(
        label=_("Access token"),
        help_text=_("With the permissions to read your profile and to manage its comments."),
    )
    field_order = ["name", "account", "login", "access_token", "every_minutes"]


@form_of(Source.Kind.GOOGLE)
class GoogleReviewsForm(ReviewsForm):
    icon = "map-pin"
    about = _("The reviews of one of your places on Google, with their stars.")
    secret_fields = ("client_secret", "refresh_token")
    entered = ("account", "location", "client_id", "place_url")

    account = forms.CharField(
        label=_("Account"), max_length=100, help_text=_("Its number in Google Business Profile.")
    )
    location = forms.CharField(label=_("Location"), max_length=100, help_text=_("The number of the place."))
    client_id = forms.CharField(
        label=_("Client ID"), max_length=300, help_text=_("Of your OAuth client in the Google Cloud console.")
    )
    client_secret = Hidden(label=_("Client secret"))
    refresh_token = Hidden(
        label=_("Refresh token"),
        help_text=_("Of a person who manages the place, for the scope business.manage."),
    )
    place_url = forms.CharField(
        label=_("Address on Google Maps"),
        required=False,
        max_length=2000,
        help_text=_("Where a review leads when somebody opens it."),
    )
    field_order = [
        "name", "account", "location", "client_id", "client_secret", "refresh_token", "place_url",
        "every_minutes",
    ]  # fmt: skip

    def clean_place_url(self):
        written = self.cleaned_data["place_url"].strip()
        if written and not web_link(written):
            raise forms.ValidationError(_("This is not a web address."))
        return written

    def clean(self):
        given = super().clean()
        if given.get("account") and given.get("location"):
            refused_as(self, "location", lambda: google_reviews.place_of(given))
        return given


@form_of(Source.Kind.APP_STORE)
class AppStoreForm(ReviewsForm):
    icon = "app-window"
    about = _("The public reviews of an app, yours or a competitor's, by country.")
    entered = ("app", "countries")

    app = forms.CharField(
        label=_("App"),
        max_length=300,
        help_text=_("Its address in the App Store, or the digits after “id” in it."),
    )
    countries = forms.CharField(
        label=_("Countries"), max_length=40, initial="ph", help_text=_("Two letters each, like ph us sg.")
    )
    field_order = ["name", "app", "countries", "every_minutes"]

    def clean_app(self):
        written = self.cleaned_data["app"].strip()
        found = re.search(r"/id([0-9]+)", written)
        return found.group(1) if found else written

    def clean(self):
        given = super().clean()
        if given.get("app") and given.get("countries"):
            field = "app" if not given["app"].isdigit() else "countries"
            refused_as(self, field, lambda: app_store.entered(given))
        return given


@form_of(Source.Kind.PLAY_STORE)
class PlayStoreForm(ReviewsForm):
    icon = "smartphone"
    about = _("The reviews of one of your apps on Google Play, with their stars.")
    secret_fields = ("service_account",)
    entered = ("app",)

    app = forms.CharField(
        label=_("App"), max_length=300, help_text=_("Its package name, like com.example.app, or its address.")
    )
    service_account = Hidden(
        label=_("Service account key"),
        max_length=10_000,
        help_text=_("The whole JSON file, of an account that may see reviews in the Play Console."),
    )
    field_order = ["name", "app", "service_account", "every_minutes"]

    def clean_app(self):
        written = self.cleaned_data["app"].strip()
        found = parse_qs(urlsplit(written).query).get("id", [written])[0] if "/" in written else written
        if not re.fullmatch(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", found, re.A):
            raise forms.ValidationError(_("Give the app's package name, like com.example.app."))
        return found

    def clean_service_account(self):
        written = self.cleaned_data["service_account"]
        if written:
            refused_as(self, "service_account", lambda: google.read_key_file(written))
        return written


def refused_as(form, field: str, check) -> None:
    """What the adapter would refuse is refused while it is typed, beside its field."""
    try:
        check()
    except SourceError as error:
        form.add_error(field, error.message)
