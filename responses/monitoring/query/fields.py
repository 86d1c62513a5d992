"""`author:` `site:` and the others: what each may be asked, and the node it becomes."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from responses.monitoring.query.errors import QueryError
from responses.monitoring.query.nodes import Flag, In, Loose, Node, Phrase, Prefix, Reach, Wild, Word
from responses.monitoring.query.post import LANGUAGES, MEDIA

FIELDS = (
    "author",
    "site",
    "url",
    "title",
    "lang",
    "source",
    "country",
    "sentiment",
    "reach",
    "verified",
    "has",
    "saved",
)
PLACES = ("author", "title", "url")
FIELD = re.compile(rf"({'|'.join(FIELDS)})(>=|<=|>|<)?:|(reach)(>=|<=|>|<)", re.IGNORECASE)
TONES = ("negative", "neutral", "positive")
_YES, _NO = ("yes", "true"), ("no", "false")
SAVED = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_NAMES = {
    "english": "en",
    "filipino": "fil",
    "tagalog": "fil",
    "cebuano": "ceb",
    "ilocano": "ilo",
    **LANGUAGES,
}
_NUMBER = re.compile(r"(\d{1,12})([km]?)", re.IGNORECASE)
_SITE = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)*[\w-]+)/?", re.IGNORECASE)


def field_node(field: str, sign: str, value: str, term: Node | None, at: int) -> Node:
    """What `field:value` means. `term` is the value read as words, where it holds any."""
    if field == "reach":
        return _reach(sign, value, at)
    if sign:
        raise QueryError(
            _("Only reach is compared with > or <. After %(field)s write “:”.") % {"field": field}, at
        )
    if field == "saved":
        return Word(f"saved:{_saved(value, at)}")  # stands for the query until that is put in its place
    if field in PLACES:
        if not isinstance(term, Word | Prefix | Wild | Phrase | Loose):
            raise QueryError(_("After %(field)s: a word or a phrase was expected.") % {"field": field}, at)
        return In(field, term)
    return Flag(f"{field}:{_VALUES[field](value.strip(), at)}")


def _saved(value: str, at: int) -> str:
    if not SAVED.fullmatch(value):
        raise QueryError(_("The name of a saved query was expected, as in saved:our-ships."), at)
    return value


def _reach(sign: str, value: str, at: int) -> Reach:
    found = _NUMBER.fullmatch(value.replace(",", ""))
    if not sign:
        raise QueryError(_("Reach is compared with a number: write reach>:1000 or reach<:1000."), at)
    if found is None:
        raise QueryError(_("A number was expected here, as in reach>:1000 or reach>:10k."), at)
    times = {"": 1, "k": 1_000, "m": 1_000_000}[found[2].lower()]
    return Reach(sign, int(found[1]) * times)


def _language(value: str, at: int) -> str:
    code = value.lower().replace("_", "-")
    code = _NAMES.get(code, code)
    if code != "taglish" and not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code):
        raise QueryError(_("A language was expected, as in lang:en, lang:fil or lang:taglish."), at)
    return code


def _site(value: str, at: int) -> str:
    found = _SITE.fullmatch(value)
    if found is None:
        raise QueryError(_("A site was expected, as in site:rappler.com. For a page use url:."), at)
    return found[1].lower()


def _country(value: str, at: int) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise QueryError(_("A country of two letters was expected, as in country:PH."), at)
    return value.lower()


def _source(value: str, at: int) -> str:
    return value.casefold()


def _one_of(*known: str) -> Callable[[str, int], str]:
    def chosen(value: str, at: int) -> str:
        if value.lower() in known:
            return value.lower()
        raise QueryError(_("One of these was expected here: %(known)s.") % {"known": ", ".join(known)}, at)

    return chosen


def _truth(value: str, at: int) -> str:
    if value.lower() not in _YES + _NO:
        raise QueryError(_("Here “yes” or “no” was expected."), at)
    return "yes" if value.lower() in _YES else "no"


_VALUES: dict[str, Callable[[str, int], str]] = {
    "lang": _language,
    "site": _site,
    "country": _country,
    "source": _source,
    "sentiment": _one_of(*TONES),
    "verified": _truth,
    "has": _one_of(*MEDIA),
}
