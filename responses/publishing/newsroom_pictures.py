"""The pictures of the newsroom: those of a statement that is out, at an address below the statement's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from responses.statements.image_models import Image, RevisionImage

from .models import NewsroomPost


@dataclass(frozen=True)
class Shown:
    """One picture as the page shows it."""

    path: str
    url: str
    media_type: str
    width: int
    height: int
    size: int
    alt: str


def attach(place, posts: Sequence[Any]) -> None:
    """Give each post its `pictures`, in order, once; the bytes are not read."""
    posts = [post for post in posts if not hasattr(post, "pictures")]
    found = rows(posts)
    for post in posts:
        mine = [row for row in found if is_of(row, post)]
        post.pictures = [shown(place, post.slug, row.image, row.alt) for row in mine]


def rows(posts: Iterable[Any]) -> list[RevisionImage]:
    revisions = {post.publication.revision_id for post in posts if post.is_illustrated}
    if not revisions:
        return []
    uses = RevisionImage.objects.filter(revision__in=revisions).select_related("image")
    return list(uses.defer("image__content").order_by("revision", "position"))


def is_of(row: RevisionImage, post: NewsroomPost) -> bool:
    publication = post.publication
    return row.revision_id == publication.revision_id and publication.channel_id not in row.left_out


def shown(place, slug: str, image: Image, alt: str) -> Shown:
    path, url = place.picture(slug, image.name)
    return Shown(path, url, image.media_type, image.width, image.height, image.size, alt)


def names(posts: Sequence[NewsroomPost]) -> list[tuple[str, Image]]:
    """(slug, picture) of all that these posts show, without the bytes."""
    found = rows(posts)
    return [(post.slug, row.image) for post in posts for row in found if is_of(row, post)]


def find(posts, slug: str, name: str) -> Image | None:
    """What stands at this address, with its bytes."""
    post = posts.filter(slug=slug).first()
    known = names([post]) if post else []
    return next((image for _slug, image in known if image.name == name), None)


def missing_below(folder: Path, posts: Sequence[NewsroomPost]) -> Iterable[tuple[Path, bytes]]:
    """(file, bytes) of the pictures that do not stand there yet; what has this name has these bytes."""
    for slug, image in names(posts):
        file = folder / slug / image.name
        if not file.exists():
            yield file, bytes(image.content)
