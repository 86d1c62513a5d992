"""The pictures of statements: each kept once, as it would go out, and which of them a revision shows."""

from django.db import models

from . import imaging
from .models import Revision


class Image(models.Model):
    """A picture drawn anew (`imaging`), named by its bytes. A trigger refuses to change it.

    It is in the brand's schema like every other word of the brand: one dump holds all, and what is sent is
    read from where the hash is taken over.
    """

    class MediaType(models.TextChoices):
        JPEG = imaging.JPEG, "JPEG"
        PNG = imaging.PNG, "PNG"

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    media_type = models.CharField(max_length=20, choices=MediaType)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    was_moving = models.BooleanField(default=False)  # only its first frame is kept
    added_by_id = models.CharField(max_length=60)
    added_by_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The last part of its address, wherever it is served: other bytes have another."""
        return f"{self.sha256}.{imaging.ENDINGS[self.media_type]}"


class RevisionImage(models.Model):
    """One picture of one revision, in its place, with its words. As immutable as its revision."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="images")
    image = models.ForeignKey(Image, models.PROTECT, related_name="uses")
    position = models.PositiveSmallIntegerField()
    alt = models.CharField(max_length=1000)  # what it shows, for those who do not see it
    left_out = models.JSONField(default=list)  # ids of the channels that go without it

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="revision_image_position"),
            models.UniqueConstraint(fields=["revision", "image"], name="revision_image_once"),
            models.CheckConstraint(condition=~models.Q(alt=""), name="revision_image_has_alt"),
        ]

    def __str__(self):
        return self.alt[:60]
