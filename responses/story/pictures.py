"""The pictures of the story, drawn here: everything in it is invented."""

import io

from PIL import Image, ImageDraw

from responses.statements import illustrating

SIZE = (1280, 720)
SKY, SEA, DEEP, SUN = "#cfe8f3", "#2f7ea3", "#1f5f80", "#f9d56e"
HULL, WHITE, DECK, RED, PIER = "#f6f7f4", "#ffffff", "#dfe5e2", "#c8553d", "#8a7560"
ALT = {
    "isla-booking": (
        "Drawing of a white ferry with a red stripe and two decks, lying at a wooden pier under a clear sky; "
        "its ramp is down."
    ),
}


def of(key: str, *, by, now) -> list[dict]:
    """What a paper of the story shows, handed in by its writer."""
    if key not in ALT:
        return []
    image = illustrating.add_image(ferry(), by=by, now=now)
    return [{"image": image.pk, "alt": ALT[key]}]


def ferry() -> bytes:
    drawn = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((1010, 70, 1130, 190), fill=SUN)
    pen.polygon([(0, 430), (180, 330), (330, 400), (520, 310), (760, 430)], fill="#9dc3a8")
    pen.rectangle((0, 430, 1280, 720), fill=SEA)
    for row in range(460, 720, 40):
        for start in range(-40 + row % 80, 1280, 160):
            pen.arc((start, row, start + 80, row + 24), 20, 160, fill=DEEP, width=4)
    ship(pen)
    pier(pen)
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def ship(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((560, 210, 640, 300), fill=RED)
    pen.rectangle((560, 230, 640, 245), fill=WHITE)
    pen.rectangle((380, 290, 860, 350), fill=WHITE)
    pen.rectangle((310, 350, 930, 430), fill=DECK)
    for left in range(404, 830, 60):
        pen.rectangle((left, 308, left + 32, 332), fill=DEEP)
    for left in range(340, 910, 60):
        pen.ellipse((left, 376, left + 26, 402), fill=DEEP)
    pen.polygon([(230, 430), (990, 430), (930, 560), (300, 560)], fill=HULL)
    pen.polygon([(246, 462), (974, 462), (962, 490), (260, 490)], fill=RED)


def pier(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon([(960, 470), (1090, 520), (1090, 535), (960, 500)], fill="#5c6b73")
    pen.rectangle((1060, 520, 1280, 560), fill=PIER)
    for left in (1080, 1160, 1240):
        pen.rectangle((left, 560, left + 18, 720), fill="#6b5a49")
