"""A picture is drawn anew: what is seen stays, everything else is gone, and what is none is told kindly."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from responses.errors import Invalid
from responses.statements import alt_lint, imaging

from .drawing import CANARY, as_file, photograph, picture


def opened(made) -> Image.Image:
    return Image.open(io.BytesIO(made.content))


def test_nothing_but_the_picture_is_left():
    raw = photograph()
    assert raw.count(b"CANARY") >= 4
    made = imaging.reencoded(raw)
    assert b"CANARY" not in made.content and b"<script" not in made.content and b"Exif" not in made.content
    assert (made.media_type, made.width, made.height) == ("image/jpeg", 640, 480)
    assert not opened(made).info.keys() & {"exif", "comment", "icc_profile", "dpi", "xmp"}


def test_text_and_profile_of_a_png_are_gone_too():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", CANARY.decode(), zip=False)
    told.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = imaging.reencoded(as_file(picture(), pnginfo=told, icc_profile=profile, dpi=(72, 72)))
    assert made.media_type == "image/png"
    kinds = set()
    at = 8
    while at < len(made.content):
        size, kind = struct.unpack(">I4s", made.content[at : at + 8])
        kinds.add(kind)
        at += size + 12
    assert kinds == {b"IHDR", b"IDAT", b"IEND"}


def test_it_stands_upright_as_the_camera_says():
    made = imaging.reencoded(photograph(640, 480, orientation=6))
    assert (made.width, made.height) == (480, 640)


def test_a_large_one_becomes_smaller_and_always_fits():
    made = imaging.reencoded(photograph(4200, 3000))
    assert max(made.width, made.height) <= imaging.LONGEST_SIDE
    assert len(made.content) <= imaging.MOST_BYTES_OUT < 1_000_000
    grain = as_file(Image.effect_noise((2000, 2000), 120).convert("RGB"))
    assert len(imaging.reencoded(grain).content) <= imaging.MOST_BYTES_OUT


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_every_kind_of_colour_is_read(mode, format):
    made = imaging.reencoded(as_file(Image.new(mode, (30, 20)), format))
    assert (made.width, made.height) == (30, 20)
    assert opened(made).mode in {"RGB", "RGBA", "L"}


def test_what_can_be_seen_through_stays_so():
    made = imaging.reencoded(as_file(Image.new("RGBA", (60, 40), (200, 0, 0, 90))))
    assert opened(made).getpixel((5, 5)) == (200, 0, 0, 90)


def test_of_a_moving_one_the_first_frame_is_kept_and_that_is_said():
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    made = imaging.reencoded(as_file(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert made.was_moving
    assert opened(made).convert("RGB").getpixel((3, 3)) == (255, 0, 0)
    assert not imaging.reencoded(photograph()).was_moving


def bomb(side: int) -> bytes:
    """A PNG of a few hundred bytes that says it has so many pixels on a side."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "Choose a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "HEIC"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1", "AVIF"),
        (b"%PDF-1.7 no picture", "not a picture"),
        (b"GIF89a", "damaged|not a picture"),
        (photograph()[:3000], "damaged"),
        (as_file(picture(), "PNG")[:200], "damaged"),
        (as_file(picture(), "TIFF"), "not a picture"),
        (bomb(8000), "too large"),
        (bomb(60_000), "too large"),
        (b"\0" * (imaging.MOST_BYTES + 1), "too large"),
    ],
    ids=[
        "empty",
        "svg",
        "xml",
        "heic",
        "avif",
        "pdf",
        "gif",
        "cut jpeg",
        "cut png",
        "tiff",
        "bomb",
        "huge",
        "bytes",
    ],
)
def test_what_is_no_picture_is_told_in_words(raw, words):
    with pytest.raises(Invalid, match=words) as caught:
        imaging.reencoded(raw)
    assert caught.value.field == "file"


@pytest.mark.parametrize(
    ("alt", "words"),
    [
        ("Image of a ferry at the pier", "image of"),
        ("Larawan ng barko sa pantalan", "image of"),
        ("IMG_2034.jpg", "file"),
        ("DSC 0042", "file"),
        ("Ferry", "short"),
        ("A ferry at the pier. " * 30, "long"),
        ("The map at https://isla.example/map", "link"),
    ],
)
def test_words_that_do_not_help_are_hinted_at(alt, words):
    assert any(words in hint for hint in alt_lint.hints(alt))


@pytest.mark.parametrize(
    "alt", ["", "Two ferries at the pier of Batangas.", "Imahe ng barko", "Photographers wait on the pier."]
)
def test_good_words_are_left_alone(alt):
    assert alt_lint.hints(alt) == []
