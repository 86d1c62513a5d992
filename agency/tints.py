"""A brand's own colour, as far as it can be read: its hue and how colourful it is, never how light.

Words, links and buttons take the hue at a lightness of the house, which reads well on paper and at night;
the colour itself, however yellow, black or white, is shown in a band where nothing has to be read.
"""

import re
from math import atan2, degrees, hypot

HEX = re.compile(r"#[0-9a-fA-F]{6}")
STEP = 10  # degrees: agency/static/agency/tints.css has a rule for each
GREY, SOFT = 0.02, 0.07  # below these it has no hue worth naming, or a quiet one


def hue_and_chroma(colour: str) -> tuple[int, int]:
    """The hue in steps, and 0 for grey, 1 for a quiet colour, 2 for a full one."""
    a, b = oklab(*(linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5)))
    chroma = hypot(a, b)
    hue = round(degrees(atan2(b, a)) / STEP) * STEP % 360
    return hue, 0 if chroma < GREY else 1 if chroma < SOFT else 2


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def oklab(red: float, green: float, blue: float) -> tuple[float, float]:
    """The two axes of colour of Oklab (https://bottosson.github.io/posts/oklab/), without its lightness."""
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )
