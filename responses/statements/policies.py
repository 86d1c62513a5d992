"""Review policies: who must approve which statement. Choosing one, writing one, and what every one must keep.

Of the policies in use that fit a text the most specific wins: the one that names more of type, level and
channel; of equals the one with the higher level, then the one that names the type, then the older. A brand
for which none fits has the one that ships: the agency lead, then the client.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agency.models import User
from agency.roles import May
from responses.core import history
from responses.core.transitions import change
from responses.errors import Invalid
from responses.incidents.models import Severity

from . import deputising, groups
from .groups import ANY, MODES, SOME, Function, Group
from .models import Channel, Statement, Step
from .policy_models import ReviewPolicy

MOST_STEPS, MOST_NEEDED, MOST_NAMED = 6, 9, 20
MOST_MINUTES = 60 * 24 * 30
# Minutes to decide from the moment the step opens, by the incident's level: of the agency, of the client.
AGENCY_MINUTES = {"4": 10, "3": 30, "2": 240, "1": 1440, "0": 1440}
CLIENT_MINUTES = {"4": 20, "3": 60, "2": 240, "1": 1440, "0": 1440}
SHIPPED = ([Group(Function.AGENCY)], [Group(Function.CLIENT)])
SERIOUS = Severity.HIGH  # from here on an approval always asks for a second factor


@dataclass(frozen=True)
class Plan:
    """What a review copies."""

    name: str
    version: int | None
    second_factor: bool
    steps: list[dict]


def shipped() -> Plan:
    return Plan("", None, False, [step_of(each) for each in SHIPPED])


def step_of(asked: list[Group], minutes=None, silence_minutes=None) -> dict:
    return {
        "groups": [group.written() for group in asked],
        "minutes": minutes or {},
        "silence_minutes": silence_minutes,
    }


# --- choosing


def choose(revision) -> Plan:
    """The plan by which this revision is reviewed."""
    policy = fitting(revision)
    if policy is None:
        return shipped()
    always = policy.second_factor == ReviewPolicy.SecondFactor.ALWAYS
    return Plan(policy.name, policy.version, always, policy.steps)


def fitting(revision) -> ReviewPolicy | None:
    statement = revision.statement
    kinds = set(revision.variants.values_list("channel__kind", flat=True))
    level = statement.incident.severity if statement.incident else 0
    return most_specific(statement.type, level, kinds)


def most_specific(type: str, level: int, kinds: set[str]) -> ReviewPolicy | None:
    found = [
        policy
        for policy in ReviewPolicy.objects.filter(is_active=True, from_severity__lte=level)
        if is_for(policy, type, kinds)
    ]
    return max(found, key=specificity, default=None)


def is_for(policy: ReviewPolicy, type: str, kinds: set[str]) -> bool:
    on_channel = not policy.channels or bool(kinds & set(policy.channels))
    return on_channel and (not policy.types or type in policy.types)


def specificity(policy: ReviewPolicy) -> tuple:
    named = bool(policy.types) + bool(policy.from_severity) + bool(policy.channels)
    return named, policy.from_severity, bool(policy.types), -policy.pk


def make_steps(review, plan: Plan) -> list[Step]:
    """The plan's steps, copied: what happens to the policy from here on is nothing to this review."""
    return [
        Step.objects.create(
            review=review,
            position=position,
            function=step["groups"][0]["function"],
            groups=step["groups"],
            minutes=step["minutes"],
            silence_minutes=step["silence_minutes"],
        )
        for position, step in enumerate(plan.steps, 1)
    ]


def time_for(step, statement) -> timedelta:
    """How long the people of this step have: as written, else as it ships for their side."""
    if step.silence_minutes:
        return timedelta(minutes=step.silence_minutes)
    level = str(statement.incident.severity if statement.incident else 0)
    ships = CLIENT_MINUTES if any(g.is_client for g in groups.of_step(step)) else AGENCY_MINUTES
    return timedelta(minutes=step.minutes.get(level) or ships[level])


# --- writing


@transaction.atomic
def save_policy(
    policy=None,
    *,
    name,
    steps,
    by,
    now,
    types=(),
    from_severity=0,
    channels=(),
    second_factor=ReviewPolicy.SecondFactor.SERIOUS,
    is_active=True,
) -> ReviewPolicy:
    """Write a policy or change one. Reviews that run keep the steps they began with."""
    fields = {
        "name": checked_name(name),
        "types": one_of(types, Statement.Type.values, "types"),
        "from_severity": one_of([from_severity], Severity.values, "from_severity")[0],
        "channels": one_of(channels, Channel.Kind.values, "channels"),
        "second_factor": one_of([second_factor], ReviewPolicy.SecondFactor.values, "second_factor")[0],
        "steps": sound_steps(steps),
        "is_active": is_active,
        "changed_by": by.name,
        "changed_at": now,
    }
    policy = put(policy, fields)
    told = {"title": policy.name, "version": policy.version, "steps": policy.steps, "in_use": is_active}
    history.record("policy.changed", by=by, now=now, subject=policy, **told)
    return policy


def checked_name(name: str) -> str:
    name = name.replace("\x00", "").strip()
    if not 0 < len(name) <= 120:
        raise Invalid(_("Give the policy a name of at most 120 letters."), field="name")
    return name


def one_of(given, known, field) -> list:
    found = [each for each in known if each in given]
    if len(found) != len(set(given)):
        raise Invalid(_("Choose from what is there."), field=field)
    return found


def put(policy, fields) -> ReviewPolicy:
    try:
        with transaction.atomic():
            return change(policy, **fields) if policy else ReviewPolicy.objects.create(**fields)
    except IntegrityError:
        raise Invalid(_("There is a policy of this name already."), field="name") from None


def sound_steps(steps) -> list[dict]:
    """The steps as they are kept, when they hold what every approval must."""
    if not 0 < len(steps) <= MOST_STEPS:
        raise Invalid(_("A policy has one to %(n)d steps.") % {"n": MOST_STEPS}, field="steps")
    found = [sound_step(step) for step in steps]
    if not any(step["silence_minutes"] is None for step in found):
        raise Invalid(_("At least one step needs a person's approval: silence alone is none."), field="steps")
    refuse_client_first(found)
    return found


def refuse_client_first(steps) -> None:
    """What a client asks to change goes through the agency again, so the agency decides before the client."""
    agency_decided = False
    for step in steps:
        functions = {group["function"] for group in step["groups"]}
        if Function.CLIENT in functions and not agency_decided:
            raise Invalid(
                _("The client comes after the agency: put a step before it in which the agency approves."),
                field="steps",
            )
        agency_decided = agency_decided or (
            step["silence_minutes"] is None and bool(functions - {Function.CLIENT})
        )


def sound_step(step) -> dict:
    asked = [sound_group(row) for row in step.get("groups", ())]
    functions = [group.function for group in asked]
    if not asked or len(set(functions)) != len(functions):
        raise Invalid(_("Each step asks somebody, and each function once."), field="steps")
    minutes = {str(level): n for level, n in (step.get("minutes") or {}).items() if n is not None}
    silence = step.get("silence_minutes")
    if set(minutes) - set(AGENCY_MINUTES) or not all(is_time(n) for n in minutes.values()):
        raise Invalid(_("A deadline is a number of minutes, at most thirty days."), field="steps")
    if silence is not None and not is_time(silence):
        raise Invalid(_("A time to object is a number of minutes, at most thirty days."), field="steps")
    return step_of(asked, minutes, silence)


def is_time(minutes) -> bool:
    return type(minutes) is int and 0 < minutes <= MOST_MINUTES


def sound_group(row) -> Group:
    function, mode, need = row.get("function"), row.get("mode", ANY), row.get("need", 1)
    if function not in Function.values or mode not in MODES:
        raise Invalid(_("Choose who is asked, and how many of them."), field="steps")
    if mode == SOME and not (type(need) is int and 1 <= need <= MOST_NEEDED):
        raise Invalid(_("Say how many must agree: 1 to %(n)d.") % {"n": MOST_NEEDED}, field="steps")
    people = named_people(row.get("people", ())) if function == Function.NAMED else ()
    if function == Function.NAMED and len(people) < (need if mode == SOME else 1):
        raise Invalid(_("Name the people, as many as must agree at least."), field="steps")
    return Group(function, mode, need if mode == SOME else 1, people)


def named_people(rows) -> tuple:
    """By id and name as they are now; only who has a seat at the desk can be named."""
    ids = list(dict.fromkeys(row["id"] for row in rows))[:MOST_NAMED]
    people = []
    for person_id in ids:
        user: User | None = deputising.user_of(person_id)
        if user is None or May.SEE not in deputising.side_of(person_id):
            raise Invalid(_("Only people with a seat at the brand's desk can be named."), field="steps")
        people.append({"id": person_id, "name": user.name or user.email})
    return tuple(people)
