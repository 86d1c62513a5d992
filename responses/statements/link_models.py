"""The links of letters, through which one person decides one step of one revision."""

from django.db import models

from .models import Step


class ApprovalLink(models.Model):
    """A letter's link that lets one person decide one step of one revision. Only the token's hash is kept."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="links")
    person_id = models.CharField(max_length=60)
    person_name = models.CharField(max_length=120)
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "person_id"], name="link_once_per_person")]

    def __str__(self):
        return f"link for {self.email}"
