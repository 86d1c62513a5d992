"""What a person must look at."""

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from responses.monitoring import explaining, states

OF_ALL = ("burn", "fall", "spike")  # kinds that may be about all mentions together, without a rule


class Overlaid(Func):
    """A JSON object with another laid over it, in the database."""

    template, arg_joiner = "(%(expressions)s)", " || "
    output_field = models.JSONField()


class Alert(models.Model):
    """Something a person must look at."""

    class Kind(models.TextChoices):
        MATCH = "match", _("match")
        SPIKE = "spike", _("spike")
        SILENT = "silent", _("silent source")
        FALL = "fall", _("falling sentiment")
        BURN = "burn", _("slow burn")
        AUTHOR = "author", _("named author")
        RETURN = "return", _("first match after quiet")
        CROSSING = "crossing", _("story on a new platform")

    class Status(models.TextChoices):
        OPEN = states.OPEN, _("open")
        ACKNOWLEDGED = states.ACKNOWLEDGED, _("acknowledged")
        DISMISSED = states.DISMISSED, _("dismissed")
        ESCALATED = states.ESCALATED, _("turned into an incident")

    MOVES = states.ALERT_MOVES

    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=14, choices=Status, default=Status.OPEN)
    rule = models.ForeignKey("Rule", models.SET_NULL, null=True, blank=True, related_name="alerts")
    source = models.ForeignKey("Source", models.SET_NULL, null=True, blank=True, related_name="alerts")
    story = models.ForeignKey("Story", models.SET_NULL, null=True, blank=True, related_name="alerts")
    author = models.ForeignKey("NamedAuthor", models.SET_NULL, null=True, blank=True, related_name="alerts")
    title = models.CharField(max_length=200)
    why = models.JSONField(default=dict)  # figures the sentence is made from, in the reader's language
    severity = models.PositiveSmallIntegerField(default=0)
    mention_count = models.PositiveIntegerField(default=0)
    first_mention = models.ForeignKey("Mention", models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=120, blank=True)  # the name as it was
    dismissed_reason = models.CharField(max_length=300, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snoozed_by = models.CharField(max_length=120, blank=True)
    is_held = models.BooleanField(default=False, db_default=False)  # over the brand's noise budget
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "kind"],
                condition=Q(status__in=sorted(states.ALERT_LIVE)),
                name="alert_one_live",
            ),
            models.UniqueConstraint(
                fields=["source", "kind"],
                condition=Q(status__in=sorted(states.ALERT_LIVE)),
                name="alert_one_live_of_source",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(status__in=sorted(states.ALERT_LIVE), kind__in=OF_ALL, why__of_rule=False),
                name="alert_one_live_of_all",
            ),
            models.UniqueConstraint(
                fields=["story", "kind"],
                condition=Q(status__in=sorted(states.ALERT_LIVE)),
                name="alert_one_live_of_story",
            ),
            models.UniqueConstraint(
                fields=["author", "kind"],
                condition=Q(status__in=sorted(states.ALERT_LIVE)),
                name="alert_one_live_of_author",
            ),
            models.CheckConstraint(
                condition=~Q(status=states.DISMISSED) | ~Q(dismissed_reason=""), name="alert_reason_given"
            ),
        ]
        indexes = [models.Index(fields=["status", "-opened_at"], name="alert_list")]

    def __str__(self):
        return self.title

    @property
    def is_live(self) -> bool:
        return self.status in states.ALERT_LIVE

    def learn(self, more: int = 0, **why) -> None:
        """Count more, and lay figures over those that are kept: two who do so at once lose nothing.

        Not a change of state: the version stays what people read.
        """
        self.mention_count, self.why = self.mention_count + more, self.why | why
        overlaid = Overlaid(F("why"), Value(why, models.JSONField()))
        type(self).objects.filter(pk=self.pk).update(
            mention_count=F("mention_count") + more, why=overlaid, last_at=self.last_at
        )

    @property
    def heading(self) -> str:
        """What it is about, in the reader's language."""
        return explaining.heading(self)

    @property
    def name(self) -> str:
        """The title; of what is about all mentions, which nothing lends one, the heading."""
        return self.heading if explaining.is_of_all(self) else self.title

    @property
    def why_held(self) -> str:
        """Why nobody was called, in the reader's language."""
        return explaining.why_held(self)

    @property
    def because(self) -> str:
        """Why it was raised, in the reader's language."""
        return explaining.because(self)


class NoiseBudget(models.Model):
    """How many alerts a week the team is willing to look at. One row."""

    per_week = models.PositiveSmallIntegerField(_("alerts a week"), default=20)
    version = models.PositiveIntegerField(default=1)

    def __str__(self):
        return f"{self.per_week} a week"
