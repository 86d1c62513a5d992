"""What people say about a text: comments at a stretch of it, replies, suggestions of other words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import states
from .models import Revision, Statement, Variant


class Comment(models.Model):
    """A remark on one revision. A trigger keeps what it says; only its state moves, and nothing removes it.

    `start` and `end` count characters (code points) in the text of the variant; without them it is about the
    whole text, without a variant about the whole statement. With a `replacement` it is a suggestion.
    """

    class Audience(models.TextChoices):
        INTERNAL = "internal", _("only the agency")
        CLIENT = "client", _("the agency and the client")

    class Side(models.TextChoices):
        AGENCY = "agency", _("agency")
        CLIENT = "client", _("client")

    class Status(models.TextChoices):
        OPEN = states.OPEN, _("open")
        RESOLVED = states.RESOLVED, _("resolved")
        APPLIED = states.APPLIED, _("applied")
        DECLINED = states.DECLINED, _("declined")

    MOVES = states.COMMENT_MOVES

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="comments")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments")  # what its writer read
    variant = models.ForeignKey(Variant, models.PROTECT, null=True, blank=True, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(blank=True)
    text = models.TextField(blank=True)
    replacement = models.TextField(null=True, blank=True)  # noqa: DJ001  (empty: "leave these words out")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.INTERNAL)
    side = models.CharField(max_length=8, choices=Side)  # whose seat its writer had
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    via = models.CharField(max_length=12)
    written_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    moved_by_id = models.CharField(max_length=60, blank=True)  # who last resolved it, reopened it …
    moved_by_name = models.CharField(max_length=120, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was declined
    applied_in = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="suggestions_applied"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [
            models.Index(fields=["statement", "status"], name="comment_of_statement"),
            models.Index(
                fields=["written_at"],
                condition=Q(status=states.OPEN, audience="client"),
                name="comment_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None, end=None, quote="")
                | Q(start__isnull=False, end__gt=models.F("start"), variant__isnull=False) & ~Q(quote=""),
                name="comment_place_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(replacement=None) & ~Q(text="")
                | Q(replacement__isnull=False, start__isnull=False) & ~Q(status=states.RESOLVED),
                name="comment_says_or_suggests",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[states.APPLIED, states.DECLINED]) | Q(replacement__isnull=False),
                name="comment_only_suggestions_decided",
            ),
            models.CheckConstraint(
                condition=Q(status=states.APPLIED, applied_in__isnull=False)
                | ~Q(status=states.APPLIED) & Q(applied_in=None),
                name="comment_applied_in_revision",
            ),
            models.CheckConstraint(
                condition=Q(side="agency") | Q(audience="client"), name="comment_of_client_seen_by_client"
            ),
        ]

    def __str__(self):
        return self.text[:60] or self.quote[:60]

    @property
    def is_internal(self) -> bool:
        return self.audience == self.Audience.INTERNAL

    @property
    def is_suggestion(self) -> bool:
        return self.replacement is not None


class Reply(models.Model):
    """An answer to a comment; who may read the comment reads it. As unchangeable as a decision."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="replies")
    text = models.TextField()
    side = models.CharField(max_length=8, choices=Comment.Side)
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    via = models.CharField(max_length=12)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]
        verbose_name_plural = "replies"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reply_says_something")]

    def __str__(self):
        return self.text[:60]


def co_writers(statement_ids: list[int]):
    """(statement, person) of each suggestion that was taken over: its words are theirs, they wrote part."""
    applied = Comment.objects.filter(statement__in=statement_ids, status=states.APPLIED)
    return applied.values_list("statement_id", "by_id")
