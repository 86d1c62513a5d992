"""The groups of a step: which function is asked, and how many of it must agree.

A step passes when every one of its groups has agreed: "legal and the client" are two groups of one step.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from agency.access import people_who_may
from agency.models import User
from agency.roles import May
from tenants import context

from .models import Step

Function = Step.Function
ANY, ALL, SOME = "any", "all", "some"
MODES = {ANY: _("one of them"), ALL: _("all of them"), SOME: _("at least so many")}
NEEDS = {
    Function.AGENCY: May.REVIEW,
    Function.LEGAL: May.LEGAL,
    Function.CRISIS: May.LEAD,
    Function.VOICE: May.SPEAK,
    Function.NAMED: May.SEE,  # and named
    Function.CLIENT: May.APPROVE,
}
# Somebody who holds several functions decides in the one that fewest hold.
NARROW_FIRST = (
    Function.NAMED,
    Function.LEGAL,
    Function.VOICE,
    Function.CRISIS,
    Function.CLIENT,
    Function.AGENCY,
)


@dataclass(frozen=True)
class Group:
    """Some of a function's people."""

    function: str
    mode: str = ANY
    need: int = 1
    people: tuple = field(default=())  # of named people: {id, name}

    @property
    def is_client(self) -> bool:
        return self.function == Function.CLIENT

    @property
    def door(self) -> May:
        """What a deputy must be allowed, to come to the page on which this is decided."""
        return May.PORTAL if self.is_client else May.SEE

    def written(self) -> dict:
        """As it is kept in a policy and in a step."""
        return {
            "function": str(self.function),
            "mode": self.mode,
            "need": self.need,
            "people": list(self.people),
        }


def read(rows) -> list[Group]:
    return [
        Group(row["function"], row.get("mode", ANY), row.get("need", 1), tuple(row.get("people", ())))
        for row in rows
    ]


def of_step(step) -> list[Group]:
    """Steps from before there were policies have none written: one of the step's function."""
    return read(step.groups) or [Group(step.function)]


class Holders:
    """Who holds a function at the brand now, by the person's id; asked once for each function."""

    def __init__(self):
        self.known: dict[str, dict[str, User]] = {}

    def of(self, group: Group) -> dict[str, User]:
        function = Function(group.function)
        if function not in self.known:
            people = people_who_may(context.here(), NEEDS[function])
            self.known[function] = {f"user:{user.pk}": user for user in people}
        held, named = self.known[function], {one["id"] for one in group.people}
        return {pk: held[pk] for pk in held if pk in named} if function == Function.NAMED else held


def holders(group: Group) -> dict[str, User]:
    return Holders().of(group)
