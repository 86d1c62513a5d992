"""Break-glass: at Critical, two named people let out a text that was approved beforehand to stand by.

Off unless the brand turned it on. It alarms everybody, and what was done is approved afterwards, or not, by
others: one for the agency and one for the client.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from agency.access import people_who_may
from agency.roles import May
from responses.core import history, transitions
from responses.errors import Conflict, Forbidden, Invalid, NotAllowed, SecondFactorNeeded
from responses.incidents.models import Incident, Severity
from tenants import context

from . import deputising, entitling, hashing, reviewing, states
from .glass_models import Glass, GlassRule, GlassWord
from .groups import NEEDS, Function
from .models import Review, Statement

TOGETHER = timedelta(minutes=30)  # the second comes within this time, or both begin anew
AFTERWARDS = (Function.AGENCY, Function.CLIENT)


# --- the brand's rule


def rule() -> GlassRule | None:
    """The brand's, when it allows the glass to be broken at all."""
    return GlassRule.objects.filter(is_on=True).first()


@transaction.atomic
def set_rule(*, is_on: bool, people, by, now) -> GlassRule:
    """Allow it, or not. `people` are the ids of those who may; two of them must agree each time."""
    named = [named_person(person_id) for person_id in dict.fromkeys(people)]
    if is_on and len(named) < 2:
        raise Invalid(_("Name at least two people: it takes two."), field="people")
    fields = {"is_on": is_on, "people": named, "changed_by": by.name, "changed_at": now}
    held = GlassRule.objects.select_for_update().first()
    set_to = transitions.change(held, **fields) if held else GlassRule.objects.create(**fields)
    told = {"is_on": is_on, "people": [one["name"] for one in named]}
    history.record("glass.rule_changed", by=by, now=now, subject=set_to, **told)
    return set_to


def named_person(person_id: str) -> dict:
    user = deputising.user_of(person_id)
    if user is None or May.SEE not in deputising.side_of(person_id):
        raise Invalid(_("Only people with a seat at the brand's desk can be named."), field="people")
    return {"id": person_id, "name": user.name or user.email}


# --- breaking


@transaction.atomic
def ask(statement, *, incident, revision_hash, reason, by, now) -> Glass:
    """The first of two. The other named people are called."""
    reviewing.lock(statement)
    revision = refuse_unready(statement, revision_hash)
    incident = refuse_calm(incident)
    refuse_breaker(by)
    reason = refuse_silent(reason)
    lapse(statement, by=by, now=now)
    if Glass.objects.filter(statement=statement).exclude(status=states.LAPSED).exists():
        raise NotAllowed(_("Somebody has asked already. Look at it and say whether you agree."))
    glass = Glass.objects.create(
        statement=statement,
        revision=revision,
        revision_hash=revision.hash,
        incident=incident,
        asked_at=now,
    )
    say(glass, GlassWord.Purpose.BREAK, reason, by=by, now=now)
    history.record(
        "glass.asked", by=by, now=now, subject=glass, incident=incident, **facts(glass, reason=reason)
    )
    return glass


@transaction.atomic
def agree(glass, *, revision_hash, reason, by, now) -> Glass:
    """The second of two: from here on it goes out, and everybody is told."""
    take(glass)
    transitions.guard(glass, states.BROKEN)
    if now >= glass.asked_at + TOGETHER:
        raise NotAllowed(_("The first asked more than half an hour ago. Begin anew, together."))
    refuse_unready(glass.statement, revision_hash)
    refuse_calm(glass.incident)
    refuse_breaker(by)
    refuse_second_word(glass, by)
    reason = refuse_silent(reason)
    say(glass, GlassWord.Purpose.BREAK, reason, by=by, now=now)
    names = list(glass.words.values_list("person_name", flat=True))
    told = facts(glass, reason=reason, people=names, alarm=True)
    return transitions.move(
        glass,
        states.BROKEN,
        by=by,
        now=now,
        kind="glass.broken",
        incident=glass.incident,
        data=told,
        broken_at=now,
    )


def take(glass) -> None:
    """Lock the statement, then read the glass as it is now."""
    reviewing.lock(glass.statement)
    glass.refresh_from_db(fields=["status", "version", "asked_at"])


def lapse(statement, *, by, now) -> None:
    """What one asked for and nobody seconded in time is over."""
    old = Glass.objects.filter(statement=statement, status=states.ASKED, asked_at__lte=now - TOGETHER)
    for glass in old:
        transitions.move(glass, states.LAPSED, by=by, now=now, kind="glass.lapsed", data=facts(glass))


def refuse_unready(statement, revision_hash):
    """Exactly the text that stands by, by hash and by its bytes."""
    revision = statement.latest
    passed = Review.objects.filter(revision=revision, status=states.PASSED).exists()
    if not statement.stands_by or statement.status != states.APPROVED or not passed:
        raise NotAllowed(_("Only a text that was approved to stand by can go out this way."))
    if revision_hash != revision.hash or hashing.hash_of(revision) != revision.hash:
        raise Conflict(_("This is not the text that was approved. Look again; do not send it."))
    return revision


def refuse_calm(incident) -> Incident:
    incident = incident and Incident.objects.filter(pk=incident.pk).first()
    if incident is None or not incident.is_live or incident.severity < Severity.CRITICAL:
        raise NotAllowed(_("The glass is broken at Critical only, for an incident that runs."))
    return incident


def refuse_breaker(by) -> None:
    """One of the people the brand named, with a seat still, and with a second factor."""
    allowed = rule()
    if allowed is None:
        raise NotAllowed(_("The brand has not allowed this."))
    if (
        not by.is_person
        or by.id not in {one["id"] for one in allowed.people}
        or May.SEE not in deputising.side_of(by.id)
    ):
        raise Forbidden(_("Only the people named beforehand can do this."))
    if not by.is_fresh:
        raise SecondFactorNeeded(_("This needs your second factor: a code or your passkey."), field="code")


def refuse_second_word(glass, by) -> None:
    if glass.words.filter(person_id=by.id).exists():
        raise Forbidden(_("It takes two people. You have spoken already."))


def refuse_silent(reason: str) -> str:
    reason = reason.replace("\x00", "").strip()[:2000]
    if not reason:
        raise Invalid(_("Say why this cannot wait: everybody will read it."), field="reason")
    return reason


# --- afterwards


@transaction.atomic
def judge(glass, *, is_right: bool, comment="", by, now) -> Glass:
    """Approve afterwards what went out, or say that it should not have. The public text stays as it is."""
    take(glass)
    transitions.guard(glass, states.UPHELD)
    function = function_of(glass, by)
    if is_right and not by.is_fresh:
        raise SecondFactorNeeded(
            _("This approval needs your second factor: a code or your passkey."), field="code"
        )
    if is_right:
        say(glass, GlassWord.Purpose.UPHOLD, comment.strip()[:2000], function=function, by=by, now=now)
        return settle(glass, function, by=by, now=now)
    reason = refuse_silent(comment)
    say(glass, GlassWord.Purpose.REGRET, reason, function=function, by=by, now=now)
    return close(
        glass, states.REGRETTED, "glass.regretted", facts(glass, reason=reason, alarm=True), by=by, now=now
    )


def function_of(glass, by) -> str:
    """For whom this person judges; neither who broke it nor who wrote it does."""
    if by.id in entitling.authors(glass.statement_id):
        raise Forbidden(_("You wrote part of this statement, so somebody else decides."))
    if glass.words.filter(person_id=by.id).exists():
        raise Forbidden(_("You have spoken on this already. Others approve it afterwards."))
    function = next((one for one in waits_for(glass) if by.id in holders(one)), None)
    if function is None or not by.is_person or by.strength == "key":
        raise Forbidden(_("Others are asked to approve this afterwards."))
    return function


def holders(function) -> set[str]:
    return {f"user:{user.pk}" for user in people_who_may(context.here(), NEEDS[function])}


def waits_for(glass) -> list[str]:
    """Whose approval afterwards is still lacking."""
    said = set(glass.words.filter(purpose=GlassWord.Purpose.UPHOLD).values_list("function", flat=True))
    return (
        [function for function in AFTERWARDS if function not in said] if glass.status == states.BROKEN else []
    )


def settle(glass, function, *, by, now) -> Glass:
    if waits_for(glass):
        transitions.change(glass)
        told = facts(glass, function=function)
        history.record(
            "glass.upheld_in_part", by=by, now=now, subject=glass, incident=glass.incident_id, **told
        )
        return glass
    return close(glass, states.UPHELD, "glass.upheld", facts(glass), by=by, now=now)


def close(glass, to, kind, told, *, by, now) -> Glass:
    return transitions.move(
        glass, to, by=by, now=now, kind=kind, incident=glass.incident, data=told, closed_at=now
    )


# --- asked by others


def say(glass, purpose, reason, *, by, now, function="") -> GlassWord:
    return GlassWord.objects.create(
        glass=glass,
        person_id=by.id,
        person_name=by.name,
        purpose=purpose,
        function=function,
        reason=reason,
        revision_hash=glass.revision_hash,
        via=by.via,
        strength=by.strength,
        said_at=now,
    )


def is_broken_for(revision) -> bool:
    """Whether two people let exactly this revision out and nobody regrets it; asked again when it is sent."""
    glass = Glass.objects.filter(
        revision=revision,
        revision_hash=revision.hash,
        status__in=(states.BROKEN, states.UPHELD),
    ).first()
    if glass is None:
        return False
    words = glass.words.filter(purpose=GlassWord.Purpose.BREAK, revision_hash=revision.hash)
    return words.values("person_id").distinct().count() >= 2


def current(statement: Statement, now) -> Glass | None:
    """The one that was not given up and that nobody let pass, if there is one."""
    found = Glass.objects.filter(statement=statement).exclude(status=states.LAPSED).first()
    is_over = found is not None and found.status == states.ASKED and now >= found.asked_at + TOGETHER
    return None if is_over else found


def incident_of(statement: Statement) -> Incident | None:
    """What it answers: a text that stood by has none of its own, only the one its glass was broken for."""
    if statement.incident_id or not statement.stands_by:
        return statement.incident
    glass = statement.glasses.filter(status__in=states.LET_OUT).select_related("incident").first()
    return glass.incident if glass else None


def unsettled():
    """What went out and waits to be approved afterwards."""
    return Glass.objects.filter(status=states.BROKEN).select_related("statement", "revision", "incident")


def facts(glass, **more) -> dict:
    return {
        "statement": glass.statement_id,
        "title": glass.revision.title,
        "revision": glass.revision.number,
        "revision_id": glass.revision_id,
        "hash": glass.revision_hash,
        **more,
    }
