"""The findings as the pages show them: beside the text while it is written, and to whoever decides."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import knowing, overruling, tongues
from .linting import MUST, WARNING, Finding
from .linting.wording import title
from .models import Channel
from .overruling import Judged

KINDS = {"must": "late", "warning": "wait", "hint": "plain"}  # of the chip


@dataclass(frozen=True)
class Row:
    judged: Judged
    title: str
    channel: str
    field: str  # the id of the textarea it is about
    may_overrule: bool

    @property
    def finding(self):
        return self.judged.finding

    @property
    def overruling(self):
        return self.judged.overruling

    @property
    def chip(self) -> str:
        return KINDS[self.finding.severity]

    @property
    def severity(self) -> str:
        return {"must": _("must be solved"), "warning": _("warning"), "hint": _("hint")}[
            self.finding.severity
        ]


def while_writing(*, type, language, texts, statement=None, incident=None, also=None) -> dict:
    """Findings of the texts as they are typed; only those of the saved text can be overruled."""
    found = overruling.judge(knowing.findings(type, language, texts, incident, also), statement)
    saved = {one.mark for one in knowing.of_revision(statement.latest)} if statement else set()
    return listed(found, saved)


def of_revision(revision) -> dict:
    """What a reviewer is shown."""
    judged = overruling.for_reviewers(revision)
    return {
        "overruled": rows(judged["overruled"]),
        "unsolved": rows(judged["unsolved"]),
    }


def listed(found: list[Judged], saved=frozenset()) -> dict:
    shown = rows(found, saved)
    return {"rows": shown, "count": count_words(found), "open": sum(row.overruling is None for row in shown)}


def rows(found: list[Judged], saved=frozenset()) -> list[Row]:
    names = dict(Channel.objects.values_list("pk", "name"))
    return [
        Row(
            one,
            title(one.finding.rule),
            place_of(one.finding, names),
            f"id_text_{one.finding.variant}",
            one.finding.mark in saved and one.overruling is None and one.finding.severity in (MUST, WARNING),
        )
        for one in found
    ]


def place_of(finding: Finding, names: dict[int, str]) -> str:
    """The channel, with the language when it is the second one's text."""
    name = names.get(int(finding.channel or 0), "")
    return f"{name}, {tongues.name_of(finding.language)}" if finding.language else name


def count_words(found: list[Judged]) -> str:
    """In few words, for it is read out: what keeps the text from review, and how much else there is."""
    must = sum(one.is_serious for one in found)
    other = sum(one.overruling is None and not one.is_serious for one in found)
    said = []
    if must:
        said.append(ngettext("%(n)d must be solved", "%(n)d must be solved", must) % {"n": must})
    if other:
        said.append(ngettext("%(n)d to look at", "%(n)d to look at", other) % {"n": other})
    return ", ".join(said) or _("nothing found")
