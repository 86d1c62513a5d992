"""What the history says of reviews: which statement, which revision, who decided in which function."""

from responses.core import transitions


def told_of(decision) -> dict:
    stands_in = {"for_whom": decision.for_name, "for_id": decision.for_id} if decision.for_id else {}
    words = {"comment": decision.comment, "function": decision.function or decision.step.function}
    return facts(decision.step, **words, **stands_in)


def told_all(statement, to, kind, revision, *, by, now, more=None, **fields) -> None:
    """Move the statement and say which revision it is about, by id and hash."""
    data = {
        "title": revision.title,
        "revision": revision.number,
        "revision_id": revision.pk,
        "hash": revision.hash,
        **(more or {}),
    }
    transitions.move(
        statement, to, by=by, now=now, kind=kind, incident=statement.incident_id, data=data, **fields
    )


def facts(step, **more) -> dict:
    revision = step.review.revision
    return {
        "function": step.function,
        "statement": revision.statement_id,
        "title": revision.title,
        "revision": revision.number,
        "revision_id": revision.pk,
        **more,
    }
