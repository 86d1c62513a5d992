"""Which words a period says more often than the one before, and what goes together in topics.

Each word and pair is counted once a text. What is judged is its share of the texts, by Dunning's
log-likelihood ratio ("Accurate Methods for the Statistics of Surprise and Coincidence", Computational
Linguistics 19(1), 1993), which unlike chi-square can be trusted with rare words. Of either period
at most the newest `READ` texts are read, so the work does not grow with the brand.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max

from .models import Match, Mention
from .wording import as_written, terms, texts_of

READ = 4_000  # texts of a period that are read, the newest first
SEEN = 3  # a word in fewer texts is chance
SURPRISE = 10.83  # the ratio that chance passes once in a thousand words
TOGETHER = 0.6  # of a word's texts: with so many in common, a pair replaces it
OF_ONE_TOPIC = 0.4  # so much of the rarer term's texts holds the other one too


@dataclass(frozen=True)
class Term:
    """A word or pair, in how many texts of the period and of the one before, and how much its share grew."""

    term: str
    count: int
    before: int
    factor: float  # times its share of the texts before (a word never said counts as half a text)

    @property
    def is_new(self) -> bool:
        return not self.before


@dataclass(frozen=True)
class Topic:
    """Terms that stand in the same texts, the strongest first."""

    terms: list[Term]
    count: int  # texts with at least one of them
    mention: int  # one that holds most of them

    @property
    def name(self) -> str:
        return " · ".join(term.term for term in self.terms[:3])


@dataclass
class Texts:
    """What was read of a period."""

    total: int
    places: dict[str, list[int]]  # in which texts each term stands, by their order
    spelt: dict[str, Counter]
    pks: list[int]

    def count(self, term: str) -> int:
        return len(self.places.get(term, ()))


def trending(since, until, *, rule=None, source=None, limit: int = 20) -> list[Term]:
    """What is said more often from `since` to `until` than in as long before; the most surprising first."""
    now, before = _both(since, until, rule, source)
    return [shown for _term, shown in _rising(now, before)[:limit]]


def topics(since, until, *, rule=None, source=None, limit: int = 8) -> list[Topic]:
    """The rising terms, gathered where they stand in the same texts; the topic of most texts first."""
    now, before = _both(since, until, rule, source)
    rising = _rising(now, before)[: 6 * limit]
    found = [_topic(group, now) for group in _groups(rising, now)]
    return sorted(found, key=lambda topic: -topic.count)[:limit]


def drivers(mentions, limit: int = 5) -> dict[str, list[dict]]:
    """Which terms, authors and sources a number of mentions come from, most first; plain enough for JSON.

    Terms are those that set these mentions apart from what the brand heard before the first of them.
    """
    newest = mentions.order_by("-published_at", "-pk")
    now = _read(newest.values_list("pk", "title", "text")[:READ])
    first = mentions.order_by("published_at").values_list("published_at", flat=True).first()
    before = _read(_newest(Mention.objects.filter(published_at__lt=first)) if first else [])
    plain = Mention.objects.filter(pk__in=now.pks).order_by()
    return {
        "terms": [{"name": one.term, "count": one.count} for _term, one in _rising(now, before)[:limit]],
        "authors": _most(plain.exclude(author=""), "author", limit),
        "sources": _most(plain, "source__name", limit),
    }


def _most(mentions, field: str, limit: int) -> list[dict]:
    counted = mentions.values(field).annotate(count=Count("pk"), reach=Max("reach"))
    rows = counted.order_by("-count", "-reach", field)[:limit]
    return [{"name": row[field], "count": row["count"]} for row in rows]


# --- reading


def _both(since, until, rule, source) -> tuple[Texts, Texts]:
    return (
        _read(_rows(since, until, rule, source)),
        _read(_rows(since - (until - since), since, rule, source)),
    )


def _rows(since, until, rule, source):
    """The newest texts of a period, along an index."""
    if rule is not None:
        matches = Match.objects.filter(rule=rule, at__gte=since, at__lt=until, mention__is_excluded=False)
        if source is not None:
            matches = matches.filter(mention__source=source)
        return matches.order_by("-at").values_list("mention_id", "mention__title", "mention__text")[:READ]
    mentions = Mention.objects.filter(published_at__gte=since, published_at__lt=until)
    return _newest(mentions if source is None else mentions.filter(source=source))


def _newest(mentions):
    """Of the brand itself, as far as they are read."""
    own = mentions.filter(is_own=True, is_excluded=False)
    return own.order_by("-published_at", "-pk").values_list("pk", "title", "text")[:READ]


def _read(rows: Iterable[tuple[int, str, str]]) -> Texts:
    rows = list(rows)
    places: dict[str, list[int]] = defaultdict(list)
    spelt: dict[str, Counter] = {}
    for at, text in enumerate(texts_of((title, text) for _pk, title, text in rows)):
        for term in terms(text, spelt):
            places[term].append(at)
    return Texts(len(rows), places, spelt, [row[0] for row in rows])


# --- judging


def _rising(now: Texts, before: Texts) -> list[tuple[str, Term]]:
    """Terms whose share grew beyond chance, as counted and as shown; the most surprising first."""
    if not before.total:  # nothing to compare with: simply what is said most
        judged = {term: float(len(at)) for term, at in now.places.items() if len(at) >= SEEN}
    else:
        judged = {
            term: surprise
            for term, at in now.places.items()
            if len(at) >= SEEN and (surprise := _growth(len(at), now, term, before)) >= SURPRISE
        }
    order = sorted(judged, key=lambda term: (-judged[term], term))
    hidden = _told_by_a_pair(order, now)
    return [(term, _shown(term, now, before)) for term in order if term not in hidden]


def _growth(count: int, now: Texts, term: str, before: Texts) -> float:
    other = before.count(term)
    return surprise(count, now.total, other, before.total) if count * before.total > other * now.total else 0


def surprise(one: int, all_one: int, other: int, all_other: int) -> float:
    """Dunning's ratio: how hard it is to believe that both shares are one."""
    common = (one + other) / (all_one + all_other)
    return 2 * (
        _likely(one, all_one, one / all_one)
        + _likely(other, all_other, other / all_other)
        - _likely(one, all_one, common)
        - _likely(other, all_other, common)
    )


def _likely(hits: int, tries: int, share: float) -> float:
    """The log of how likely so many hits are."""
    found = hits * math.log(share) if hits else 0.0
    missed = (tries - hits) * math.log(1 - share) if tries > hits else 0.0
    return found + missed


def _told_by_a_pair(order: list[str], now: Texts) -> set[str]:
    """Words that nearly always stand in one pair, and pairs that do not hold together."""
    hidden = set()
    for term in order:
        words = term.split()
        if len(words) < 2:
            continue
        pair = now.count(term)
        close = [word for word in words if pair >= TOGETHER * now.count(word)]
        if close:
            hidden.update(close)
        else:
            hidden.add(term)
    return hidden


def _shown(term: str, now: Texts, before: Texts) -> Term:
    count, other = now.count(term), before.count(term)
    usual = max(other, 0.5) / max(before.total, 1)
    return Term(as_written(term, now.spelt), count, other, round(count / now.total / usual, 1))


# --- topics


def _groups(rising: list[tuple[str, Term]], now: Texts) -> list[list[tuple[str, Term]]]:
    """Each term joins the first group whose head it stands with; pairs of terms compared: at most 48²/2."""
    groups: list[list[tuple[str, Term]]] = []
    texts = {term: set(now.places[term]) for term, _shown in rising}
    for term, shown in rising:
        for group in groups:
            if any(_overlap(texts[term], texts[other]) >= OF_ONE_TOPIC for other, _ in group[:3]):
                group.append((term, shown))
                break
        else:
            groups.append([(term, shown)])
    return groups


def _overlap(one: set[int], other: set[int]) -> float:
    return len(one & other) / min(len(one), len(other))


def _topic(group: list[tuple[str, Term]], now: Texts) -> Topic:
    held = Counter(at for term, _shown in group for at in now.places[term])
    fullest = max(held, key=lambda at: (held[at], -at))
    return Topic([shown for _term, shown in group], len(held), now.pks[fullest])
