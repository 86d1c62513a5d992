"""Break-glass: a stand-by text that was approved in calm, let out at Critical by two named people."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responses.incidents.models import Incident

from . import states
from .models import Revision, Statement, Step


class GlassRule(models.Model):
    """Whether the brand allows it, and who may. There is one row or none; none is no."""

    only = models.BooleanField(default=True, unique=True)
    is_on = models.BooleanField(_("allowed"), default=False)
    people = models.JSONField(default=list)  # [{id, name}]
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="glassrule_one")]

    def __str__(self):
        return "on" if self.is_on else "off"


class Glass(models.Model):
    """One time that it was asked for: of exactly one text, for exactly one incident."""

    class Status(models.TextChoices):
        ASKED = states.ASKED, _("one of two has asked")
        LAPSED = states.LAPSED, _("nobody came second in time")
        BROKEN = states.BROKEN, _("out, and to be approved afterwards")
        UPHELD = states.UPHELD, _("approved afterwards")
        REGRETTED = states.REGRETTED, _("not approved afterwards")

    MOVES = states.GLASS_MOVES

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="glasses")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="glasses")
    revision_hash = models.CharField(max_length=64)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="glasses")
    status = models.CharField(max_length=12, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField()
    broken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name_plural = "glasses"
        constraints = [
            models.UniqueConstraint(
                fields=["statement"], condition=~Q(status=states.LAPSED), name="glass_once_per_statement"
            )
        ]

    def __str__(self):
        return f"{self.statement}: {self.status}"


class GlassWord(models.Model):
    """What one person said: let it out, or afterwards whether that was right. Never changed."""

    class Purpose(models.TextChoices):
        BREAK = "break", _("let it out")
        UPHOLD = "uphold", _("approved it afterwards")
        REGRET = "regret", _("did not approve it afterwards")

    glass = models.ForeignKey(Glass, models.PROTECT, related_name="words")
    person_id = models.CharField(max_length=60)
    person_name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=8, choices=Purpose)
    function = models.CharField(max_length=12, choices=Step.Function, blank=True)  # afterwards: for whom
    reason = models.TextField(blank=True)
    revision_hash = models.CharField(max_length=64)
    via = models.CharField(max_length=12)
    strength = models.CharField(max_length=12)
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["glass", "person_id"], name="glassword_once_per_person"),
            models.CheckConstraint(condition=Q(purpose="uphold") | ~Q(reason=""), name="glassword_says_why"),
        ]

    def __str__(self):
        return f"{self.person_name}: {self.purpose}"
