"""Who must approve what, as the brand agreed it beforehand, and who stands in for whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from responses.incidents.models import Severity


class ReviewPolicy(models.Model):
    """Ordered steps for a kind of statement. A review copies them when it begins: see policies.py."""

    class SecondFactor(models.TextChoices):
        SERIOUS = "serious", _("at High and Critical")
        ALWAYS = "always", _("always")

    name = models.CharField(_("name"), max_length=120, unique=True)
    types = models.JSONField(default=list)  # of the statement; empty for all
    from_severity = models.PositiveSmallIntegerField(_("from level"), choices=Severity, default=0)
    channels = models.JSONField(default=list)  # kinds, of which the text is for one at least; empty for all
    second_factor = models.CharField(
        _("second factor"), max_length=10, choices=SecondFactor, default=SecondFactor.SERIOUS
    )
    # [{groups: [{function, mode, need, people: [{id, name}]}], minutes: {level: n}, silence_minutes}]
    steps = models.JSONField(default=list)
    is_active = models.BooleanField(_("in use"), default=True)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-is_active", "-from_severity", "name"]
        constraints = [models.CheckConstraint(condition=~Q(steps=[]), name="policy_has_steps")]
        verbose_name_plural = "review policies"

    def __str__(self):
        return self.name


class Deputy(models.Model):
    """Who decides in a person's function while they are away, or when they do not answer in time."""

    person_id = models.CharField(max_length=60, unique=True)
    person_name = models.CharField(max_length=120)
    deputy_id = models.CharField(max_length=60)
    deputy_name = models.CharField(max_length=120)
    away_from_at = models.DateTimeField(null=True, blank=True)
    away_until_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["person_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(person_id=F("deputy_id")), name="deputy_is_another"),
            models.CheckConstraint(
                condition=Q(away_from_at=None, away_until_at=None)
                | Q(away_from_at__lt=F("away_until_at"), away_from_at__isnull=False),
                name="deputy_away_has_an_end",
            ),
        ]
        verbose_name_plural = "deputies"

    def __str__(self):
        return f"{self.deputy_name} for {self.person_name}"

    def is_away(self, now) -> bool:
        return self.away_from_at is not None and self.away_from_at <= now < self.away_until_at
