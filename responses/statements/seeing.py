"""Who had which wording before their eyes, and when: written down once, for the evidence.

A page that is opened signed in was opened by that person. A letter's link is opened by mail scanners too, so
that says only that it was opened; what its reader saw, they say themselves when they decide.
"""

from django.db import transaction

from responses.core import history
from responses.core.actors import TUGON, Actor
from responses.core.models import Event

from .link_models import ApprovalLink
from .models import Revision

SEEN, OPENED = "statement.seen", "review.link_opened"


def saw(request, revision: Revision, *, by: Actor, now) -> None:
    """A signed-in person has opened this wording; asked again it adds nothing. HEAD shows nothing."""
    if request.method == "GET":
        once(SEEN, revision, by=by, now=now, person_id=by.id)


def link_opened(request, link: ApprovalLink, *, now) -> None:
    if request.method == "GET":
        person = {"person_id": link.person_id, "person": link.person_name}
        once(OPENED, link.step.review.revision, by=TUGON, now=now, **person)


def once(kind: str, revision: Revision, *, by: Actor, now, person_id: str, **told) -> None:
    """Looked for a second time under a lock, so that two tabs at once are told of once."""
    if is_noted(kind, revision, person_id):
        return
    with transaction.atomic():
        Revision.objects.select_for_update(no_key=True).get(pk=revision.pk)
        if is_noted(kind, revision, person_id):
            return
        told |= {"person_id": person_id, "statement": revision.statement_id, "title": revision.title}
        told |= {"revision": revision.number, "hash": revision.hash}
        history.record(kind, by=by, now=now, subject=revision, **told)


def noted(kind: str, revision: Revision):
    found = Event.objects.filter(subject_type="revision", subject_id=revision.pk, kind=kind)
    return found.order_by("seq")


def is_noted(kind: str, revision: Revision, person_id: str) -> bool:
    return noted(kind, revision).filter(data__person_id=person_id).exists()
