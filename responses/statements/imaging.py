"""A picture as somebody hands it in, made into one of ours: drawn anew, so that nothing else comes along.

What comes out holds the picture and nothing else: no EXIF, no place where it was taken, no comment, no colour
profile, nothing hidden behind the end of the file. It is one file for every channel, small enough for the
strictest of them, so that what people approve is to the byte what each channel is given.
"""

import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from responses.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024  # of the file as it is handed in
MOST_PIXELS = 50_000_000  # what a telephone takes; more is unpacked only by those who mean harm
LONGEST_SIDE = 2048
MOST_BYTES_OUT = 950_000  # Bluesky takes a million
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITIES = (88, 80, 72, 64)
JPEG, PNG = "image/jpeg", "image/png"
ENDINGS = {JPEG: "jpg", PNG: "png"}
HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
WHITE = (255, 255, 255)
DAMAGE = (OSError, SyntaxError, ValueError, EOFError)


@dataclass(frozen=True)
class Picture:
    """One of ours. `was_moving`: only the first frame of what was handed in is kept."""

    content: bytes
    media_type: str
    width: int
    height: int
    was_moving: bool = False


def reencoded(raw: bytes) -> Picture:
    """The picture drawn anew; raises Invalid in words for what is none, or is too large."""
    if len(raw) > MOST_BYTES:
        words = _("This file is too large: a picture may have %(most)s MB.")
        raise Invalid(words % {"most": MOST_BYTES // 2**20}, field="file")
    refuse_known(raw)
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            refuse_bomb(*opened.size)
            was_moving = getattr(opened, "n_frames", 1) > 1
            content, media_type, size = packed(upright(opened))
    except Image.DecompressionBombError:
        raise too_large() from None
    except UnidentifiedImageError:
        words = _("This is not a picture that can be used. Take a JPEG, PNG, WebP or GIF.")
        raise Invalid(words, field="file") from None
    except DAMAGE:
        raise Invalid(_("This picture is damaged: it could not be read to its end."), field="file") from None
    return Picture(content, media_type, *size, was_moving)


def known(media_type: str) -> str:
    """What a browser is told it is: one of ours, whatever a row says."""
    return media_type if media_type in ENDINGS else "application/octet-stream"


def refuse_known(raw: bytes) -> None:
    """What people hand in in good faith and no channel takes, each with what to do instead."""
    if not raw:
        raise Invalid(_("Choose a picture."), field="file")
    if raw[4:8] == b"ftyp" and raw[8:12] in HEIC:
        words = _(
            "This is a HEIC or AVIF picture, as newer phones make them. Save or share it as JPEG first."
        )
        raise Invalid(words, field="file")
    start = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        raise Invalid(
            _("This is an SVG drawing, which may hold programs. Save it as PNG first."), field="file"
        )


def refuse_bomb(width: int, height: int) -> None:
    """Before anything is unpacked: a small file may say that it is as large as a house."""
    if width * height > MOST_PIXELS:
        raise too_large()


def too_large() -> Invalid:
    words = _("This picture is too large: %(most)s million pixels is the most. Make it smaller first.")
    return Invalid(words % {"most": MOST_PIXELS // 1_000_000}, field="file")


def upright(opened: Image.Image) -> Image.Image:
    """The first frame as it is seen: turned as the camera says, in everybody's colours, not too large."""
    if opened.format == "JPEG":
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # unpacks no more than is kept
    opened.seek(0)
    seen = ImageOps.exif_transpose(opened)
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return bare(in_common_colours(seen, opened.info.get("icc_profile")))


def in_common_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """sRGB, grey or not, with its transparency; what has a profile of its own is translated, not cut off."""
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            common = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, common, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile nobody can read: the colours as they are written
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return image if min(image.getchannel("A").tobytes()) < 255 else image.convert("RGB")
    return image if image.mode in {"RGB", "L"} else image.convert("RGB")


def bare(image: Image.Image) -> Image.Image:
    """The pixels in a new picture, which remembers nothing of the old one."""
    return Image.frombytes(image.mode, image.size, image.tobytes())


def packed(image: Image.Image) -> tuple[bytes, str, tuple[int, int]]:
    """What was drawn stays sharp as PNG where that is small; a photograph is JPEG; smaller until it fits."""
    if image.mode == "RGBA" or len(image.getcolors(4096) or range(4097)) <= 4096:
        content = written(image, "PNG", optimize=True)
        if len(content) <= MOST_BYTES_OUT:
            return content, PNG, image.size
    if image.mode == "RGBA":
        below = Image.new("RGB", image.size, WHITE)
        below.paste(image, mask=image.getchannel("A"))
        image = below
    for quality in QUALITIES:
        content = written(image, "JPEG", quality=quality, optimize=True, progressive=True)
        if len(content) <= MOST_BYTES_OUT:
            return content, JPEG, image.size
    width, height = (max(1, side * 3 // 4) for side in image.size)
    return packed(image.resize((width, height), Image.Resampling.LANCZOS))


def written(image: Image.Image, format: str, **how) -> bytes:
    out = io.BytesIO()
    image.save(out, format=format, **how)
    return out.getvalue()
