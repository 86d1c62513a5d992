"""Letting a finding stand, with a reason that reviewers and the client read.

It is bound to the rule and the very passage; a finding about the whole text, to the whole text. Who edits
that passage gets the finding anew. A serious finding that nobody overruled keeps the text out of review.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from responses.core import history
from responses.errors import Conflict, Forbidden, Invalid, NotAllowed

from . import knowing, states
from .linting import MUST, WARNING, Finding
from .linting.wording import KINDS, title
from .models import Revision, Statement
from .writing_models import Overruling

SHOWN = 80  # letters of a passage in a message


@dataclass(frozen=True)
class Judged:
    """A finding, and who let it stand if somebody did."""

    finding: Finding
    overruling: Overruling | None = None

    @property
    def is_serious(self) -> bool:
        return self.finding.severity == MUST and self.overruling is None


def standing(statement: Statement | None) -> dict[str, Overruling]:
    """What was overruled and not taken back, by its mark."""
    if statement is None:
        return {}
    return {row.mark: row for row in Overruling.objects.filter(statement=statement, restored_at=None)}


def judge(findings, statement: Statement | None) -> list[Judged]:
    stands = standing(statement)
    judged = [Judged(finding, stands.get(finding.mark)) for finding in findings]
    return sorted(judged, key=lambda one: one.overruling is not None)


def judged(revision: Revision) -> list[Judged]:
    """What the lint says of a saved wording, first what nobody let stand."""
    return judge(knowing.of_revision(revision), revision.statement)


def for_reviewers(revision: Revision) -> dict:
    """What whoever decides should know: what was let stand and why, and what the writer left as it is."""
    rows = judged(revision)
    return {
        "overruled": [one for one in rows if one.overruling],
        "unsolved": [one for one in rows if not one.overruling and one.finding.severity in (MUST, WARNING)],
    }


@transaction.atomic
def overrule(statement: Statement, *, mark: str, reason: str, by, now) -> Overruling:
    """Let a finding of the latest revision stand."""
    if not by.is_person or by.strength == "key":
        raise Forbidden(_("Only a person can overrule, not a key."))
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Invalid(_("Say why it may stand. Reviewers and the client read this."), field="reason")
    if statement.status not in states.EDITABLE:
        raise NotAllowed(_("This text is final. There is nothing left to overrule."))
    revision = statement.latest
    finding = next((one for one in knowing.of_revision(revision) if one.mark == mark), None)
    if finding is None:
        raise Conflict(_("The saved text has no such finding any more. Look at it again."))
    made = keep(statement, revision, finding, reason, by=by, now=now)
    tell("finding.overruled", made, by=by, now=now)
    return made


def keep(statement, revision, finding, reason, *, by, now) -> Overruling:
    try:
        with transaction.atomic():
            return Overruling.objects.create(
                statement=statement,
                revision=revision,
                mark=finding.mark,
                rule=finding.rule,
                severity=finding.severity,
                passage=finding.passage,
                reason=reason[:300],
                by_id=by.id,
                by_name=by.name,
                overruled_at=now,
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody has overruled this already.")) from error


@transaction.atomic
def restore(overruling: Overruling, *, by, now) -> Overruling:
    """Take it back: the finding counts again."""
    rows = Overruling.objects.filter(pk=overruling.pk, restored_at=None)
    if not rows.update(restored_at=now, restored_by=by.name):
        raise Conflict(_("This was taken back already."))
    tell("finding.restored", overruling, by=by, now=now)
    overruling.refresh_from_db()
    return overruling


def refuse_serious(revision: Revision) -> None:
    """Before a text goes to review: serious findings are solved or overruled. Warnings keep nobody."""
    serious = [one.finding for one in judged(revision) if one.is_serious]
    if not serious:
        return
    words = ngettext(
        "One finding must be solved or overruled with a reason before this goes to review: %(which)s.",
        "%(n)d findings must be solved or overruled with a reason before this goes to review: %(which)s.",
        len(serious),
    )
    which = "; ".join(named(finding) for finding in serious[:5])
    raise NotAllowed(words % {"n": len(serious), "which": which})


def named(finding: Finding) -> str:
    passage = finding.passage or finding.suggestion
    return f"{title(finding.rule)} (“{passage[:SHOWN]}”)" if passage else title(finding.rule)


def known(rule: str) -> str:
    """What an overruled rule is called, also when it ships no more."""
    return title(rule) if rule.partition(":")[0] in KINDS else rule


def tell(kind, overruling, *, by, now) -> None:
    statement, revision = overruling.statement, overruling.revision
    history.record(
        kind,
        by=by,
        now=now,
        subject=statement,
        incident=statement.incident_id,
        title=revision.title,
        revision=revision.number,
        rule=overruling.rule,
        severity=overruling.severity,
        passage=overruling.passage[:SHOWN],
        reason=overruling.reason,
        mark=overruling.mark,
    )
