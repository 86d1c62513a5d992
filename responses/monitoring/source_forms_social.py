"""What people type about social media: Bluesky, Mastodon, Reddit, Hacker News, X."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Source
from .source_forms import PolledForm, form_of


class Secret(forms.CharField):
    """A credential: never drawn with its value, not even after a refusal."""

    def __init__(self, **given):
        given.setdefault("max_length", 500)
        super().__init__(widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}), **given)


class SocialForm(PolledForm):
    entered: tuple[str, ...] = ()  # the fields that make up the config, those that are filled in

    def config(self):
        given = {name: self.cleaned_data.get(name) for name in self.entered}
        return {name: value for name, value in given.items() if value}


@form_of(Source.Kind.BLUESKY)
class BlueskyForm(SocialForm):
    icon = "at-sign"
    about = _("What an account posts, what matches a search, who mentions an account, who answers it.")
    secret_fields = ("app_password",)
    secrets_go_to = ("service_url",)
    entered = ("mode", "account", "search", "sign_in_as", "service_url")

    mode = forms.ChoiceField(
        label=_("What to read"),
        required=False,
        choices=[
            ("", _("The posts of the account, or those that match the search")),
            ("mentions", _("Posts that mention the account")),
            ("replies", _("Answers to the account's posts")),
        ],
    )
    account = forms.CharField(
        label=_("Account"), required=False, max_length=250, help_text=_("As in name.bsky.social.")
    )
    search = forms.CharField(
        label=_("Search for"), required=False, max_length=300, help_text=_("Instead of an account: words.")
    )
    sign_in_as = forms.CharField(
        label=_("Sign in as"),
        required=False,
        max_length=250,
        help_text=_("Only if it is another account than the one above."),
    )
    app_password = Secret(
        label=_("App password"),
        required=False,
        help_text=_("From Bluesky's settings. Its own server lets only those search who sign in."),
    )
    service_url = forms.CharField(
        label=_("Server"), required=False, max_length=300, help_text=_("Only if it is not Bluesky's own.")
    )
    field_order = [
        "name",
        "mode",
        "account",
        "search",
        "sign_in_as",
        "app_password",
        "service_url",
        "every_minutes",
    ]

    def clean(self):
        given = super().clean()
        account, search = bool(given.get("account")), bool(given.get("search"))
        if given.get("mode"):
            given["search"] = ""
            if not account:
                self.add_error("account", _("Say which account."))
        elif account == search:
            self.add_error("account", _("Say either whose posts to read or what to search for."))
        if given.get("app_password") and not (account or given.get("sign_in_as")):
            self.add_error("sign_in_as", _("Say which account the app password belongs to."))
        return given


@form_of(Source.Kind.MASTODON)
class MastodonForm(SocialForm):
    icon = "message-circle"
    about = _("A hashtag, the mentions of your account, or all that a server shows in public.")
    secret_fields = ("access_token",)
    secrets_go_to = ("server",)
    entered = ("server", "mode", "hashtag")

    server = forms.CharField(label=_("Server"), max_length=300, help_text=_("As in mastodon.social."))
    mode = forms.ChoiceField(
        label=_("What to read"),
        choices=[
            ("hashtag", _("A hashtag")),
            ("mentions", _("Mentions of the account the token belongs to")),
            ("public", _("All public posts the server knows")),
            ("stream", _("The same as it is written: the hashtag, or all")),
        ],
    )
    hashtag = forms.CharField(label=_("Hashtag"), required=False, max_length=200)
    access_token = Secret(
        label=_("Access token"),
        required=False,
        help_text=_(
            "For mentions, and for streams of servers that ask for one. From Mastodon's preferences, "
            "Development, with the scope “read”."
        ),
    )
    field_order = ["name", "server", "mode", "hashtag", "access_token", "every_minutes"]

    def clean_hashtag(self):
        return self.cleaned_data["hashtag"].strip().lstrip("#")

    def clean(self):
        given = super().clean()
        mode = given.get("mode")
        if mode == "hashtag" and not given.get("hashtag"):
            self.add_error("hashtag", _("Say which hashtag to follow."))
        if mode == "mentions" and not given.get("access_token") and not self.has_secrets:
            self.add_error("access_token", _("Mentions can be read only with an access token."))
        return given


@form_of(Source.Kind.REDDIT)
class RedditForm(SocialForm):
    icon = "messages-square"
    about = _("Posts that match a search, or every new post and comment of a subreddit.")
    secret_fields = ("client_secret",)
    entered = ("search", "subreddit", "client_id")

    search = forms.CharField(label=_("Search for"), required=False, max_length=500)
    subreddit = forms.CharField(
        label=_("Subreddit"),
        required=False,
        max_length=300,
        help_text=_("Several are joined by +. With a search it looks only there."),
    )
    client_id = forms.CharField(
        label=_("Id of the application"),
        max_length=200,
        help_text=_("From reddit.com/prefs/apps: an application of the type “script” or “web app”."),
    )
    client_secret = Secret(label=_("Secret of the application"))
    field_order = ["name", "search", "subreddit", "client_id", "client_secret", "every_minutes"]

    def clean(self):
        given = super().clean()
        if not given.get("search") and not given.get("subreddit"):
            self.add_error("search", _("Say what to search for, or which subreddit to read."))
        return given


@form_of(Source.Kind.HACKERNEWS)
class HackerNewsForm(SocialForm):
    icon = "flame"
    about = _("Stories and comments that hold your words. No key is needed.")
    entered = ("search", "only")

    search = forms.CharField(label=_("Search for"), max_length=500)
    only = forms.ChoiceField(
        label=_("What to read"),
        required=False,
        choices=[
            ("", _("Stories and comments")),
            ("story", _("Only stories")),
            ("comment", _("Only comments")),
        ],
    )
    field_order = ["name", "search", "only", "every_minutes"]


@form_of(Source.Kind.X)
class XForm(SocialForm):
    icon = "megaphone"
    about = _("Posts that match a search, with the account of your own X application.")
    secret_fields = ("bearer_token",)
    entered = ("search", "reposts")

    search = forms.CharField(
        label=_("Search for"),
        max_length=4096,
        help_text=_("In X's own query language, as in: (ferry OR barko) lang:tl"),
    )
    reposts = forms.BooleanField(label=_("Reposts too"), required=False)
    bearer_token = Secret(
        label=_("Bearer token"), help_text=_("From the X developer console. Each post read counts there.")
    )
    every_minutes = forms.IntegerField(
        label=_("Read every … minutes"), min_value=1, max_value=1440, initial=15
    )
    field_order = ["name", "search", "reposts", "bearer_token", "every_minutes"]
