"""What happens while nobody answers: a reminder, the deputies, those above; or silence that is consent.

Of the time a step has: at half of it those still asked are reminded, at three quarters the deputies are
called and may decide, at its end the directors and crisis leads are told. Each happens once, as an event;
the letters follow from the event. A step that passes by time passes only if somebody of each group still
lacking was told, so long ago, and could have objected.
"""

from datetime import timedelta

from django.db import transaction

from agency.access import people_with
from agency.models import User
from agency.roles import May, Role
from responses import due
from responses.core import history
from responses.core.actors import TUGON
from responses.core.models import Event
from responses.core.transitions import change
from responses.errors import Conflict
from tenants import context

from . import calling, deputising, entitling, groups, links, reviewing, states
from .models import Step

REMIND, DEPUTIES, ESCALATE = "reminded_at", "deputies_called_at", "escalated_at"
PARTS = {REMIND: 0.5, DEPUTIES: 0.75, ESCALATE: 1.0}
KINDS = {REMIND: "review.reminded", DEPUTIES: "review.deputies_called", ESCALATE: "review.escalated"}
LATER = timedelta(minutes=5)  # when silence that could not pass is looked at again
ABOVE = (Role.DIRECTOR, Role.CRISIS_LEAD)


def moments(step) -> dict:
    """When each of the three comes, of those that have not come yet."""
    whole = step.due_at - step.opened_at
    return {
        name: step.opened_at + whole * part for name, part in PARTS.items() if getattr(step, name) is None
    }


def running():
    found = Step.objects.filter(status=states.ACTIVE, due_at__isnull=False, opened_at__isnull=False)
    return found.select_related("review__revision__statement__incident")


@due.when_due
def hurry(brand, now) -> None:
    failed = []
    for step in running():
        try:
            hurry_one(step, now)
        except Exception as error:  # one step must not keep the people of the others from being reminded
            failed.append(error)
    if failed:
        raise ExceptionGroup("these steps could not be hurried", failed)


def hurry_one(step, now) -> None:
    if has_settled(step, now):
        return
    for name, at in moments(step).items():
        if at <= now:
            take_measure(step, name, now)
    write_again(step, now)
    calling.call(step, now=now, even_if_failed=False)  # whose colleague went away since is a deputy now


def has_settled(step, now) -> bool:
    """Whether it passed without another word: all have agreed by now, or nobody objected in time."""
    try:
        return settle_agreed(step, now) or bool(step.silence_minutes and settle_silence(step, now))
    except Conflict:
        tell_changed(step, now)
        return False


@transaction.atomic
def tell_changed(step, now) -> None:
    """The alarm, once: what would have passed is not the text that was written."""
    reviewing.take(step)
    if Event.objects.filter(kind="review.blocked", subject_type="step", subject_id=step.pk).exists():
        return
    incident = step.review.revision.statement.incident_id
    told = reviewing.facts(step, alarm=True)
    history.record("review.blocked", by=TUGON, now=now, subject=step, incident=incident, **told)


@due.comes_next
def next_moment(now):
    """The soonest of all that is still to come."""
    found = [deputising.next_absence(now)] if running().exists() else []
    for step in running():
        found += [*moments(step).values(), *next_tries(step)]
        if step.silence_minutes and (ends := silence_ends(step, now)):
            found.append(ends if ends > now else now + LATER)
        if asks_all(step) and step.decisions.exists():
            found.append(now + reviewing.ASK_AGAIN)
    return min((at for at in found if at is not None), default=None)


def asks_all(step) -> bool:
    """Whether it could pass by somebody's leaving: the others are all, then."""
    return any(group.mode == groups.ALL for group in groups.of_step(step))


# --- the three measures


@transaction.atomic
def take_measure(step, name, now) -> None:
    """Note it on the step, once, and write the event that the letters follow."""
    reviewing.take(step)
    if step.status != states.ACTIVE or getattr(step, name) is not None:
        return
    change(step, **{name: now})
    people = people_for(step, name, now)
    history.record(
        KINDS[name],
        by=TUGON,
        now=now,
        subject=step,
        incident=step.review.revision.statement.incident_id,
        **reviewing.facts(step, people=", ".join(user.name for user in people)),
    )


def people_for(step, name, now) -> list[User]:
    """Whom the measure is about: those still asked, the deputies among them, or those above."""
    if name == ESCALATE:
        return above()
    asked = still_asked(step, now)
    return [user for user, right in asked if right.for_id or name == REMIND]


def still_asked(step, now) -> list:
    found = {}
    for each in entitling.Circle(step, now).progress():
        if not each.is_met:
            found.update({user.pk: (user, right) for user, right in each.waits_for})
    return list(found.values())


def above() -> list[User]:
    """The brand's directors and crisis leads, who can make somebody answer or give out a seat."""
    return list(people_with(context.here(), ABOVE))


# --- the letters


def write_reminders(step, now) -> None:
    write("reminder", step, [user for user, _right in still_asked(step, now)], now)


def write_above(step, now) -> None:
    write("escalation", step, above(), now)


def write(name, step, people, now) -> None:
    """One letter each, told when all are sent. One that fails is tried again as the calling ones are."""
    if step.status != states.ACTIVE:
        return
    have, waits = reached(step, name), calling.failures(step, name)
    asked = [user for user in people if user.pk not in have and waits[user.pk].is_due(now)]
    for user, error in list(calling.one_by_one(asked, lambda user: send(name, step, user, now))):
        calling.tell(step, user, name, error, now=now)


def reached(step, name) -> set[int]:
    """Whom a letter of this kind has reached, by number."""
    told = calling.events(step, f"review.{name}_sent").values_list("data__person_id", flat=True)
    return {int(person_id.removeprefix("user:")) for person_id in told}


def write_again(step, now) -> None:
    """What failed the first time and is due for another try."""
    if calling.failures(step, "reminder"):
        write_reminders(step, now)
    if calling.failures(step, "escalation"):
        write_above(step, now)


def next_tries(step) -> list:
    found = []
    for name in ("reminder", "escalation"):
        have = reached(step, name)
        found += [one.next_at for pk, one in calling.failures(step, name).items() if pk not in have]
    return found


def send(name, step, user, now) -> None:
    is_client = May.SEE not in deputising.side_of(f"user:{user.pk}")
    url = links.address("portal:decision", step.pk) if is_client else calling.review_address(step)
    calling.letter(name, step, user, url, link_works=links.works(step, user, now)).send()


# --- without another word


def settle_agreed(step, now) -> bool:
    """Let the step pass when those who had not approved it yet are asked no more."""
    circle = entitling.Circle(step, now)
    return bool(circle.here) and circle.has_agreed and reviewing.pass_as_agreed(step, now=now)


def silence_ends(step, now):
    """When silence is consent; None while somebody of a group still lacking was not told."""
    told = calling.told_at(step)
    starts = []
    for each in entitling.Circle(step, now).progress():
        if each.is_met:
            continue
        heard = [told[f"user:{user.pk}"] for user, _right in each.waits_for if f"user:{user.pk}" in told]
        if not heard:
            return None
        starts.append(min(heard))
    return max([step.due_at, *(at + timedelta(minutes=step.silence_minutes) for at in starts)])


def settle_silence(step, now) -> bool:
    """Let the step pass when its time is over and nobody has objected."""
    ends = silence_ends(step, now)
    if ends is None or now < ends:
        return False
    return reviewing.pass_in_silence(step, [user.name for user, _right in still_asked(step, now)], now=now)
