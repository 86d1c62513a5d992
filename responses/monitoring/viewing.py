"""Saved views: filters of the feed that somebody comes back to, one's own or the whole team's."""

from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agency.roles import May
from responses.core import history
from responses.errors import Invalid

from .models import SavedView

MOST = 30  # of one person
NOBODY = 0  # whose views a key makes: the whole team's
LEFT_OUT = {"before", "after", "seen", "page"}  # a place in the feed is no filter


def views_of(person_id: int):
    """What a person may open: their own and the team's."""
    return SavedView.objects.filter(Q(person_id=person_id) | Q(is_shared=True)).order_by("-is_shared", "name")


@transaction.atomic
def save_view(*, name: str, query: str, is_shared: bool, by, now, replace: bool = False) -> SavedView:
    """Keep the filters of a feed's address under a name; one's own of that name only goes when it is to."""
    name, query = checked_name(name), plain(query)
    if not query:
        raise Invalid(_("Filter the feed first: a view is its filters."), field="query")
    owner = by.user_id or NOBODY
    mine = SavedView.objects.filter(person_id=owner)
    if mine.exclude(name=name).count() >= MOST:
        raise Invalid(_("You have %(most)s views already. Remove one first.") % {"most": MOST}, field="name")
    fields = {"query": query, "is_shared": is_shared or owner == NOBODY, "person_name": by.name[:120]}
    if not replace and mine.filter(name=name).exclude(query=query, is_shared=fields["is_shared"]).exists():
        raise taken()
    try:
        with transaction.atomic():
            view, _made = SavedView.objects.update_or_create(person_id=owner, name=name, defaults=fields)
    except IntegrityError as error:  # twice at the same moment
        raise taken() from error
    history.record("view.saved", by=by, now=now, subject=view, name=name, is_shared=is_shared)
    return view


def may_remove(view: SavedView, person_id: int, standing) -> bool:
    """One's own; of the team's those who set up what the team hears, whoever made it."""
    return view.person_id == person_id or standing.may(May.LISTEN)


def taken() -> Invalid:
    return Invalid(_("You have a view of this name already."), field="name", extra={"taken": True})


@transaction.atomic
def remove_view(view: SavedView, *, by, now) -> None:
    """Remove a view; whose it is, the door has looked at."""
    history.record("view.removed", by=by, now=now, subject=view, name=view.name)
    view.delete()


def plain(query: str) -> str:
    """The filters of an address, in one order, without what is empty or a mere place."""
    pairs = parse_qsl(query.lstrip("?"), max_num_fields=50) if len(query) <= 2000 else []
    kept = urlencode(sorted((name, value) for name, value in pairs if value and name not in LEFT_OUT))
    return kept if len(kept) <= 1000 else ""


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise Invalid(_("Give the view a name of at most 80 characters."), field="name")
    return name
