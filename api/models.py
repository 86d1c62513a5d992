"""Keys for machines and the memory of what they asked: this room's only tables, in the brand's schema."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiKey(models.Model):
    """A machine's way in. Only the SHA-256 of its secret is kept; the key is shown once."""

    name = models.CharField(_("name"), max_length=120)
    lookup = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by_id = models.CharField(max_length=60)
    created_by_name = models.CharField(max_length=120)
    per_minute = models.PositiveIntegerField(default=600)  # requests it may make
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.name

    def works(self, now) -> bool:
        """Neither revoked nor over."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class RateWindow(models.Model):
    """How many requests a key has made in the current window: one row per key, counted in one statement."""

    key = models.OneToOneField(ApiKey, models.CASCADE, primary_key=True)
    window = models.BigIntegerField()  # the window's number since 1970
    used = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.key_id}: {self.used}"


class IdempotentRequest(models.Model):
    """What a POST with an Idempotency-Key answered, so that the same request twice acts once."""

    key = models.CharField(max_length=255)
    caller = models.CharField(max_length=60)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "method", "path", "key"], name="idempotent_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_age")]

    def __str__(self):
        return self.key
