"""Somebody read both versions and said that the one which was not changed is still right."""

from django.db import models
from django.db.models import Q

from .models import Revision, Statement


class StillRight(models.Model):
    """It holds for this revision and the wordings in it: the next change to the other version asks again."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="still_right")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="still_right")
    language = models.CharField(max_length=8)  # of the version that was not changed
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "language"], name="still_right_once"),
            models.CheckConstraint(condition=~Q(language=""), name="still_right_of_a_language"),
        ]

    def __str__(self):
        return f"{self.language} of {self.revision_id}, {self.by_name}"
