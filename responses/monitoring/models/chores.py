"""Work that takes long: done bit by bit, in turns with other brands'."""

from django.db import models


class Chore(models.Model):
    """A row is the guarantee that it is done; the queue only says when to go on with it."""

    class Kind(models.TextChoices):
        TAKE_IN = "take_in"  # what was read from `source` and waits in `data`
        MATCH_PAST = "match_past"  # the last month by `rule`, from the place in `data` backwards

    kind = models.CharField(max_length=10, choices=Kind)
    source = models.ForeignKey("Source", models.CASCADE, null=True, blank=True, related_name="+")
    rule = models.ForeignKey("Rule", models.CASCADE, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    turn_at = models.DateTimeField()  # the one that waited longest comes next
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["turn_at", "pk"]
        indexes = [models.Index(fields=["turn_at", "id"], name="chore_next")]
        constraints = [
            models.UniqueConstraint(
                fields=["rule"], condition=models.Q(kind="match_past"), name="chore_one_past_of_rule"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.source_id or self.rule_id}"
