"""Why a mention is a risk, told in the reader's language from the codes and figures that were kept."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.templatetags.tugon import LEVELS

SUBJECTS = {
    "harm": gettext_lazy("Speaks of harm: %(words)s"),
    "security": gettext_lazy("Speaks of stolen data or money: %(words)s"),
    "legal": gettext_lazy("Speaks of courts and lawyers: %(words)s"),
    "regulator": gettext_lazy("Names an authority or an inquiry: %(words)s"),
    "outrage": gettext_lazy("Calls on others to turn away: %(words)s"),
    "press": gettext_lazy("Speaks of the press: %(words)s"),
}

FROM = ((70, 4), (45, 3), (20, 2), (0, 1))  # risk from which on each level begins


@dataclass(frozen=True)
class Reason:
    code: str
    words: str
    points: int


def level(risk: int) -> int:
    """1 low, 2 moderate, 3 high, 4 critical: the words and shapes of severity."""
    return next(found for least, found in FROM if risk >= least)


def reasons(why: list[dict]) -> list[Reason]:
    """The heaviest first, as they were kept."""
    told = [Reason(each.get("code", ""), tell(each), each.get("points", 0)) for each in why]
    return [reason for reason in told if reason.words]


def tell(why: dict) -> str:
    """One reason in words; a code of another release says nothing."""
    code = why.get("code", "")
    if code in SUBJECTS:
        return str(SUBJECTS[code]) % {"words": ", ".join(why.get("words", ()))}
    return TELL[code](why) if code in TELL else ""


def _negative(why) -> str:
    strong = abs(why.get("score", 0)) >= 0.6
    return _("Sounds very negative") if strong else _("Sounds negative")


def _reach(why) -> str:
    count = why["count"]
    said = ngettext("Its author reaches %(count)s person", "Its author reaches %(count)s people", count)
    return said % {"count": number_format(count, use_l10n=True, force_grouping=True)}


def _spread(why) -> str:
    values = {"count": number_format(why["count"], use_l10n=True, force_grouping=True), "n": why["platforms"]}
    one, many = _("Told %(count)s times on one platform"), _("Told %(count)s times on %(n)s platforms")
    return (one if why["platforms"] == 1 else many) % values


def _author(why) -> str:
    if why.get("note"):
        return _("By an author you named: %(name)s, %(note)s") % {"name": why["name"], "note": why["note"]}
    return _("By an author you named: %(name)s") % {"name": why["name"]}


def _rule(why) -> str:
    return _("A rule of level %(level)s matched it") % {"level": LEVELS[why["level"]]}


TELL: dict[str, Callable[[dict], str]] = {
    "negative": _negative,
    "reach": _reach,
    "verified": lambda _why: _("Its author is verified"),
    "spread": _spread,
    "author": _author,
    "rule": _rule,
}
