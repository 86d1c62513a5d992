"""Correcting, updating, retracting what is out: always a new statement linked to the first, never an edit."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responses.errors import NotAllowed

from . import states
from .models import Statement

Type = Statement.Type
DEEDS = {"correct": Type.CORRECTION, "update": Type.UPDATE, "retract": Type.RETRACTION}
WORDS = {
    "correct": gettext_lazy("Correct what was said"),
    "update": gettext_lazy("Say what is new"),
    "retract": gettext_lazy("Take back what was said"),
}
TITLES = {
    "correct": gettext_lazy("Correction: %(title)s"),
    "update": gettext_lazy("Update: %(title)s"),
    "retract": gettext_lazy("Retraction: %(title)s"),
}


def is_spoken(statement: Statement) -> bool:
    """Whether any of it is in public; the rows of the next slice are reached by name."""
    if statement.status == states.PUBLISHED:
        return True
    return statement.publications.filter(status="published").exists()


def refuse_unspoken(statement: Statement) -> None:
    if not is_spoken(statement):
        raise NotAllowed(_("Nothing of this is in public yet. Edit the text itself."))


def title_of(how: str, title: str) -> str:
    """The title to begin with, in the reader's language, no longer than a title may be."""
    words = str(TITLES[how])
    return words % {"title": title[: 200 - len(words)]}
