"""Where mentions come from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responses.core.secrets import SecretField
from responses.monitoring import states


class Source(models.Model):
    """Where mentions come from, with how it is doing and when it is read next."""

    class Kind(models.TextChoices):
        RSS = "rss", _("RSS or Atom feed")
        BLUESKY = "bluesky", _("Bluesky")
        WEBHOOK = "webhook", _("inbound webhook")
        CSV = "csv", _("CSV upload")
        STREAM = "stream", _("Bluesky, every post as it is written")
        MASTODON = "mastodon", _("Mastodon")
        REDDIT = "reddit", _("Reddit")
        HACKERNEWS = "hackernews", _("Hacker News")
        YOUTUBE = "youtube", _("YouTube comments")
        X = "x", _("X recent search")
        FACEBOOK = "facebook", _("Facebook page")
        INSTAGRAM = "instagram", _("Instagram mentions")
        GOOGLE = "google_reviews", _("Google reviews")
        APP_STORE = "app_store", _("App Store reviews")
        PLAY_STORE = "play_store", _("Google Play reviews")
        EMAIL = "email", _("inbound e-mail")

    class Status(models.TextChoices):
        LISTENING = states.LISTENING, _("listening")
        PAUSED = states.PAUSED, _("paused")
        STOPPED = states.STOPPED, _("stopped")
        REMOVED = states.REMOVED, _("removed")

    MOVES = states.SOURCE_MOVES
    MINIMUM_SECONDS = 60

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    config = models.JSONField(default=dict)  # what a person entered: url, or account / query
    state = models.JSONField(default=dict)  # what the adapter asked to be remembered: etag, cursor
    # Encrypted for this brand: a webhook's signing secret, or the credentials of an adapter as JSON.
    secret = SecretField(blank=True)
    previous_secret = SecretField(blank=True)  # a renewed webhook secret still opens the door until …
    previous_until = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.LISTENING)
    every_seconds = models.PositiveIntegerField(_("read every (seconds)"), default=300)
    due_at = models.DateTimeField(null=True, blank=True)  # when it is read next; null: pushed to us
    claimed_until = models.DateTimeField(null=True, blank=True)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    lag_seconds = models.PositiveIntegerField(null=True, blank=True)  # the last new mention: said until heard
    last_success_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    error = models.TextField(blank=True)  # the last failure, in words
    error_status = models.PositiveSmallIntegerField(null=True, blank=True)  # and the HTTP status it came with
    wait_until = models.DateTimeField(null=True, blank=True)  # the server asked not to be asked before
    live = models.JSONField(default=dict)  # how its stream fares: when it was heard, why it is not
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status=states.LISTENING), name="source_due"),
        ]

    def __str__(self):
        return self.name


class Delivery(models.Model):
    """An inbound webhook's message id, so that the same delivery twice is stored once."""

    source = models.ForeignKey(Source, models.CASCADE)
    message_id = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    stored = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "message_id"], name="delivery_once")]
        verbose_name_plural = "deliveries"

    def __str__(self):
        return self.message_id
