"""Pictures for tests: drawn here, with everything in them that must not go out."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from responses.statements import illustrating

CANARY = b"CANARY-14.5995N-120.9842E"  # where it was taken
PROGRAM = b"<script>alert('CANARY')</script>"
ALT = "Two ferries at the pier of Batangas, one with its ramp down."


def picture(width=640, height=480, mode="RGB", colour="#2a6f97") -> Image.Image:
    drawn = Image.new(mode, (width, height), colour)
    pen = ImageDraw.Draw(drawn)
    for step in range(0, width, 40):
        pen.line([(step, 0), (width - step, height)], fill="#f4a259", width=3)
    return drawn


@lru_cache
def photograph(width=640, height=480, orientation=1) -> bytes:
    """A JPEG as a telephone makes it: place, maker, a comment, a preview; and something behind its end."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = CANARY.decode()
    exif[0x010F] = "CANARY phone"
    exif.get_ifd(0x8825)[0x001B] = CANARY
    exif.get_ifd(0x8825)[0x0001] = "N"
    out = io.BytesIO()
    grain = Image.effect_noise((width, height), 60).convert("RGB")
    Image.blend(picture(width, height), grain, 0.4).save(out, "JPEG", exif=exif, comment=CANARY, quality=90)
    return out.getvalue() + PROGRAM


def as_file(drawn: Image.Image, format="PNG", **how) -> bytes:
    out = io.BytesIO()
    drawn.save(out, format, **how)
    return out.getvalue()


def added(by, now, raw: bytes | None = None):
    return illustrating.add_image(raw or photograph(), by=by, now=now)


def given(*images, alt=ALT, left_out=()) -> list[dict]:
    return [{"image": each.pk, "alt": alt, "left_out": list(left_out)} for each in images]
