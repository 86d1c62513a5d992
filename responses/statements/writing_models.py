"""What helps a writer: templates, what may be said, the brand's rules of writing, and who overruled one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responses.incidents.models import Incident

from .models import Revision, Statement


class StatementTemplate(models.Model):
    """A wording to start from, with {variables} that are filled from the incident."""

    name = models.CharField(_("name"), max_length=120)
    type = models.CharField(_("type"), max_length=12, choices=Statement.Type)
    language = models.CharField(_("language"), max_length=8, default="en")
    body = models.TextField(_("text"))
    short = models.TextField(_("text for short channels"), blank=True)
    # The same in the other language, for a statement in both.
    also_body = models.TextField(_("text in the other language"), blank=True, db_default="")
    also_short = models.TextField(_("short text in the other language"), blank=True, db_default="")
    is_active = models.BooleanField(_("in use"), default=True)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["type", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["name", "language"], name="statementtemplate_name")]

    def __str__(self):
        return self.name


class TalkingPoint(models.Model):
    """A fact, a key message or a name to keep out: of an incident, or without one of the brand."""

    class Kind(models.TextChoices):
        FACT = "fact", _("confirmed fact")
        MESSAGE = "message", _("key message")
        NAME = "name", _("name to keep out")

    incident = models.ForeignKey(Incident, models.CASCADE, null=True, blank=True, related_name="points")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("words"), max_length=500)
    origin = models.CharField(_("who confirmed it"), max_length=200, blank=True)
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "pk"]
        indexes = [models.Index(fields=["incident", "kind"], name="point_of_incident")]

    def __str__(self):
        return self.text


class LintRule(models.Model):
    """A rule of the brand's own, or a shipped one that the brand turned off."""

    class Kind(models.TextChoices):
        DO_NOT_SAY = "do_not_say", _("do not say")
        MUST_SAY = "must_say", _("always say")
        OFF = "off", _("turned off")

    class Severity(models.TextChoices):
        MUST = "must", _("must be solved")
        WARNING = "warning", _("warning")
        HINT = "hint", _("hint")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    shipped = models.CharField(max_length=40, blank=True)  # of kind off: the name of the rule
    phrases = models.JSONField(default=list)  # words, phrases and wildcards: linting/phrases.py
    types = models.JSONField(default=list)  # the statement's types; empty for all
    language = models.CharField(_("language"), max_length=8, blank=True)  # empty for all
    severity = models.CharField(_("how serious"), max_length=8, choices=Severity, default=Severity.WARNING)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipped"], condition=Q(kind="off"), name="lintrule_off_once"),
            models.CheckConstraint(condition=~Q(kind="off") | ~Q(shipped=""), name="lintrule_off_names_one"),
        ]

    def __str__(self):
        return self.shipped or ", ".join(self.phrases)


class Overruling(models.Model):
    """A person let a finding stand, with a reason. It holds for the same rule and the very same passage."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="overrulings")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")  # on which it was decided
    mark = models.CharField(max_length=64)  # linting.Finding.mark: over rule and passage
    rule = models.CharField(max_length=60)
    severity = models.CharField(max_length=8)
    passage = models.TextField(blank=True)
    reason = models.CharField(max_length=300)
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    overruled_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True, blank=True)
    restored_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["overruled_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "mark"], condition=Q(restored_at=None), name="overruling_stands_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="overruling_says_why"),
        ]

    def __str__(self):
        return f"{self.rule}: {self.reason}"


class LinkCheck(models.Model):
    """Whether an address in a text can be reached; asked in the background, read while somebody types."""

    digest = models.CharField(max_length=64, unique=True)  # of the address, which may be long
    address = models.TextField()
    problem = models.CharField(max_length=300, blank=True)  # why not, in English; empty when it can
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.address
