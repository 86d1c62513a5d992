"""Who may decide a step, counted by person: no author, nobody twice, and only who holds what it asks.

Read fresh each time: a seat that was taken away a second ago counts no more.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from agency.access import standing
from agency.models import User
from responses.core.models import Event
from tenants import context

from . import deputising, groups, policy_words, states
from .commenting_models import co_writers
from .groups import ALL, NARROW_FIRST, SOME, Group
from .models import Decision, Revision

APPROVED = Decision.Verdict.APPROVED


def authors(statement_id: int) -> set[str]:
    """Everybody who wrote any revision or whose suggestion is in one, whatever door or seat they used."""
    return authors_of([statement_id])[statement_id]


def authors_of(statement_ids: list[int]) -> defaultdict[int, set[str]]:
    """The same for many statements, each of the two asked once for all."""
    wrote = Revision.objects.filter(statement__in=statement_ids).values_list("statement_id", "author_id")
    found: defaultdict[int, set[str]] = defaultdict(set)
    for statement_id, person_id in [*wrote, *co_writers(statement_ids)]:
        found[statement_id].add(person_id)
    for ids in found.values():
        ids |= givers(ids)  # a question only where a machine wrote
    return found


def givers(ids: set[str]) -> set[str]:
    """Who gave out the API keys among these, by history: what a person's machine wrote is that person's."""
    keys = [one.removeprefix("key:") for one in ids if one.startswith("key:")]
    if not keys:
        return set()
    made = Event.objects.filter(kind="key.created", subject_type="apikey", subject_id__in=keys)
    return set(made.values_list("actor_id", flat=True))


@dataclass(frozen=True)
class Right:
    """In which function a person decides, and for whom when they stand in."""

    function: str
    for_id: str = ""
    for_name: str = ""


@dataclass(frozen=True)
class Progress:
    """How far one group has come."""

    group: Group
    approved: int
    needed: int
    is_met: bool
    waits_for: list  # the people who may still decide for it
    given: list  # its decisions

    @property
    def words(self) -> str:
        return policy_words.who(self.group)

    @property
    def is_short(self) -> bool:
        """Whether fewer people are left than it still needs."""
        return not self.is_met and len(self.waits_for) < max(1, self.needed - self.approved)


class Circle:
    """Everybody around one step, as it is at this moment."""

    def __init__(self, step, now):
        self.step, self.now = step, now
        self.groups = groups.of_step(step)

    @cached_property
    def authors(self) -> set[str]:
        return authors(self.step.review.revision.statement_id)

    @cached_property
    def given(self) -> list[Decision]:
        """Every decision of this review: whoever has decided one step decides no other."""
        return list(Decision.objects.filter(step__review=self.step.review_id).order_by("decided_at"))

    @cached_property
    def here(self) -> list[Decision]:
        return [each for each in self.given if each.step_id == self.step.pk]

    @cached_property
    def decided(self) -> set[str]:
        return {each.person_id for each in self.given}

    @cached_property
    def stood_for(self) -> dict[str, str]:
        """For whom a deputy has decided in this step, and who that was."""
        return {each.for_id: each.person_name for each in self.here if each.for_id}

    @cached_property
    def holders(self) -> dict[str, dict[str, User]]:
        return {group.function: groups.holders(group) for group in self.groups}

    @cached_property
    def deputies(self) -> dict[str, list]:
        return deputising.standing_in(self.now, is_called=self.step.deputies_called_at is not None)

    # --- one person

    def may_at_all(self, person_id: str) -> bool:
        return person_id not in self.authors and person_id not in self.decided

    def right_of(self, person_id: str) -> Right | None:
        """In which function this person decides; None when they may not."""
        if not self.may_at_all(person_id):
            return None
        own = [group for group in self.by_need if person_id in self.left(group)]
        return Right(own[0].function) if own else self.right_as_deputy(person_id)

    def right_as_deputy(self, person_id: str) -> Right | None:
        for named in self.deputies.get(person_id, ()):
            for group in self.by_need:
                if named.person_id in self.left(group) and comes_in(person_id, group):
                    return Right(group.function, named.person_id, named.person_name)
        return None

    @property
    def by_need(self) -> list[Group]:
        """The groups that still lack somebody first, then those that fewest can fill."""
        order = {function: place for place, function in enumerate(NARROW_FIRST)}
        return sorted(self.groups, key=lambda group: (self.is_met(group), order[group.function]))

    def has_seat(self, person_id: str) -> bool:
        """Whether the step is theirs by a live seat, or by the seat of somebody they stand in for."""
        for group in self.groups:
            held = self.holders[group.function]
            if person_id in held:
                return True
            stands_in = any(named.person_id in held for named in self.deputies.get(person_id, ()))
            if stands_in and comes_in(person_id, group):
                return True
        return False

    def why_not(self, person_id: str) -> str:
        """Why this person may not decide, in words for them; empty when they may."""
        if person_id in self.authors:
            return _("You wrote part of this statement, so somebody else decides.")
        if person_id in self.decided:
            return _("You have decided on this text already. Nobody decides twice.")
        if person_id in self.stood_for:
            words = _("%(name)s has decided for you. The two of you are one voice in this step.")
            return words % {"name": self.stood_for[person_id]}
        return "" if self.right_of(person_id) else self.not_theirs()

    def not_theirs(self) -> str:
        if all(group.is_client for group in self.groups):
            return _("This is for the client to decide.")
        if [group.function for group in self.groups] == [groups.Function.AGENCY]:
            return _("Your seat does not approve for the agency.")
        asked = ", ".join(str(groups.Function(group.function).label) for group in self.groups)
        return _("This step asks others: %(functions)s.") % {"functions": asked}

    # --- the groups

    def left(self, group: Group) -> dict[str, User]:
        """Who holds this function and has not yet spoken in it, themselves or by their deputy."""
        return {
            person_id: user
            for person_id, user in self.holders[group.function].items()
            if self.may_at_all(person_id) and person_id not in self.stood_for
        }

    def approvals(self, group: Group) -> set[str]:
        """The persons who approved for it, each counted once."""
        return {
            each.person_id
            for each in self.here
            if each.verdict == APPROVED and (each.function or self.step.function) == group.function
        }

    def needed(self, group: Group) -> int:
        if group.mode == SOME:
            return group.need
        return max(1, len(self.approvals(group)) + len(self.left(group))) if group.mode == ALL else 1

    def is_met(self, group: Group) -> bool:
        return len(self.approvals(group)) >= self.needed(group)

    @property
    def has_agreed(self) -> bool:
        return all(self.is_met(group) for group in self.groups)

    def progress(self) -> list[Progress]:
        waits = self.rights()
        return [
            Progress(
                group=group,
                approved=len(self.approvals(group)),
                needed=self.needed(group),
                is_met=self.is_met(group),
                waits_for=[(user, right) for user, right in waits if right.function == group.function],
                given=[e for e in self.here if (e.function or self.step.function) == group.function],
            )
            for group in self.groups
        ]

    def rights(self) -> list[tuple[User, Right]]:
        """Everybody who may decide now, by name, each with the function they decide in."""
        people = {person_id: user for held in self.holders.values() for person_id, user in held.items()}
        stand_in = [one.removeprefix("user:") for one in self.deputies if one not in people]
        for user in User.objects.filter(pk__in=stand_in, is_active=True) if stand_in else ():
            people[f"user:{user.pk}"] = user
        found = [(user, self.right_of(person_id)) for person_id, user in people.items()]
        return sorted(((u, right) for u, right in found if right), key=lambda row: (row[0].name, row[0].pk))


def comes_in(person_id: str, group: Group) -> bool:
    """Whether a deputy has a live seat through which they reach the page where this is decided."""
    user = deputising.user_of(person_id)
    held = standing(user, context.here()) if user else None
    return held is not None and held.may(group.door)


def why_not(step, person_id: str, now) -> str:
    return Circle(step, now).why_not(person_id)


def deciders(step, now) -> list[User]:
    """The people who may decide this step now, by name, deputies among them."""
    return [user for user, _right in Circle(step, now).rights()]


def is_open(step) -> bool:
    return step.status in (states.WAITING, states.ACTIVE)


def was_enough(step, given) -> bool:
    """Whether these decisions let the step pass, by what the rows say; asked again before anything goes out.

    Whether "all" were all is not asked again: seats have come and gone since.
    """
    if any(each.verdict == Decision.Verdict.SILENCE for each in given):
        return step.silence_minutes is not None
    for group in groups.of_step(step):
        persons = {e.person_id for e in given if (e.function or step.function) == group.function}
        if len(persons) < (group.need if group.mode == SOME else 1):
            return False
    return True
