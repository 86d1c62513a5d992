"""The fingerprint of a revision: what people approve, and what release compares before it speaks."""

import hashlib
import json
from collections.abc import Sequence

WITH_IMAGES = 2  # the form of the content that names pictures; without any it has no number, as ever

TWO_LANGUAGES = 2  # the spelling of a revision in more than one; that in one is as it always was


def content(revision) -> dict:
    """Everything of a revision that the public could see, as the database has it now."""
    by_language: dict[str, list] = {revision.language: []}
    for variant in revision.variants.select_related("channel"):
        row = (variant.channel_id, variant.channel.kind, variant.text)
        by_language.setdefault(variant.language, []).append(row)
    first = by_language.pop(revision.language)
    others = sorted({*by_language, *revision.titles})
    also = [(code, revision.titles.get(code, ""), by_language.get(code, [])) for code in others]
    about = revision.statement.about_id
    told = (revision.statement_id, revision.number, revision.title, revision.language, first, about)
    return content_of(*told, also=also, images=images_of(revision))


def content_of(
    statement_id, number, title, language, texts, about=None, also=(), images: Sequence[dict] = ()
) -> dict:
    """`texts` are (channel id, kind, text), kept by channel id: a channel's place on a page may change.

    `about` is the id of the statement this one corrects, updates or retracts: the public sees that too.
    `also` are the versions in other languages, (language, title, texts); `images` are as `image_of` tells
    them, in their order. Without either the content is spelled as it was before there were any, so the hash
    of what was approved then is the same for ever.
    """
    more = {"about": about} if about else {}
    more |= {"spelling": TWO_LANGUAGES, "also": [version(*each) for each in also]} if also else {}
    more |= {"form": WITH_IMAGES, "images": list(images)} if images else {}
    return more | {
        "statement": statement_id,
        "revision": number,
        "title": title,
        "language": language,
        "variants": rows(texts),
    }


def version(language, title, texts) -> dict:
    return {"language": language, "title": title, "variants": rows(texts)}


def rows(texts) -> list[list]:
    return sorted([channel, kind, text] for channel, kind, text in texts)


def images_of(revision) -> list[dict]:
    """The pictures with the hash of the bytes that are kept, not the one that is written beside them."""
    return [image_of(each.image, each.alt, each.left_out) for each in revision.images.select_related("image")]


def image_of(image, alt: str, left_out: Sequence[int]) -> dict:
    return {
        "sha256": hashlib.sha256(image.content).hexdigest(),
        "media_type": image.media_type,
        "width": image.width,
        "height": image.height,
        "alt": alt,
        "left_out": sorted(left_out),
    }


def digest(content: dict) -> str:
    line = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(line.encode()).hexdigest()


def hash_of(revision) -> str:
    """The hash taken anew from the rows; equal to `revision.hash` unless somebody wrote around Tugon."""
    return digest(content(revision))
