"""The settings of the channels beside newsroom and Bluesky, each in its provider's own words."""

import re

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from responses.statements.models import Channel

from .channel_forms import ChannelForm, Secret, Server, form_of
from .channels.slack import HOOKS
from .channels.telegram import TOKEN
from .channels.webhook import is_secret, new_secret

TOLD_TWO_PEOPLE = _(
    "This channel cannot be read back. When the connection breaks while something is being sent, two people"
    " look there and decide."
)


@form_of(Channel.Kind.MASTODON)
class MastodonForm(ChannelForm):
    place_in = "server"
    icon, about = "message-circle", _("An account on any Mastodon server.")
    secret_fields, secrets_go_to = ("access_token",), ("server",)

    server = Server(label=_("Address of the server"), help_text=_("Like https://mastodon.social."))
    access_token = Secret(
        label=_("Access token"),
        help_text=_(
            "Made under Preferences, Development, with the scopes “read”, “write:statuses” and “write:media”."
        ),
    )


@form_of(Channel.Kind.X)
class XForm(ChannelForm):
    icon, about = "at-sign", _("An account on X, by an app of its own.")
    secret_fields = ("api_key", "api_secret", "access_token", "access_token_secret")
    told = _("Reading the timeline back and every post cost what your plan at X says.")

    api_key = Secret(
        label=_("API key"), help_text=_("Of your app in X's developer portal, allowed to write.")
    )
    api_secret = Secret(label=_("API key secret"))
    access_token = Secret(label=_("Access token"), help_text=_("Made there for the account that speaks."))
    access_token_secret = Secret(label=_("Access token secret"))


@form_of(Channel.Kind.FACEBOOK)
class FacebookForm(ChannelForm):
    account_in = "page"
    icon, about = "thumbs-up", _("A page of the brand on Facebook.")
    secret_fields = ("access_token",)

    page = forms.RegexField(
        r"^\d{5,25}$",
        label=_("Number of the page"),
        help_text=_("Shown at Meta under “About”, “Page transparency”."),
        error_messages={"invalid": _("Enter the page's number, digits alone.")},
    )
    access_token = Secret(
        label=_("Access token of the page"),
        help_text=_("With pages_manage_posts and pages_read_engagement. It is kept encrypted."),
    )


@form_of(Channel.Kind.LINKEDIN)
class LinkedInForm(ChannelForm):
    account_in = "organization"
    icon, about = "briefcase", _("A page of the brand on LinkedIn.")
    secret_fields = ("access_token",)
    told = _("LinkedIn's access tokens live sixty days. Tugon says when it is taken no more.")

    organization = forms.RegexField(
        r"^\d{2,20}$",
        label=_("Number of the page"),
        help_text=_("The digits in the address of the page's admin view."),
        error_messages={"invalid": _("Enter the page's number, digits alone.")},
    )
    access_token = Secret(
        label=_("Access token"),
        help_text=_("With w_organization_social and r_organization_social. It is kept encrypted."),
    )


@form_of(Channel.Kind.THREADS)
class ThreadsForm(ChannelForm):
    icon, about = "at-sign", _("An account on Threads.")
    secret_fields = ("access_token",)

    access_token = Secret(
        label=_("Access token"),
        help_text=_("A long-lived one with threads_basic and threads_content_publish."),
    )


@form_of(Channel.Kind.TELEGRAM)
class TelegramForm(ChannelForm):
    account_in = "chat"
    icon, about, told = "send", _("A channel on Telegram, by a bot that may post there."), TOLD_TWO_PEOPLE
    secret_fields = ("token",)

    chat = forms.CharField(
        label=_("Channel"), max_length=40, help_text=_("Its public name with the @, or its number: -100…")
    )
    token = Secret(label=_("Token of the bot"), help_text=_("From @BotFather. It is kept encrypted."))

    def clean_chat(self):
        written = self.cleaned_data["chat"].strip()
        if not re.fullmatch(r"@\w{4,32}|-\d{5,20}", written, re.ASCII):
            raise forms.ValidationError(
                _now("Enter the name with its @, or the number that begins with -100.")
            )
        return written

    def clean_token(self):
        written = self.cleaned_data["token"]
        if written and not TOKEN.fullmatch(written):
            raise forms.ValidationError(
                _now("A bot's token looks like 123456789:AAF… Copy it again from @BotFather.")
            )
        return written


@form_of(Channel.Kind.SLACK)
class SlackForm(ChannelForm):
    account_in = "channel_id"
    icon, about = "hash", _("A channel of a Slack workspace.")
    secret_fields = ("token", "webhook_url")
    told = _(
        "With a token Tugon can read back what it said. With an incoming webhook it cannot: then two people"
        " look and decide when the connection breaks."
    )

    channel_id = forms.CharField(
        label=_("Number of the channel"),
        required=False,
        help_text=_("Needed with a token. Slack shows it under “About”: C0123456789."),
    )
    token = Secret(
        label=_("Token of the app"),
        required=False,
        help_text=_("Begins with xoxb-; needs chat:write, and channels:history to read back."),
    )
    webhook_url = Secret(
        label=_("Or: address of an incoming webhook"),
        required=False,
        help_text=_("Begins with https://hooks.slack.com/services/. It is kept encrypted like a password."),
    )

    def clean(self):
        given = super().clean()
        kept = bool(self.channel and self.channel.secret)
        if not kept and not given.get("token") and not given.get("webhook_url") and not self.errors:
            self.add_error("token", _now("Enter a token, or the address of an incoming webhook."))
        if given.get("token") and not given.get("channel_id") and "channel_id" not in self.errors:
            self.add_error("channel_id", _now("With a token, say in which channel."))
        return given

    def clean_channel_id(self):
        written = self.cleaned_data["channel_id"].strip()
        if written and not re.fullmatch(r"[CG][A-Z0-9]{7,14}", written):
            raise forms.ValidationError(_now("Enter the channel's number, like C0123456789, not its name."))
        return written

    def clean_webhook_url(self):
        written = self.cleaned_data["webhook_url"]
        if written and not written.startswith(HOOKS):
            raise forms.ValidationError(
                _now("An incoming webhook's address begins with https://hooks.slack.com/services/.")
            )
        return written


@form_of(Channel.Kind.WEBHOOK)
class WebhookForm(ChannelForm):
    place_in = "url"
    icon, about = "webhook", _("A system of your own gets each statement by a signed request.")
    secret_fields, secrets_go_to = ("signing_secret",), ("url",)
    told = _(
        "Signed as Standard Webhooks say. The same webhook-id twice is the same statement: take it once."
    )

    url = Server(label=_("Address"), max_length=1000)
    signing_secret = Secret(
        label=_("Signing secret"),
        required=False,
        help_text=_("Begins with whsec_. Leave it empty and Tugon makes one, shown once."),
    )

    def clean_signing_secret(self):
        written = self.cleaned_data["signing_secret"]
        if written and not is_secret(written):
            raise forms.ValidationError(_now("Give whsec_ and then 24 to 64 bytes in base64."))
        return written

    def credentials(self):
        given = super().credentials()
        if not given and self.channel is None:
            self.made = self.made or new_secret()
            given = {"signing_secret": self.made}
        return given


@form_of(Channel.Kind.WORDPRESS)
class WordPressForm(ChannelForm):
    account_in, place_in = "user", "site"
    icon, about = "newspaper", _("The brand's own site: each statement becomes a post.")
    secret_fields, secrets_go_to = ("password",), ("site", "user")

    site = Server(label=_("Address of the site"), help_text=_("Like https://isla.example."))
    user = forms.CharField(label=_("User"), max_length=60, help_text=_("One who may publish posts."))
    password = Secret(
        label=_("Application password"),
        help_text=_("Made in WordPress under Users, Profile. It is kept encrypted and never shown again."),
    )

    def clean_user(self):
        written = self.cleaned_data["user"].strip()
        if ":" in written:
            raise forms.ValidationError(_now("A user's name holds no colon."))
        return written
