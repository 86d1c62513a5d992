"""Everything that shows how one publication came about, as plain JSON values.

The pack repeats what the revision's hash was taken over, so that anybody can take it again; every decision
with the text it pointed to; every event of the statement with its place in the brand's hash chain; and what
the provider answered. Between the statement's own events the chain runs on through those of other matters:
of these the pack holds the hashes alone, so that the links can be followed and nothing else be read.
"""

import base64
from dataclasses import asdict
from datetime import UTC

from django.db.models import Q

from responses.core.models import Event
from responses.publishing import sending
from responses.publishing.models import Publication
from responses.statements import breaking, groups, hashing, illustrating, seeing
from responses.statements.models import Review, Revision, Statement
from tenants import context

FORMAT = "tugon-evidence/1"


def pack(publication: Publication, *, now) -> dict:
    """The facts of one publication; `sealing.seal` signs them."""
    statement, revision = publication.statement, publication.revision
    brand = context.here()
    return {
        "format": FORMAT,
        "made_at": moment(now),
        "brand": {"name": brand.name, "slug": brand.slug, "time_zone": brand.time_zone},
        "statement": told_of_statement(statement),
        "revision": told_of_revision(revision),
        "written": [told_of_writing(each) for each in statement.revisions.all()],
        "reviews": [told_of_review(each) for each in reviews_of(statement)],
        "publication": told_of_publication(publication),
        "history": history_of(statement),
    }


def moment(at) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def told_of_statement(statement: Statement) -> dict:
    incident = breaking.incident_of(statement)
    return {
        "id": statement.pk,
        "type": statement.type,
        "title": statement.title,
        "created_at": moment(statement.created_at),
        "incident": {"id": incident.pk, "title": incident.title} if incident else None,
    }


def told_of_revision(revision: Revision) -> dict:
    """`content` is what the hash was taken over, byte for byte in its canonical spelling."""
    variants = revision.variants.select_related("channel")
    return {
        "number": revision.number,
        "hash": revision.hash,
        "content": hashing.content(revision),
        "channels": {str(each.channel_id): each.channel.name for each in variants},
        **images_of(revision),
    }


def images_of(revision: Revision) -> dict:
    """The pictures themselves, so that their hashes in `content` can be taken again."""
    found = [each.image for each in illustrating.of(revision)]
    told = [{"sha256": each.sha256, "data": base64.b64encode(each.content).decode()} for each in found]
    return {"images": told} if told else {}


def told_of_writing(revision: Revision) -> dict:
    return {
        "revision": revision.number,
        "hash": revision.hash,
        "by": {"id": revision.author_id, "name": revision.author_name},
        "with_words_by": [
            {"id": each.by_id, "name": each.by_name} for each in revision.suggestions_applied.all()
        ],
        "at": moment(revision.written_at),
        "note": revision.note,
    }


def reviews_of(statement: Statement):
    found = Review.objects.filter(revision__statement=statement).select_related("revision")
    return found.order_by("revision__number").prefetch_related("steps__decisions")


def told_of_review(review: Review) -> dict:
    return {
        "revision": review.revision.number,
        "status": review.status,
        "submitted_by": {"id": review.submitted_by_id, "name": review.submitted_by_name},
        "submitted_at": moment(review.submitted_at),
        "closed_at": moment(review.closed_at),
        "steps": [told_of_step(step) for step in review.steps.all()],
        "seen": [told_of_seeing(each) for each in seeing.noted(seeing.SEEN, review.revision)],
        "links_opened": [told_of_opening(each) for each in seeing.noted(seeing.OPENED, review.revision)],
    }


def told_of_seeing(event: Event) -> dict:
    """A signed-in person opened this wording, for the first time."""
    who = {"by": {"id": event.actor_id, "name": event.actor_name}, "at": moment(event.at)}
    return who | {"via": event.actor_via, "strength": event.actor_strength}


def told_of_opening(event: Event) -> dict:
    """The link of a letter was opened, whoever or whatever did it: it says nothing of the person."""
    return {"sent_to": event.data["person"], "at": moment(event.at)}


def told_of_step(step) -> dict:
    return {
        "position": step.position,
        "function": step.function,
        "groups": [group.written() for group in groups.of_step(step)],
        "silence_minutes": step.silence_minutes,
        "status": step.status,
        "opened_at": moment(step.opened_at),
        "closed_at": moment(step.closed_at),
        "due_at": moment(step.due_at),
        "decisions": [told_of_decision(each) for each in step.decisions.all()],
    }


def told_of_decision(decision) -> dict:
    return {
        "by": {"id": decision.person_id, "name": decision.person_name},
        "function": decision.function or decision.step.function,
        "for": {"id": decision.for_id, "name": decision.for_name} if decision.for_id else None,
        "verdict": decision.verdict,
        "comment": decision.comment,
        "revision_hash": decision.revision_hash,
        "via": decision.via,
        "strength": decision.strength,
        "at": moment(decision.decided_at),
    }


def told_of_publication(publication: Publication) -> dict:
    return {
        "id": publication.pk,
        "key": str(publication.key),
        "channel": {
            "id": publication.channel_id,
            "kind": publication.channel.kind,
            "name": publication.channel.name,
        },
        "revision": publication.revision.number,
        "approved_hash": publication.approved_hash,
        "language": publication.variant.language,
        "text": publication.variant.text,
        **images_sent(publication),
        "also": [asdict(each) for each in sending.versions_beside(publication)],
        "status": publication.status,
        "queued_at": moment(publication.created_at),
        "published_at": moment(publication.published_at),
        "external_id": publication.external_id,
        "url": publication.url,
        "attempts": [told_of_attempt(each) for each in publication.attempts.all()],
    }


def images_sent(publication: Publication) -> dict:
    """The hashes of those that went out on this channel; nothing where the statement has none."""
    all_of_it = illustrating.of(publication.revision)
    going = illustrating.goes_to(all_of_it, publication.channel)
    return {"images": [each.image.sha256 for each in going]} if all_of_it else {}


def told_of_attempt(attempt) -> dict:
    return {
        "token": attempt.token,
        "started_at": moment(attempt.started_at),
        "finished_at": moment(attempt.finished_at),
        "outcome": attempt.outcome,
        "detail": attempt.detail,
    }


# --- the chain


def events_of(statement: Statement):
    """What history says of the statement, its reviews and its publications."""
    reviews = Review.objects.filter(revision__statement=statement)
    subjects = {
        "statement": [statement.pk],
        "revision": statement.revisions.values("pk"),
        "review": reviews.values("pk"),
        "step": reviews.values("steps__pk"),
        "publication": statement.publications.values("pk"),
    }
    wanted = Q(data__statement=statement.pk)
    for name, keys in subjects.items():
        wanted |= Q(subject_type=name, subject_id__in=keys)
    return Event.objects.filter(wanted).order_by("seq")


def history_of(statement: Statement) -> dict:
    """The statement's events whole, and the links of the chain between the first and the last of them."""
    own = {event.seq: event for event in events_of(statement)}
    if not own:
        return {"events": [], "links": []}
    between = Event.objects.filter(seq__range=(min(own), max(own))).order_by("seq")
    links = between.values_list("seq", "previous_hash", "hash")
    return {
        "events": [told_of_event(event) for event in own.values()],
        "links": [list(link) for link in links.iterator(chunk_size=5000)],
    }


def told_of_event(event: Event) -> dict:
    """With exactly the columns the event's hash is taken over (`history.canonical`)."""
    return {
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(),
        "kind": event.kind,
        "actor": [event.actor_id, event.actor_name, event.actor_via, event.actor_strength],
        "subject": [event.subject_type, event.subject_id],
        "incident": event.incident_id,
        "data": event.data,
    }
