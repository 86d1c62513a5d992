"""What may be said of an incident or the brand: confirmed facts, key messages; and names to keep out."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from responses.core import history
from responses.errors import Invalid

from .writing_models import TalkingPoint

LONGEST = 500


def points(incident=None):
    """What holds for an incident: its own and the brand's."""
    here = Q(incident=None) | Q(incident=incident) if incident else Q(incident=None)
    return TalkingPoint.objects.filter(here).select_related("incident")


@transaction.atomic
def add_point(*, kind, text, by, now, incident=None, origin="") -> TalkingPoint:
    text = " ".join(text.replace("\x00", "").split())
    if kind not in TalkingPoint.Kind.values:
        raise Invalid(_("Choose whether it is a fact, a key message or a name."), field="kind")
    if not text:
        raise Invalid(_("Write it down in a sentence."), field="text")
    if len(text) > LONGEST:
        raise Invalid(_("Use at most %(most)s characters.") % {"most": LONGEST}, field="text")
    if kind == TalkingPoint.Kind.NAME and incident is None:
        raise Invalid(
            _("A name is kept out of what is said about one incident: choose which."), field="incident"
        )
    point = TalkingPoint.objects.create(
        incident=incident,
        kind=kind,
        text=text,
        origin=origin.replace("\x00", "").strip()[:200],
        by_id=by.id,
        by_name=by.name,
        added_at=now,
    )
    tell("point.added", point, by=by, now=now)
    return point


@transaction.atomic
def remove_point(point: TalkingPoint, *, by, now) -> None:
    tell("point.removed", point, by=by, now=now)
    point.delete()


def tell(kind, point, *, by, now) -> None:
    """A name to keep out is kept out of the history too, which can never be changed."""
    hidden = point.kind == TalkingPoint.Kind.NAME
    title = _("a name") if hidden else point.text
    history.record(
        kind,
        by=by,
        now=now,
        subject=point,
        incident=point.incident_id,
        title=title,
        point_kind=point.kind,
        origin=point.origin,
    )
