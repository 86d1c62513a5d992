"""History: append-only and hash-chained; also the outbox that all effects are read from."""

from django.db import models


class Event(models.Model):
    """One line of history: who did what to what, when. Triggers refuse UPDATE, DELETE and TRUNCATE."""

    seq = models.BigIntegerField(primary_key=True)  # gapless within the brand, given under a lock
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)  # "incident.opened"
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=120)
    actor_via = models.CharField(max_length=12)
    actor_strength = models.CharField(max_length=12)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    incident_id = models.BigIntegerField(null=True)  # whose timeline it is on
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "seq"], name="event_of_subject"),
            models.Index(fields=["incident_id", "seq"], name="event_timeline"),
        ]

    def __str__(self):
        return f"{self.seq} {self.kind}"


class Cursor(models.Model):
    """How far a reader of the history has come; its effects are repeatable, so at least once is enough."""

    name = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    def __str__(self):
        return f"{self.name} at {self.seq}"


class DeadLetter(models.Model):
    """An event whose reaction failed too often and was put aside so that the others go on."""

    reader = models.CharField(max_length=40)
    event = models.ForeignKey(Event, models.PROTECT, db_constraint=False)
    error = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "event"], name="deadletter_once")]

    def __str__(self):
        return f"{self.reader}: {self.event_id}"
