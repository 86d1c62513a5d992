"""For whom: brands, their hosts, and the one public row per brand that the board reads."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from . import states

SLUG = RegexValidator(r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$", _("Use 3 to 40 small letters, digits and hyphens."))
HEX = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour as # and six signs, like #0a5cff."))


class Brand(TenantMixin):
    """A client brand: the tenant. Its schema's name is fixed when it is made, its slug may change."""

    class Status(models.TextChoices):
        PROVISIONING = states.PROVISIONING, _("being set up")
        ACTIVE = states.ACTIVE, _("active")
        SUSPENDED = states.SUSPENDED, _("suspended")
        CLOSED = states.CLOSED, _("closed")

    class Colour(models.TextChoices):
        SEA = "sea", _("sea blue")
        LEAF = "leaf", _("leaf green")
        SUN = "sun", _("sun yellow")
        CLAY = "clay", _("clay")
        ROSE = "rose", _("rose")
        PLUM = "plum", _("plum")
        SLATE = "slate", _("slate")

    slug = models.CharField(_("short name"), max_length=40, unique=True, validators=[SLUG])
    name = models.CharField(_("name"), max_length=120)
    tagline = models.CharField(_("what it does"), max_length=160, blank=True)
    colour = models.CharField(_("colour"), max_length=12, choices=Colour, default=Colour.SEA)
    own_colour = models.CharField(
        _("its own colour"), max_length=7, blank=True, default="", db_default="", validators=[HEX]
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Manila")
    language = models.CharField(_("language"), max_length=8, default="en")
    status = models.CharField(max_length=16, choices=Status, default=Status.PROVISIONING)
    provision_step = models.PositiveSmallIntegerField(default=0)
    provision_error = models.TextField(blank=True)
    provision_attempts = models.PositiveSmallIntegerField(default=0)
    provision_claimed_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    # Schemas are made by tenants.provisioning, step by step, never as a side effect of save().
    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def works(self):
        return self.status in states.WORKING

    @property
    def is_readable(self):
        return self.status in states.READABLE


class Domain(DomainMixin):
    """A host of a brand's own: shows its portal and newsroom."""


class BrandPulse(models.Model):
    """How a brand is right now, in one public row, so that a board never visits a schema.

    Written by responses.pulse from the brand's own tables; everything here can be made again.
    """

    brand = models.OneToOneField(Brand, models.CASCADE, related_name="pulse", primary_key=True)
    level = models.SmallIntegerField(null=True)  # worst severity of an open incident
    open_incidents = models.PositiveIntegerField(default=0)
    incident_number = models.PositiveIntegerField(null=True)
    incident_title = models.CharField(max_length=200, blank=True)
    open_alerts = models.PositiveIntegerField(default=0)
    mentions_24h = models.PositiveIntegerField(default=0)
    mentions_before = models.PositiveIntegerField(default=0)  # the 24 hours before those
    hourly = models.JSONField(default=list)  # 24 counts, oldest first
    negative = models.PositiveIntegerField(default=0)
    neutral = models.PositiveIntegerField(default=0)
    positive = models.PositiveIntegerField(default=0)
    last_mention_at = models.DateTimeField(null=True)
    failing_sources = models.PositiveIntegerField(default=0)
    # What waits for people, first due first:
    # [{"kind": "review" or "task", "who": role value, "what": str, "url": str, "due_at": iso or null}]
    waiting = models.JSONField(default=list)
    waiting_due_at = models.DateTimeField(null=True)
    unknown_publications = models.PositiveIntegerField(default=0)
    history_seq = models.BigIntegerField(
        default=0
    )  # the history's head, kept outside the schema as an anchor
    history_hash = models.CharField(max_length=64, blank=True)
    refresh_due_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["refresh_due_at"], name="pulse_refresh_due")]

    def __str__(self):
        return f"pulse of {self.brand_id}"


class Wake(models.Model):
    """A brand must be looked at no later than `at`: the tick reads this table and visits no schema."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="wakes")
    at = models.DateTimeField()
    poked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="wake_due"),
            models.Index(fields=["brand", "at"], name="wake_of_brand"),
        ]

    def __str__(self):
        return f"{self.brand_id} at {self.at:%Y-%m-%d %H:%M:%S}"


class Heartbeat(models.Model):
    """When a part of the worker was last known to work: read by `manage.py work` and the health page."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self):
        return self.name


class SharedAnswer(models.Model):
    """What a public address answered, so that one wanted by many brands is asked once."""

    url_hash = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the address
    url = models.TextField()
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=bytes)
    headers = models.JSONField(default=dict)  # etag, last_modified, content_type, moved_to, url, retry_after
    error = models.JSONField(null=True)  # the refusal of a server that refused: message, permanent, …
    asked_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="shared_answer_age")]

    def __str__(self):
        return self.url


class StreamPlace(models.Model):
    """How far `manage.py listen` has heard a stream, so that it goes on from there."""

    name = models.CharField(max_length=200, primary_key=True)
    cursor = models.CharField(max_length=100, blank=True)
    heard_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.name} at {self.cursor}"
