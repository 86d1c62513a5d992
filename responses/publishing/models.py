"""The outbox: one revision on one channel, each try of it, and the newsroom's own page entries."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responses.statements.models import Channel, Revision, Statement, Variant

from . import states


class Publication(models.Model):
    """One revision on one channel. Claimed with a lease and a fencing token; ends in exactly one way."""

    class Status(models.TextChoices):
        QUEUED = states.QUEUED, _("queued")
        SENDING = states.SENDING, _("sending")
        PUBLISHED = states.PUBLISHED, _("published")
        FAILED = states.FAILED, _("failed")
        UNKNOWN = states.UNKNOWN, _("outcome unknown")
        CANCELLED = states.CANCELLED, _("cancelled")
        BLOCKED = states.BLOCKED, _("blocked: the text is not the approved one")

    class Outside(models.TextChoices):
        SAME = "same", _("as it was published")
        CHANGED = "changed", _("changed there")
        GONE = "gone", _("deleted there")

    MOVES = states.PUBLICATION_MOVES

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="publications")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="publications")
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="publications")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="publications")
    # Its name outside, for ever: seeds the record key, is the Atom id.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    approved_hash = models.CharField(max_length=64)  # what the people approved; compared before sending
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField()  # also seeds the provider's record key, so it never changes
    scheduled_at = models.DateTimeField(null=True, blank=True)  # when people want it out; empty is at once
    due_at = models.DateTimeField()  # look at it again then: to send, as its sender is dead, to read back
    token = models.PositiveIntegerField(default=0)  # fencing: each claim adds one, a stale one cannot finish
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    external_id = models.CharField(max_length=500, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    error = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # Who found an unknown one not to be out; a second person must say so too before it goes again.
    again_by_id = models.CharField(max_length=60, blank=True, db_default="")
    again_by_name = models.CharField(max_length=120, blank=True, db_default="")
    again_reason = models.TextField(blank=True, db_default="")
    again_at = models.DateTimeField(null=True, blank=True)
    # After it went out: when to look at it next, and what was found there.
    look_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    outside = models.CharField(max_length=8, choices=Outside, blank=True, db_default="")
    outside_text = models.TextField(blank=True, db_default="")  # when it is another than ours
    version = models.PositiveIntegerField(default=1)
    taken_over = False  # set by the claim: an earlier sender died on it, so it may be out already

    class Meta:
        ordering = ["-created_at", "channel__position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "channel"], name="publication_once"),
            models.CheckConstraint(
                condition=~Q(status=states.PUBLISHED) | Q(published_at__isnull=False),
                name="publication_dated",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=states.OPEN),
                name="publication_due",
            ),
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="publication_look"),
        ]

    def __str__(self):
        return f"{self.revision} on {self.channel}"


class Slot(models.Model):
    """When a statement is to go out on one channel; without one it goes as soon as it may."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="slots")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    go_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "channel"], name="slot_once")]

    def __str__(self):
        return f"{self.statement_id} on {self.channel_id} at {self.go_at}"


class Attempt(models.Model):
    """One try of a publication, written before the call is made."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="attempts")
    token = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["token"]
        constraints = [models.UniqueConstraint(fields=["publication", "token"], name="attempt_token")]

    def __str__(self):
        return f"{self.publication_id} #{self.token} {self.outcome}"


class NewsroomPost(models.Model):
    """What stands in the public newsroom."""

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="post")
    slug = models.SlugField(max_length=80, unique=True)
    type = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=8)
    also = models.JSONField(default=dict, blank=True)  # {language: {"title", "text"}}: the other versions
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self):
        return self.title


class Subscriber(models.Model):
    """Somebody who asked for the brand's statements by letter. Written to once the address is confirmed."""

    email = models.EmailField(unique=True)
    language = models.CharField(max_length=8, default="en")  # they read: of the version, where there is one
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(left_at=None), name="subscriber_here_or_gone"
            )
        ]

    def __str__(self):
        return self.email

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class Letter(models.Model):
    """One statement for one subscriber. Claimed before it is sent: who dies on it sends it once or never."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("outcome unknown")

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="letters")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="letters")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField()  # when it is tried next; while it is being sent, when its sender is dead
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "subscriber"], name="letter_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sending"]), name="letter_due")
        ]

    def __str__(self):
        return f"{self.publication_id} to {self.subscriber_id}"
