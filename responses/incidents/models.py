"""A crisis case: its level, people, agreed protocol and checklist."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responses.monitoring.models import Alert

from . import states


class Severity(models.IntegerChoices):
    UNDETERMINED = 0, _("Undetermined")
    LOW = 1, _("Low")
    MODERATE = 2, _("Moderate")
    HIGH = 3, _("High")
    CRITICAL = 4, _("Critical")


class Protocol(models.Model):
    """The agreed response. What is written here changes no incident that is already running."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("when to use it"), blank=True)
    from_severity = models.PositiveSmallIntegerField(_("from level"), choices=Severity, default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-from_severity", "name"]

    def __str__(self):
        return self.name


class ProtocolStep(models.Model):
    """One line of a protocol's checklist."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("what"), max_length=200)
    role = models.CharField(_("who"), max_length=20)  # an agency.roles.Role
    due_minutes = models.PositiveIntegerField(_("minutes after opening"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["protocol", "position"], name="protocolstep_position")]

    def __str__(self):
        return self.title


class Incident(models.Model):
    """A crisis case."""

    class Status(models.TextChoices):
        OPEN = states.OPEN, _("open")
        ACKNOWLEDGED = states.ACKNOWLEDGED, _("acknowledged")
        CONTAINED = states.CONTAINED, _("contained")
        RESOLVED = states.RESOLVED, _("resolved")

    MOVES = states.INCIDENT_MOVES

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what is known"), blank=True)
    severity = models.PositiveSmallIntegerField(_("level"), choices=Severity, default=0)
    status = models.CharField(max_length=14, choices=Status, default=Status.OPEN)
    alert = models.OneToOneField(Alert, models.PROTECT, null=True, blank=True, related_name="incident")
    opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    contained_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(_("how it ended"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(severity__lte=4), name="incident_severity")]
        indexes = [models.Index(fields=["status", "-severity"], name="incident_live")]

    def __str__(self):
        return self.title

    @property
    def is_live(self):
        return self.status in states.LIVE


class Part(models.Model):
    """A person's part in an incident (lead, voice, legal, client …), kept by id and name."""

    class Function(models.TextChoices):
        LEAD = "lead", _("lead")
        VOICE = "voice", _("spokesperson")
        LEGAL = "legal", _("legal")
        CLIENT = "client", _("client contact")
        SCRIBE = "scribe", _("scribe")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="parts")
    function = models.CharField(_("part"), max_length=12, choices=Function)
    person_id = models.CharField(max_length=60)
    person_name = models.CharField(max_length=120)
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "function"], name="part_once")]

    def __str__(self):
        return f"{self.function}: {self.person_name}"


class Run(models.Model):
    """A protocol as it was when the incident opened; the protocol may change, this does not."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="run")
    protocol_name = models.CharField(max_length=120)
    protocol_version = models.PositiveIntegerField()
    copy = models.JSONField()  # the whole protocol, word for word
    started_at = models.DateTimeField()

    def __str__(self):
        return self.protocol_name


class Task(models.Model):
    """One line of a run's checklist, or one added by hand."""

    class Status(models.TextChoices):
        TODO = states.TODO, _("to do")
        DONE = states.DONE, _("done")
        SKIPPED = states.SKIPPED, _("skipped")

    MOVES = states.TASK_MOVES

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("what"), max_length=200)
    role = models.CharField(max_length=20, blank=True)
    owner_id = models.CharField(max_length=60, blank=True)
    owner_name = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.TODO)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(status=states.TODO), name="task_due")]

    def __str__(self):
        return self.title
