"""Pictures, out and in."""

from django.core.files.base import ContentFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1 import ids
from responses.statements import illustrating
from responses.statements.image_models import Image

from .base import Given, PersonShown, Shown, ref
from .fields import Id, Text


class ImageShown(Shown):
    id = ref("img")
    added_by = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields = [
            "id", "sha256", "media_type", "width", "height", "size", "was_moving", "added_by", "added_at",
        ]  # fmt: skip

    @extend_schema_field(PersonShown)
    def get_added_by(self, image):
        return {"id": ids.of_actor(image.added_by_id), "name": image.added_by_name}


@extend_schema_field({"type": "string", "format": "binary"})
class Upload(serializers.FileField):
    # Some clients name no file: what they send is taken as it is.

    def to_internal_value(self, data):
        if isinstance(data, str):
            data = ContentFile(data.encode(errors="surrogateescape"), name="file")
        return super().to_internal_value(data)


class ImageGiven(Given):
    """JPEG, PNG, WebP or GIF."""

    file = Upload(allow_empty_file=True)  # that it holds no picture is for the deed to say


class IllustrationGiven(Given):
    """A picture in its place. `alt` says what it shows; it goes out with it."""

    image = Id("img")
    alt = Text(max_length=illustrating.LONGEST_ALT)
    left_out = serializers.ListField(
        child=Id("chn"), required=False, max_length=20, help_text="The channels that go without it."
    )


class IllustrationShown(serializers.Serializer):
    image = Id("img", source="image_id")
    sha256 = serializers.CharField(source="image.sha256")
    alt = serializers.CharField()
    left_out = serializers.ListField(child=Id("chn"))
