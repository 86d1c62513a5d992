"""Short words for tests of statements."""

from dataclasses import replace

from responses.statements import drafting, reviewing
from responses.statements.models import Channel, Step

NEWS = "Kaninang 12:40 may sunog sa makina ng MV Amihan. Ligtas ang lahat."
SHORT = "Ligtas ang lahat ng sakay ng MV Amihan. Susunod na ulat: 3:00."


def channels():
    """The newsroom and a Bluesky account of the current brand, made when they are not there."""
    newsroom, _made = Channel.objects.get_or_create(kind="newsroom", defaults={"name": "Newsroom"})
    bluesky, _made = Channel.objects.get_or_create(
        kind="bluesky", defaults={"name": "Bluesky", "position": 1}
    )
    return newsroom, bluesky


def texts(news=NEWS, short=SHORT):
    newsroom, bluesky = channels()
    return {newsroom.pk: news, bluesky.pk: short}


def draft(by, now, incident=None, **given):
    wording = {"title": "Sunog sa MV Amihan", "language": "fil", "texts": texts(), **given}
    return drafting.draft(type="holding", incident=incident, by=by, now=now, **wording)


def revise(statement, by, now, news, base=None, **given):
    latest = statement.latest
    wording = {"title": latest.title, "language": latest.language, "texts": texts(news), **given}
    return drafting.revise(statement, base=base or latest.number, by=by, now=now, **wording)


def active(statement):
    return Step.objects.select_related("review__revision__statement__incident").get(
        review__revision__statement=statement, status="active"
    )


def sure(by):
    """The same person, who gave a second factor just now."""
    return replace(by, is_fresh=True)


def decide(statement, by, now, verdict="approved", comment=""):
    by, step = sure(by), active(statement)
    shown = step.review.revision.hash
    return reviewing.decide(step, revision_hash=shown, verdict=verdict, comment=comment, by=by, now=now)


def in_review(author, now, incident=None):
    statement = draft(author, now, incident)
    reviewing.submit(statement, by=author, now=now)
    return statement


def with_client(author, lead, now, incident=None):
    """A statement that the agency approved and the client has before their eyes."""
    statement = in_review(author, now, incident)
    decide(statement, lead, now)
    return statement


# --- policies


def group(function, mode="any", need=1, people=()):
    return {"function": function, "mode": mode, "need": need, "people": [{"id": one.id} for one in people]}


def step(*groups, silence=None, minutes=None):
    return {"groups": list(groups), "minutes": minutes or {}, "silence_minutes": silence}


AGENCY, CLIENT, LEGAL = group("agency"), group("client"), group("legal")
