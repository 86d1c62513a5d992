"""Deputies: whom a person has asked to decide for them, and from when until when they are away."""

from django.db import transaction
from django.utils.translation import gettext as _

from agency.access import standing
from agency.models import User
from agency.roles import May
from responses import due
from responses.core import history
from responses.core.transitions import change
from responses.errors import Forbidden, Invalid
from tenants import context

from .policy_models import Deputy


@transaction.atomic
def name_deputy(*, person, deputy, by, now, away_from_at=None, away_until_at=None) -> Deputy:
    """`person` and `deputy` are Actors. Named once a person; naming again replaces."""
    refuse_other(person, by)
    refuse_unfit(person, deputy)
    refuse_span(away_from_at, away_until_at, now)
    fields = {
        "person_name": person.name,
        "deputy_id": deputy.id,
        "deputy_name": deputy.name,
        "away_from_at": away_from_at,
        "away_until_at": away_until_at,
        "changed_by": by.name,
        "changed_at": now,
    }
    held = Deputy.objects.select_for_update().filter(person_id=person.id).first()
    named = change(held, **fields) if held else Deputy.objects.create(person_id=person.id, **fields)
    tell("deputy.named", named, by=by, now=now)
    if away_from_at is not None:
        due.by(max(away_from_at, now))  # from then on the deputy may decide what waits, and is told so
    return named


@transaction.atomic
def let_go(named: Deputy, *, by, now) -> None:
    """Nobody stands in any more. What a deputy has decided stays decided."""
    refuse_other_id(named.person_id, by)
    tell("deputy.let_go", named, by=by, now=now)
    named.delete()


def refuse_other(person, by) -> None:
    refuse_other_id(person.id, by)


def refuse_other_id(person_id: str, by) -> None:
    """Oneself, or whoever says who must approve."""
    user = user_of(by.id)
    held = standing(user, context.here()) if user else None
    if held is None or (by.id != person_id and not held.may(May.GOVERN)):
        raise Forbidden(_("People name their own deputy; otherwise the account lead or a director does."))


def refuse_unfit(person, deputy) -> None:
    """A deputy sits on the same side of the table, at this brand, and is somebody else."""
    sides = [side_of(actor.id) for actor in (person, deputy)]
    if person.id == deputy.id:
        raise Invalid(_("Nobody is their own deputy."), field="deputy")
    if not sides[0]:
        raise Invalid(_("Nobody of this id has a seat at the brand."), field="person")
    if not sides[0] & sides[1]:
        raise Invalid(
            _("A client's deputy is of the client's house, an agency person's of the agency."), field="deputy"
        )


def side_of(person_id: str) -> set:
    user = user_of(person_id)
    held = standing(user, context.here()) if user else None
    return {what for what in (May.SEE, May.PORTAL) if held and held.may(what)}


def user_of(person_id: str) -> User | None:
    kind, _colon, number = person_id.partition(":")
    return User.objects.filter(pk=number, is_active=True).first() if kind == "user" else None


def refuse_span(start, end, now) -> None:
    if (start is None) != (end is None):
        raise Invalid(
            _("Say from when and until when; or neither, for a deputy in case of need."), field="until"
        )
    if start is not None and not start < end:
        raise Invalid(_("The end comes after the beginning."), field="until")
    if end is not None and end <= now:
        raise Invalid(_("That is over already."), field="until")


def tell(kind, named, *, by, now) -> None:
    history.record(
        kind,
        by=by,
        now=now,
        subject=named,
        person=named.person_name,
        person_id=named.person_id,
        deputy=named.deputy_name,
        deputy_id=named.deputy_id,
        away_from=named.away_from_at and named.away_from_at.isoformat(),
        away_until=named.away_until_at and named.away_until_at.isoformat(),
    )


def standing_in(now, *, is_called: bool) -> dict[str, list[Deputy]]:
    """By the deputy's id: for whom they stand in now. Of a step whose deputies were called, that is all."""
    found: dict[str, list[Deputy]] = {}
    for named in Deputy.objects.all():
        if is_called or named.is_away(now):
            found.setdefault(named.deputy_id, []).append(named)
    return found


def next_absence(now):
    """When the next absence begins: from then on somebody else may decide what waits."""
    ahead = Deputy.objects.filter(away_from_at__gt=now).order_by("away_from_at")
    return ahead.values_list("away_from_at", flat=True).first()
