"""Saying something about a text: within the agency, or so that the client reads it and answers.

What is internal stays with the agency: the client finds no trace of it, and its event carries no words.
A comment is never removed; it is resolved, and reopened when there is more to say.
"""

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from agency.access import standing
from agency.models import User
from agency.roles import May
from responses.core import history, transitions
from responses.errors import Forbidden, Invalid, NotAllowed
from tenants import context

from . import anchoring, entitling, states
from .commenting_models import Comment, Reply
from .models import Revision, Step, Variant, asks_client

MOST = 4_000  # letters of a remark
MOST_WORDS = 20_000  # letters of the words suggested
SHOWN = 200  # letters in an event
AGENCY, CLIENT = Comment.Side.AGENCY, Comment.Side.CLIENT


# --- who reads what


def shown_to_client():
    """The revisions that reached the client: before its turn a text is the agency's own."""
    opened = Step.objects.filter(asks_client(), opened_at__isnull=False)
    return opened.values("review__revision")


def for_agency():
    whole = Comment.objects.select_related("variant__channel", "revision", "applied_in", "statement")
    return whole.prefetch_related("replies")


def for_client():
    """What the client may read: said to them, and about a text they have had before their eyes."""
    return for_agency().filter(audience=Comment.Audience.CLIENT, revision__in=shown_to_client())


def unanswered():
    """Open comments, on texts that may still change, in which the client has the last word."""
    last = Reply.objects.filter(comment=OuterRef("pk")).order_by("-written_at", "-pk").values("side")[:1]
    waiting = Comment.objects.filter(
        status=states.OPEN, audience=Comment.Audience.CLIENT, statement__status__in=states.EDITABLE
    )
    return waiting.annotate(last_side=Coalesce(Subquery(last), F("side"))).filter(last_side=CLIENT)


def standing_of(by):
    user = User.objects.filter(pk=by.user_id, is_active=True).first() if by.is_person else None
    return standing(user, context.here()) if user else None


def side_of(by) -> str:
    """Whose seat this is, read fresh. A key is the agency's."""
    if not by.is_person:
        return AGENCY
    held = standing_of(by)
    if held is None:
        raise Forbidden(_("Only people with a seat at the brand can comment."))
    return AGENCY if is_inside(held) else CLIENT


def is_inside(held) -> bool:
    """Of the agency itself. A spokesperson of the client's house sits at the desk too, and is not."""
    return held.is_agency and held.user.agency_id is not None


def readable(held):
    """What a person at the brand may read."""
    return for_agency() if is_inside(held) else for_client()


def speaks_to_client(held) -> bool:
    """Whether a seat of the agency writes what the client reads."""
    return held.may(May.WRITE) or held.may(May.REVIEW)


def speaks_for_client(held, person_id: str, statement_id: int, now) -> bool:
    """Whether a client comments on this text: by a seat that approves, or as a deputy of one who is asked."""
    if held.may(May.SEE) or held.may(May.APPROVE):
        return True
    waiting = Step.objects.filter(review__revision__statement=statement_id, status=states.ACTIVE)
    return any(entitling.Circle(step, now).has_seat(person_id) for step in waiting)


# --- saying it


@transaction.atomic
def comment(
    revision: Revision, *, text, by, now, audience=Comment.Audience.INTERNAL, replacement=None, **place
) -> Comment:
    """A remark on a revision: `place` is variant, start, end and quote, or nothing for the whole.

    With a `replacement` it suggests to put these words there instead; empty means to leave them out.
    """
    side = side_of(by)
    refuse_final(revision.statement)
    refuse_reader(revision, audience, side, by, now)
    anchor = anchored(revision, **place)
    made = Comment.objects.create(
        statement=revision.statement,
        revision=revision,
        **anchor,
        text=clean(text, "text", MOST),
        replacement=checked_replacement(replacement, anchor["quote"], text),
        audience=audience,
        side=side,
        by_id=by.id,
        by_name=by.name,
        via=by.via,
        written_at=now,
    )
    tell("suggestion.made" if made.is_suggestion else "comment.written", made, made.text, by=by, now=now)
    return made


@transaction.atomic
def reply(comment: Comment, *, text, by, now) -> Reply:
    """Answer; whoever reads the comment reads it. A resolved one is open again."""
    side = side_of(by)
    refuse_reader(comment.revision, comment.audience, side, by, now)
    text = clean(text, "text", MOST)
    if not text:
        raise Invalid(_("Write something first."), field="text")
    made = Reply.objects.create(
        comment=comment, text=text, side=side, by_id=by.id, by_name=by.name, via=by.via, written_at=now
    )
    tell("comment.answered", comment, text, by=by, now=now)
    comment.refresh_from_db(fields=["status", "version"])
    if comment.status == states.RESOLVED:
        settle(comment, states.OPEN, "comment.reopened", by=by, now=now)
    return made


def resolve(comment: Comment, *, by, now) -> Comment:
    """It is dealt with."""
    if comment.is_suggestion:
        raise NotAllowed(_("A suggestion is applied or declined."))
    return settle(comment, states.RESOLVED, "comment.resolved", by=by, now=now)


def reopen(comment: Comment, *, by, now) -> Comment:
    """There is more to say about it."""
    return settle(comment, states.OPEN, "comment.reopened", by=by, now=now, reason="")


def settle(comment, to, kind, *, by, now, **fields) -> Comment:
    refuse_reader(comment.revision, comment.audience, side_of(by), by, now)
    return transitions.move(
        comment,
        to,
        by=by,
        now=now,
        kind=kind,
        incident=timeline_of(comment),
        data=facts(comment),
        moved_by_id=by.id,
        moved_by_name=by.name,
        moved_at=now,
        **fields,
    )


# --- what does not hold


def refuse_final(statement) -> None:
    if statement.status not in states.EDITABLE:
        raise NotAllowed(_("This text is final. There is nothing left to comment on."))


def refuse_reader(revision, audience, side, by, now) -> None:
    """A client speaks only where a client reads; and not every seat of the agency speaks to the client."""
    if audience not in Comment.Audience.values:
        raise Invalid(_("Choose who reads it."), field="audience")
    is_seen = audience == Comment.Audience.CLIENT
    if side == CLIENT:
        if not is_seen or not shown_to_client().filter(review__revision=revision.pk).exists():
            raise Forbidden(_("This is not shown to the client."))
        refuse_silent(standing_of(by), by.id, revision.statement_id, now)
    elif is_seen and by.is_person and not speaks_to_client(standing_of(by)):
        raise Forbidden(_("Your seat comments within the agency only, not to the client."))


def refuse_silent(held, person_id: str, statement_id: int, now) -> None:
    if not speaks_for_client(held, person_id, statement_id, now):
        raise Forbidden(_("You can read along. Others of your house decide."))


def clean(text, field, most) -> str:
    """One kind of line break, and only what can be stored and sent."""
    text = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid(_("There is a character in here that is not text."), field=field)
    if len(text) > most:
        words = _("This is %(over)d characters too long.")
        raise Invalid(words % {"over": len(text) - most}, field=field)
    return text if field == "replacement" else text.strip()


def checked_replacement(replacement, quote, text) -> str | None:
    if replacement is None:
        if not str(text or "").strip():
            raise Invalid(_("Write something first."), field="text")
        return None
    if not quote:
        raise Invalid(_("Say which words it should replace."), field="quote")
    replacement = clean(replacement, "replacement", MOST_WORDS)
    if replacement == quote:
        raise Invalid(_("These are the words that stand there already."), field="replacement")
    return replacement


# --- where it belongs


def anchored(revision, variant: Variant | None = None, start=None, end=None, quote="") -> dict:
    """The stretch, checked against the very text; words alone are looked for."""
    if variant is not None and variant.revision_id != revision.pk:
        raise Invalid(_("That is a stretch of another revision."), field="revision")
    if quote := clean(quote, "replacement", MOST_WORDS).strip("\n"):
        return quoted(revision, variant, start, quote)
    if start is None and end is None:
        return {"variant": variant, "start": None, "end": None, "quote": ""}
    text = variant.text if variant else ""
    if start is None or end is None or not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise Invalid(_("There is no such stretch in this text."), field="start")
    return {"variant": variant, "start": start, "end": end, "quote": text[start:end]}


def quoted(revision, variant, start, quote) -> dict:
    among = [variant] if variant else list(revision.variants.all())
    for each in among:
        if start is not None and each.text[start : start + len(quote)] == quote:
            return stretch(each, start, quote)
        found = anchoring.occurrences(quote, each.text)
        if len(found) > 1 and start is None:
            raise Invalid(
                _("These words stand there more than once. Quote some more of them."), field="quote"
            )
        if found:
            return stretch(each, min(found, key=lambda at: abs(at - (start or 0))), quote)
    raise Invalid(_("These words are not in the text. Copy them exactly as they stand there."), field="quote")


def stretch(variant, start, quote) -> dict:
    return {"variant": variant, "start": start, "end": start + len(quote), "quote": quote}


def place_in(comment: Comment, text: str | None) -> anchoring.Place | None:
    """Where it belongs in another text of its channel; None when its words are gone, or it has none."""
    if comment.variant is None or comment.start is None or comment.end is None or not text:
        return None
    return anchoring.find(comment.variant.text, comment.start, comment.end, text)


# --- telling


def timeline_of(comment) -> int | None:
    """Only what the client reads too is told on the incident's timeline."""
    return None if comment.is_internal else comment.statement.incident_id


def facts(comment, words="") -> dict:
    """Without a word of what is internal. Not under `statement`: an evidence pack collects by that name."""
    told = {
        "about_statement": comment.statement_id,
        "title": comment.statement.title,
        "revision": comment.revision.number,
        "audience": comment.audience,
        "side": comment.side,
    }
    return told | ({} if comment.is_internal or not words else {"words": words[:SHOWN]})


def tell(kind, comment, words, *, by, now) -> None:
    history.record(
        kind, by=by, now=now, subject=comment, incident=timeline_of(comment), **facts(comment, words)
    )
