"""What a writer has typed and not saved, so that a closed lid loses nothing."""

from django.db import models
from django.db.models import Q

from .models import Statement


class WorkingCopy(models.Model):
    """One person's text on one statement, or on each kind not begun yet. No revision: nobody approves it."""

    statement = models.ForeignKey(
        Statement, models.CASCADE, null=True, blank=True, related_name="working_copies"
    )
    person_id = models.CharField(max_length=60)
    person_name = models.CharField(max_length=120)
    slot = models.CharField(max_length=100, default="", blank=True)  # of one not begun: what it is to be
    base = models.PositiveIntegerField(default=0)  # the revision it was begun from
    fields = models.JSONField(default=dict)  # as the form holds them
    changed_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the editor was open then

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "person_id"], name="working_copy_once"),
            models.UniqueConstraint(
                fields=["person_id", "slot"], condition=Q(statement=None), name="working_copy_new_once"
            ),
        ]
        verbose_name_plural = "working copies"

    def __str__(self):
        return f"{self.person_name} on {self.statement_id}"
