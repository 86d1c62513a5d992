"""One batch of what was found: read its tone, match the rules, store the new, count, alert. All or nothing.

The same batch twice changes nothing the second time: only what the INSERT gave back is new.

    items ─▶ unknown ─▶ understood, matched ─▶ stored ─▶ counted ─▶ alerts ─▶ one event

Locks are taken in this order everywhere: mentions, hours, sources' hours, rules, rules' hours, history.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from responses.core import history
from responses.core.actors import TUGON
from tenants import context

from . import alerting, counting, excluding, naming, states, stories, storing, teaching
from .locking import taking_in
from .matching import RuleIndex
from .models import Mention, Rule
from .query import Post, post_of
from .rating import as_rated
from .sentiment import Understood, classify_many
from .sources.dating import said_at
from .sources.reading import plausible_reach
from .storing import Hit

INDEXES: dict[str, RuleIndex[int]] = {}  # per process, by schema
_asking = threading.Lock()  # whoever holds it brings an index to its own rules, and asks it


@dataclass(frozen=True)
class Ingested:
    """What became of a batch."""

    new: int
    known: int
    matches: int


@dataclass
class Heard:
    """A mention not stored yet, and the rules that match it."""

    mention: Mention
    rules: list[int]


@transaction.atomic
def ingest(source, items, *, now, by=TUGON) -> Ingested:
    """Take in one batch from a source."""
    taking_in()
    heard = understand(source, unknown(source, items), now)
    mentions = storing.store([each.mention for each in heard])
    known = len(items) - len(mentions)
    if not mentions:
        return Ingested(0, known, 0)
    counting.count(mentions)
    matches = keep_matches(heard)
    raised = alerting.consider_all(matches, mentions=mentions, now=now)
    history.record(
        "mention.ingested",
        by=by,
        now=now,
        subject=source,
        name=source.name,
        new=len(mentions),
        known=known,
        matches=len(matches),
        negative=negatives(mentions),
        stored=stories.spans(mention.pk for mention in mentions),
    )
    for alert in raised:
        alerting.announce(alert, now=now)
    return Ingested(len(mentions), known, len(matches))


def negatives(mentions) -> int:
    return sum(mention.sentiment == Mention.Sentiment.NEGATIVE for mention in mentions)


# --- what is new


def unknown(source, items) -> list:
    """The items not stored yet, each once, so that what a feed shows again costs no reading.

    A parallel reader may store them meanwhile: the INSERT has the last word.
    """
    different = {item.external_id[:500]: item for item in reversed(items)}
    known = Mention.objects.filter(source=source, external_id__in=different)
    for external_id in known.values_list("external_id", flat=True):
        del different[external_id]
    return list(different.values())


# --- understanding


def understand(source, items, now) -> list[Heard]:
    """Each item as the mention it becomes, with its tone and the rules that match it."""
    if not items:
        return []
    is_excluded = excluding.excluder()
    read = classify_many((all_said(item) for item in items), adjust=teaching.adjustment())
    mentions = [
        mention_of(source, item, understood, now) for item, understood in zip(items, read, strict=True)
    ]
    posts: list[Post | None] = []
    for mention in mentions:
        post = post_of(mention, source.kind, source.name)
        if is_excluded and is_excluded(post):  # kept, but set aside: it is not counted and matches nothing
            mention.is_excluded, mention.triage = True, states.SET_ASIDE
        posts.append(None if mention.is_excluded else post)
    watches, matching = matched(posts)
    for mention, found in zip(mentions, matching, strict=True):
        mention.is_own = not found or any(watches[pk] == Rule.Watches.BRAND for pk in found)
    return [Heard(mention, found) for mention, found in zip(mentions, matching, strict=True)]


def all_said(item) -> str:
    return f"{item.title}\n{item.text}" if item.title != item.text else item.text


def mention_of(source, item, understood: Understood, now) -> Mention:
    understood = as_rated(understood, item.raw.get("rating"))
    language = understood.language if understood.language != "und" else item.language
    return Mention(
        source=source,
        external_id=item.external_id[:500],
        url=item.url[:2000],
        author=item.author[:200],
        author_url=item.author_url[:2000],
        title=item.title[:500],
        text=item.text,
        language=(language or "und")[:12],
        sentiment=understood.sentiment,
        score=understood.score,
        country=item.country[:2].lower(),
        reach=plausible_reach(item.reach),
        verified=item.verified,
        media=" ".join(item.media)[:40],
        reply_to=item.reply_to[:500],
        thread=item.thread[:500],
        published_at=said_at(item.published_at, now) or now,
        seen_at=now,
    )


def matched(posts: Iterable[Post | None]) -> tuple[dict[int, str], list[list[int]]]:
    """What the active rules watch, and which of them match each of the posts.

    The index is kept per process, and only what changed is compiled. Threads share it and may have read the
    rules at different moments: each brings it to what it read and asks it before another may.
    """
    rules = list(Rule.objects.filter(is_active=True).values_list("pk", "query", "watches"))
    saved = naming.known()
    queries = {pk: naming.written_out(query, saved) for pk, query, _watches in rules}
    with _asking:
        index = INDEXES.setdefault(context.here().schema_name, RuleIndex())
        index.keep_to(queries)
        found = [sorted(index.match(post)) if post else [] for post in posts]
    return {pk: watches for pk, _query, watches in rules}, found


# --- matches


def keep_matches(heard: list[Heard]) -> list[Hit]:
    """Write down which rule matched which of the new mentions, and count it in the rule's hours.

    The rules are locked first and in order; one that was removed meanwhile has matched nothing.
    """
    wanted = {pk for each in heard if each.mention.pk for pk in each.rules}
    locked = Rule.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    there = set(locked.values_list("pk", flat=True))
    found = [
        Hit(pk, each.mention, each.mention.published_at)
        for each in heard
        if each.mention.pk
        for pk in each.rules
        if pk in there
    ]
    storing.store_matches(found)
    counting.count_matches(found)
    return found
