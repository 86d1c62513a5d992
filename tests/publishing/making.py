"""Approved statements for tests, made the way people make them: written, sent to review, approved twice."""

from responses.statements import drafting, reviewing
from responses.statements.models import Channel, Step

TEXT = "Isla Uno is safe in port. Ligtas po ang lahat."


def channel(kind="fake", **fields):
    """A channel of the kind; there is one of each name."""
    return Channel.objects.get_or_create(name=fields.pop("name", kind), defaults={"kind": kind, **fields})[0]


def newsroom():
    return Channel.objects.get(kind=Channel.Kind.NEWSROOM)


def drafted(by, now, texts, title="Ferry service suspended", language="en"):
    """A statement by Ana; `texts` is {channel: text}."""
    given = {channel.pk: text for channel, text in texts.items()}
    return drafting.draft(title=title, type="holding", texts=given, language=language, by=by.ana, now=now)


def approve(statement, by, now):
    """Lea approves for the agency, Marta for the client."""
    review = reviewing.submit(statement, by=by.ana, now=now)
    for function, person in ((Step.Function.AGENCY, by.lea), (Step.Function.CLIENT, by.marta)):
        step = review.steps.get(function=function)
        reviewing.decide(step, revision_hash=review.revision.hash, verdict="approved", by=person, now=now)
    statement.refresh_from_db()
    return statement


def approved(by, now, texts=None, **fields):
    return approve(drafted(by, now, texts or {channel(): TEXT}, **fields), by, now)
