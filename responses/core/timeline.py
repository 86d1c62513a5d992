"""History told to people: each event as one sentence in the reader's language."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.retelling import retell
from agency.templatetags import tugon as words
from agency.templatetags import wording

from .actors import TUGON
from .models import Event
from .sentences import CODED, DECISIONS, GOOD, LEVELS, PUBLIC, SENTENCES, TROUBLE, WORDS
from .sentences_alerting import OF_A_RULE, OF_ALL
from .sentences_of_one import OF_ONE

EVERYTHING = "everything"
FILTERS = {
    EVERYTHING: (gettext_lazy("Everything"), None),
    "decisions": (gettext_lazy("Decisions"), DECISIONS),
    "public": (gettext_lazy("Public"), PUBLIC),
}
STRONG = {"who", "title", "person", "after"}  # the blanks an eye looks for
BLANK = re.compile(r"%\((\w+)\)s")
PAGES = {
    "mention": "responses:mention",
    "alert": "responses:alert",
    "incident": "responses:incident",
    "source": "responses:source",
    "rule": "responses:rule",
    "protocol": "responses:protocol",
    "statement": "responses:statement",
    "publication": "responses:publication",
    "channel": "responses:channel",
}


@dataclass(frozen=True)
class Line:
    """One event as a line: `html` for pages, `text` for machines and letters."""

    seq: int
    at: datetime
    kind: str
    html: str
    text: str
    look: str  # public, late, done or nothing: the colour of its dot
    url: str = ""
    incident: int | None = None


def events(*, incident=None, alert=None, which=EVERYTHING):
    """The events of a brand, or of one incident with the alert it came from, newest first."""
    found = Event.objects.order_by("-seq")
    if incident is not None:
        here = Q(incident_id=incident)
        found = found.filter(here | Q(subject_type="alert", subject_id=alert) if alert else here)
    kinds = FILTERS.get(which, FILTERS[EVERYTHING])[1]
    return found.filter(kind__in=kinds) if kinds is not None else found


def lines(found, brand=None) -> list[Line]:
    return [line(event, brand) for event in found]


def line(event: Event, brand=None) -> Line:
    sentence, blanks, url = str(sentence_for(event)), filled(event), page_of(event, brand)
    text = sentence % {name: str(value) for name, value in blanks.items()}
    html = mark_safe(escape(sentence) % {name: shown(name, value, url) for name, value in blanks.items()})
    return Line(event.seq, event.at, event.kind, html, text, look(event.kind), url, event.incident_id)


def sentence_for(event: Event):
    """The fullest sentence of the kind that the event can fill; a kind without one gets a plain line."""
    blanks = filled(event)
    for sentence in sentences_of(event):
        if set(BLANK.findall(str(sentence))) <= set(blanks):
            return sentence
    return _("%(who)s: %(kind)s")


def sentences_of(event: Event) -> tuple:
    """Those of its kind, the ones of a single thing before them when it tells of one."""
    blank, of_one = OF_ONE.get(event.kind, ("", ()))
    return (*(of_one if event.data.get(blank) == 1 else ()), *SENTENCES.get(event.kind, ()))


def filled(event: Event) -> dict:
    """What can stand in a blank: the event's data with levels and codes in words, and who did it."""
    values = {
        name: told(name, value) for name, value in event.data.items() if value not in (None, "", [], {})
    }
    if event.actor_id == TUGON.id and isinstance(values.get("reason"), str):
        values["reason"] = retell(values["reason"])  # a person's reason is theirs, word for word
    if "name" in values:
        values.setdefault("title", values["name"])
    if values.get("alert_kind") in OF_ALL:
        values["title"] = named(event.data)
    return values | {"who": event.actor_name, "kind": event.kind}


def named(data: dict):
    """What an alert is about that Tugon named itself."""
    figures = data | data.get("why", {})
    names = OF_A_RULE if figures.get("of_rule", figures.get("rule")) else OF_ALL
    told = {"title": figures.get("title", ""), "days": figures.get("days", "")}
    return str(names[figures["alert_kind"]]) % told


def told(name, value):
    if name in LEVELS and isinstance(value, int) and 0 <= value < len(words.LEVELS):
        return words.LEVELS[value]
    if name == "at" and isinstance(value, str):
        return wording.clock_words(datetime.fromisoformat(value), timezone.now())
    if name == "error":
        return retell(value)
    if name in CODED:
        return WORDS.get(value, value)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def shown(name, value, url="") -> str:
    if name == "title" and url:
        return format_html('<a href="{}">{}</a>', url, value)
    return format_html("<strong>{}</strong>", value) if name in STRONG else escape(value)


def look(kind: str) -> str:
    for name, kinds in (("public", PUBLIC), ("late", TROUBLE), ("done", GOOD)):
        if kind in kinds:
            return name
    return ""


def page_of(event: Event, brand) -> str:
    """The page of what the event is about. Later slices are reached by name only."""
    if brand is None:
        return ""
    if event.subject_type == "step" and event.data.get("statement"):
        return reverse("responses:review", args=[brand.slug, event.data["statement"]])
    if event.subject_type == "comment" and event.data.get("about_statement"):
        return reverse("responses:comments", args=[brand.slug, event.data["about_statement"]])
    name = PAGES.get(event.subject_type)
    return reverse(name, args=[brand.slug, event.subject_id]) if name and event.subject_id else ""
