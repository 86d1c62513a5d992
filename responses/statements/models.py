"""What the brand says: statements, their immutable revisions, and people's approval of one revision."""

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from responses.core.secrets import SecretField
from responses.incidents.models import Incident

from . import states


class Channel(models.Model):
    """Where the brand may speak. The adapter that speaks lives in publishing/channels/<kind>.py."""

    class Kind(models.TextChoices):
        NEWSROOM = "newsroom", _("newsroom")
        BLUESKY = "bluesky", _("Bluesky")
        MASTODON = "mastodon", _("Mastodon")
        X = "x", _("X")
        FACEBOOK = "facebook", _("Facebook page")
        LINKEDIN = "linkedin", _("LinkedIn page")
        THREADS = "threads", _("Threads")
        TELEGRAM = "telegram", _("Telegram channel")
        SLACK = "slack", _("Slack")
        WORDPRESS = "wordpress", _("WordPress site")
        WEBHOOK = "webhook", _("webhook")
        EMAIL = "email", _("e-mail to subscribers")

    class Speaks(models.TextChoices):
        ENGLISH = "en", _("English")
        FILIPINO = "fil", _("Filipino")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=120, unique=True)
    config = models.JSONField(default=dict)  # what is no secret: service, handle …
    secret = SecretField(blank=True)  # passwords and tokens by name, as JSON, encrypted for this brand
    # Empty: every language a statement is in, or where only one text fits, its first: see `tongues`.
    speaks = models.CharField(_("languages"), max_length=8, choices=Speaks, blank=True, db_default="")
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True, db_default="")  # what a person must mend, in words
    troubled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="newsroom"), name="channel_one_newsroom"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="email"), name="channel_one_email"),
        ]

    def __str__(self):
        return self.name


class Statement(models.Model):
    """What the brand says in public, from first draft to published."""

    class Type(models.TextChoices):
        HOLDING = "holding", _("holding statement")
        FULL = "full", _("full statement")
        UPDATE = "update", _("update")
        APOLOGY = "apology", _("apology")
        CORRECTION = "correction", _("correction")
        DENIAL = "denial", _("denial")
        RESOLUTION = "resolution", _("resolution")
        NOTICE = "notice", _("customer notice")
        MEMO = "memo", _("staff memo")
        QA = "qa", _("questions and answers")
        RETRACTION = "retraction", _("retraction")

    class Status(models.TextChoices):
        DRAFT = states.DRAFT, _("draft")
        IN_REVIEW = states.IN_REVIEW, _("in review")
        CHANGES_REQUESTED = states.CHANGES_REQUESTED, _("changes requested")
        APPROVED = states.APPROVED, _("approved")
        PUBLISHED = states.PUBLISHED, _("published")
        WITHDRAWN = states.WITHDRAWN, _("withdrawn")

    MOVES = states.STATEMENT_MOVES

    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="statements")
    # The published one that this corrects, updates or retracts: said once, when it is begun.
    about = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    type = models.CharField(_("type"), max_length=12, choices=Type, default=Type.HOLDING)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    title = models.CharField(_("title"), max_length=200)  # as in the latest revision
    due_at = models.DateTimeField(null=True, blank=True)
    release_on_approval = models.BooleanField(_("publish as soon as the client approves"), default=True)
    # Approved in calm for a day that may come: it goes out by breaking the glass and no other way.
    stands_by = models.BooleanField(_("stands by"), default=False, db_default=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["status", "due_at"], name="statement_waiting")]

    def __str__(self):
        return self.title

    @property
    def latest(self):
        return self.revisions.order_by("-number").first()


class Revision(models.Model):
    """One immutable wording of a statement. A trigger refuses to change or remove it."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en")  # the first; a second one has its title below
    titles = models.JSONField(default=dict, blank=True)  # {language: title} of the versions beside the first
    author_id = models.CharField(max_length=60)
    author_name = models.CharField(max_length=120)
    written_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)  # why this revision
    hash = models.CharField(max_length=64)  # over the canonical content: responses.statements.hashing

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["statement", "number"], name="revision_number")]

    def __str__(self):
        return f"{self.title}, revision {self.number}"

    @property
    def languages(self) -> list[str]:
        """The first one first."""
        return [self.language, *sorted(self.titles)]

    def title_in(self, language: str) -> str:
        return self.titles.get(language, self.title)


class Variant(models.Model):
    """The text of one revision for one channel in one language. As immutable as its revision."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="variants")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    text = models.TextField()

    class Meta:
        ordering = ["channel__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "channel", "language"], name="variant_once"),
            models.CheckConstraint(condition=~Q(language=""), name="variant_has_language"),
        ]

    def __str__(self):
        return self.text[:60]


class Review(models.Model):
    """The approval of one revision: ordered steps, each with decisions."""

    class Status(models.TextChoices):
        RUNNING = states.RUNNING, _("in review")
        PASSED = states.PASSED, _("approved")
        RETURNED = states.RETURNED, _("changes requested")
        VOIDED = states.VOIDED, _("void: the text was edited")

    MOVES = states.REVIEW_MOVES

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="review")
    status = models.CharField(max_length=12, choices=Status, default=Status.RUNNING)
    submitted_by_id = models.CharField(max_length=60)
    submitted_by_name = models.CharField(max_length=120)
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # The policy as it was when this was sent; its steps are copied whole into Step, so it may change or go.
    policy_name = models.CharField(max_length=120, blank=True, db_default="")
    policy_version = models.PositiveIntegerField(null=True, blank=True)
    second_factor = models.BooleanField(default=False, db_default=False)  # at every level, not only the high
    version = models.PositiveIntegerField(default=1)

    def __str__(self):
        return f"review of {self.revision}"


def asks_client() -> Q:
    """Of steps: the client is asked, alone or together with others."""
    return Q(function=Step.Function.CLIENT) | Q(groups__contains=[{"function": Step.Function.CLIENT}])


class Step(models.Model):
    """One stage of a review: who must decide, by when."""

    class Function(models.TextChoices):
        AGENCY = "agency", _("agency lead")
        LEGAL = "legal", _("legal")
        CRISIS = "crisis", _("crisis lead")
        VOICE = "voice", _("spokesperson")
        NAMED = "named", _("named people")
        CLIENT = "client", _("client")

    class Status(models.TextChoices):
        WAITING = states.WAITING, _("not yet its turn")
        ACTIVE = states.ACTIVE, _("waiting for a decision")
        PASSED = states.STEP_PASSED, _("approved")
        RETURNED = states.STEP_RETURNED, _("changes requested")
        CANCELLED = states.CANCELLED, _("cancelled")

    MOVES = states.STEP_MOVES

    review = models.ForeignKey(Review, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    function = models.CharField(max_length=12, choices=Function)  # of the first group
    # Copied from the policy and never changed: each {function, mode, need, people}; see groups.py.
    groups = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    minutes = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))  # to decide, by level
    silence_minutes = models.PositiveIntegerField(null=True, blank=True)  # passes when nobody objects so long
    status = models.CharField(max_length=12, choices=Status, default=Status.WAITING)
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    deputies_called_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="step_position"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(status=states.ACTIVE), name="step_one_active"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(status=states.ACTIVE), name="step_due")]

    def __str__(self):
        return f"{self.function} of {self.review_id}"


class Decision(models.Model):
    """What one person decided about one revision. Written once."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("asked for changes")
        SILENCE = "silence", _("nobody objected in time")  # Tugon's own, of a step that passes by time

    # Empty in rows from before policies. Here so that the database itself refuses a second word in a review.
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="decisions")
    step = models.ForeignKey(Step, models.PROTECT, related_name="decisions")
    person_id = models.CharField(max_length=60)
    person_name = models.CharField(max_length=120)
    function = models.CharField(max_length=12, choices=Step.Function, blank=True, db_default="")  # for which
    for_id = models.CharField(max_length=60, blank=True, db_default="")  # whose deputy this person was
    for_name = models.CharField(max_length=120, blank=True, db_default="")
    verdict = models.CharField(max_length=10, choices=Verdict)
    comment = models.TextField(blank=True)
    revision_hash = models.CharField(max_length=64)  # what they had before their eyes
    via = models.CharField(max_length=12)
    strength = models.CharField(max_length=12)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.UniqueConstraint(fields=["step", "person_id"], name="decision_once"),
            models.UniqueConstraint(
                fields=["review", "person_id"],
                condition=Q(review__isnull=False) & ~Q(verdict="silence"),
                name="decision_once_per_review",
            ),
            models.UniqueConstraint(
                fields=["step", "for_id"], condition=~Q(for_id=""), name="decision_one_deputy"
            ),
            models.CheckConstraint(
                condition=Q(for_id="") | ~Q(for_id=models.F("person_id")), name="decision_deputy_is_another"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="changes") | ~Q(comment=""), name="decision_changes_say_which"
            ),
        ]

    def __str__(self):
        return f"{self.person_name}: {self.verdict}"

    @property
    def as_function(self) -> str:
        """In which function they decided; rows from before policies have the step's."""
        return self.function or self.step.function
