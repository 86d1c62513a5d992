"""What the feed shows: filters as the address has them, and pages that stay put when mentions arrive."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Max, Prefetch, Q, Value

from . import states
from .models import Alert, Match, Mention
from .search import search_query

PAGE = 50
LAST_PAGE = 2_000  # as far as an address may jump; older ones are reached by dates
NEWEST = ("published_at", "pk")
ORDERS = {"risk": ("risk", *NEWEST), "reach": ("reach", *NEWEST)}  # each from the greatest down
MOST_NEWS = 100  # counted at most
LATELY = 5_000  # mentions among which a search looks first
NOTHING = Value(timedelta(0))  # added to an order, it keeps the feed's index out of it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """What a person asked the feed for; empty means all."""

    q: str = ""
    tone: str = ""
    source: int | None = None
    rule: int | None = None
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None
    triage: str = ""  # a state; "all" for every one; empty for what is not set aside
    kind: str = ""  # of the source
    country: str = ""
    reach: int | None = None  # at least
    risk: int | None = None  # at least
    verified: str = ""  # "yes", "no"
    about: str = ""  # "own", "others"
    order: str = ""  # a name of ORDERS; empty for the newest first

    @property
    def any(self) -> bool:
        return self != Filters()

    def mentions(self):
        """The mentions that pass, in no order yet."""
        found = self.triaged()
        if self.q:
            found = found.filter(search=search_query(self.q))
        if self.rule:
            found = found.filter(matches__rule=self.rule)
        plain = {
            "sentiment": self.tone,
            "source": self.source,
            "language": self.language,
            "published_at__gte": self.since,
            "published_at__lt": self.until,
            "source__kind": self.kind,
            "country": self.country.lower(),
            "reach__gte": self.reach,
            "risk__gte": self.risk,
        }
        found = found.filter(**{name: value for name, value in plain.items() if value})
        for name, column, yes in (("verified", "verified", "yes"), ("about", "is_own", "own")):
            if value := getattr(self, name):
                found = found.filter(**{column: value == yes})
        return found

    def triaged(self):
        """What is set aside, by a person or an exclusion, shows only when it is asked for."""
        if self.triage == "all":
            return Mention.objects.all()
        if self.triage:
            return Mention.objects.filter(triage=self.triage)
        return Mention.objects.exclude(triage=states.SET_ASIDE)

    @property
    def columns(self) -> tuple[str, ...]:
        return ORDERS.get(self.order, NEWEST)


@dataclass(frozen=True)
class Page:
    """One page of mentions, and the addresses of its neighbours."""

    mentions: list
    previous_url: str | None
    next_url: str | None


def rich(found):
    """With all that a row shows, in a number of queries that does not grow with the rows."""
    matches = Match.objects.select_related("rule").order_by("rule__name")
    return (
        found.defer("search")
        .select_related("source")
        .prefetch_related(Prefetch("matches", matches, "matched"))
    )


def page_of(filters: Filters, query: dict, size: int = PAGE) -> Page:
    """The page that `query` (the request's GET) points to with `before`, `after` or `page`; else the first.

    A page is found by the place of its neighbour, so it stays put when mentions arrive. Orders other than
    the newest first are read by number, since their greatest are few.
    """
    found = rich(filters.mentions())
    if filters.columns != NEWEST:
        return numbered_page(filters, found, query, size)
    before, after = place(query.get("before", "")), place(query.get("after", ""))
    before = before or place_of_page(filters, query, size)
    if after:
        rows = list(found.filter(newer_than(*after)).order_by("published_at", "pk")[: size + 1])
        more_newer, more_older = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        older = found.filter(older_than(*before)) if before else found
        rows = newest_of(older, size + 1, before) if filters.q else list(in_order(older)[: size + 1])
        more_newer, more_older = bool(before), len(rows) > size
        rows = rows[:size]
    return Page(
        rows,
        address(query, after=mark_of(rows[0])) if rows and more_newer else None,
        address(query, before=mark_of(rows[-1])) if rows and more_older else None,
    )


def in_order(found):
    return found.order_by("-published_at", "-pk")


def newest_of(found, count: int, before=None) -> list[Mention]:
    """The newest that a search finds, however common its words are, and however long ago they were said.

    First among the next few thousand of all, along the feed's index; a word too rare there is looked up in
    the index of words. PostgreSQL alone would walk the feed to its end for a word of last year's storm.
    """
    every = Mention.objects.filter(older_than(*before)) if before else Mention.objects.all()
    newest = in_order(every).values("pk")[:LATELY]
    rows = list(in_order(found.filter(pk__in=newest))[:count])
    if len(rows) == count:
        return rows
    at = ExpressionWrapper(F("published_at") + NOTHING, DateTimeField())
    return list(found.order_by(at.desc(), "-pk")[:count])


def shown(filters: Filters, seen: int):
    """All that the feed's pages show of what had come when `seen` was the last mention."""
    return with_figure(filters, filters.mentions().filter(pk__lte=seen))


def with_figure(filters: Filters, found):
    """Orders other than the newest first hold only what has the figure they go by."""
    return found if filters.columns == NEWEST else found.filter(**{f"{filters.columns[0]}__gt": 0})


def numbered_page(filters: Filters, found, query: dict, size: int) -> Page:
    number = page_number(query)
    ordered = with_figure(filters, found).order_by(*(f"-{name}" for name in filters.columns))
    rows = list(ordered[(number - 1) * size : number * size + 1])
    return Page(
        rows[:size],
        address(query, page=number - 1) if number > 1 else None,
        address(query, page=number + 1) if len(rows) > size and number < LAST_PAGE else None,
    )


def page_number(query: dict) -> int:
    asked = query.get("page", "")
    return min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1


def place_of_page(filters: Filters, query: dict, size: int):
    """Where `?page=1000` begins: found along the index alone, without reading what lies before it."""
    number = page_number(query)
    if number == 1:
        return None
    marks = filters.mentions().order_by("-published_at", "-pk").values_list("published_at", "pk")
    last = (number - 1) * size - 1
    return marks[last : last + 1].first() or (EPOCH, 0)


def older_than(at, pk):
    return Q(published_at__lte=at) & (Q(published_at__lt=at) | Q(pk__lt=pk))


def newer_than(at, pk):
    return Q(published_at__gte=at) & (Q(published_at__gt=at) | Q(pk__gt=pk))


def mark_of(mention: Mention) -> str:
    """A place in the feed: microseconds since 1970, then the mention's number."""
    return f"{(mention.published_at - EPOCH) // timedelta(microseconds=1)}-{mention.pk}"


def place(mark: str):
    """The place a mark names; None for what is not a mark."""
    at, _dash, pk = mark.partition("-")
    if not (
        at.isascii() and at.isdigit() and pk.isascii() and pk.isdigit() and len(at) < 17 and len(pk) < 18
    ):
        return None
    return EPOCH + timedelta(microseconds=int(at)), int(pk)


def address(query: dict, **changed) -> str:
    kept = {
        name: value
        for name, value in query.items()
        if value and name not in ("before", "after", "seen", "page")
    }
    return "?" + urlencode(kept | changed)


def newest() -> int:
    """The number of the last mention taken in, whatever it is; 0 when there is none."""
    return Mention.objects.aggregate(last=Max("pk"))["last"] or 0


def news(filters: Filters, seen: int) -> dict:
    """How many passing mentions were taken in after `seen`, counted to MOST_NEWS, and the last of them."""
    found = filters.mentions().filter(pk__gt=seen).order_by("pk").values_list("pk", flat=True)
    fresh = list(found[:MOST_NEWS])
    return {"count": len(fresh), "last": fresh[-1] if fresh else None}


def thread_of(mention: Mention, most: int = 50) -> list[Mention]:
    """The posts of its thread in the order they were said, each with its `depth`; empty for a lone post."""
    root = mention.thread or mention.external_id
    of_thread = Q(thread=root) | Q(external_id=root, source=mention.source_id)
    found = list(rich(Mention.objects.filter(of_thread)).order_by("published_at", "pk")[:most])
    depths = {each.external_id: 0 for each in found}
    for each in found:
        each.depth = min(depths.get(each.reply_to, -1) + 1, 4)
        depths[each.external_id] = each.depth
    return found if len(found) > 1 else []


def last_hour(now) -> dict:
    """How many mentions of each tone the last sixty minutes brought."""
    tones = {tone: Count("pk", filter=Q(sentiment=tone)) for tone in Mention.Sentiment.values}
    return Mention.objects.filter(published_at__gt=now - timedelta(hours=1)).aggregate(
        all=Count("pk"), **tones
    )


def alerts_that_call():
    """Those that ask for a person now: live, not snoozed, not held."""
    return Alert.objects.filter(status__in=states.ALERT_LIVE, snoozed_until=None, is_held=False)


def alerts_by_state():
    """The alerts of the list: live ones first, the worst on top, then what was decided."""
    return Alert.objects.select_related("rule", "source", "story", "author", "first_mention").defer(
        "first_mention__search"
    )
