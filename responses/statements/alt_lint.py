"""What is wrong with a picture's words though they are there: hints, nothing that must be solved."""

import regex
from django.utils.translation import gettext as _

OPENS_WITH_ITSELF = regex.compile(
    r"^\s*(?:an?\s+|ang\s+|isang\s+)?(?:image|picture|photo(?:graph)?|graphic|screenshot|larawan|litrato|retrato)"
    r"(?:\s+(?:of|showing|ng|na)\b|\s*[:–-])",
    regex.IGNORECASE,
)
FILE_NAME = regex.compile(
    r"^\s*(?:\S+\.(?:jpe?g|png|gif|webp|heic|bmp|tiff?)|(?:img|dsc[nf]?|pxl|image|photo|screenshot)[\s_\-]*\d+)\s*$",
    regex.IGNORECASE,
)
LINK = regex.compile(r"https?://", regex.IGNORECASE)
SHORT, LONG = 8, 420


def hints(alt: str) -> list[str]:
    """In words; empty when nothing is to be said, or nothing is written yet."""
    alt = alt.strip()
    if not alt:
        return []
    found = []
    if FILE_NAME.match(alt):
        return [_("This reads like a file's name. Say what the picture shows.")]
    if OPENS_WITH_ITSELF.match(alt):
        found.append(_("Leave out “image of”: a screen reader says that it is one."))
    if len(alt) < SHORT:
        found.append(_("This is very short. Say what somebody who does not see it would miss."))
    if len(alt) > LONG:
        found.append(_("This is long to listen to. Say the longer part in the text itself."))
    if LINK.search(alt):
        found.append(_("A link in here cannot be followed. Put it into the text."))
    return found
