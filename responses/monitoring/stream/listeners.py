"""Who listens to the stream, and for what: the rules of all brands with a listening source, in one index."""

import logging
from collections import defaultdict

from django.db import ProgrammingError

from responses.monitoring import naming, states
from responses.monitoring.ingesting import all_said, mention_of
from responses.monitoring.matching import RuleIndex
from responses.monitoring.models import Rule, Source
from responses.monitoring.query import compile_expanded, post_of
from responses.monitoring.query.errors import QueryError
from responses.monitoring.sentiment import classify_many
from tenants import context
from tenants.models import Brand

log = logging.getLogger(__name__)
Key = tuple[int, int]  # a brand's number, and its rule's


class Listeners:
    """Kept up to date brand by brand while it is asked: there is no moment without an index."""

    def __init__(self) -> None:
        self.brands: dict[int, Brand] = {}  # those that listen
        self._index: RuleIndex[Key] = RuleIndex()
        self._rules: dict[int, set[Key]] = {}
        self._waiting: list[int] = []  # brands still to be looked at in this round

    def __bool__(self) -> bool:
        return bool(self.brands)

    def read_all(self) -> None:
        """Read everything anew, and build the index knowing all the rules: it is quicker for that."""
        self.brands, queries = {}, {}
        for brand in Brand.objects.all():
            try:
                asked = listens_for(brand)
            except ProgrammingError:
                log.exception("%s is left out until its schema can be read", brand.slug)
                continue
            if asked is not None:
                self.brands[brand.pk] = brand
                queries.update(asked)
        self._index = RuleIndex(compiled(queries))
        self._rules = defaultdict(set)
        for key in queries:
            self._rules[key[0]].add(key)

    def read(self, brand_id: int) -> None:
        """Read one brand anew: something of it has changed."""
        brand = Brand.objects.filter(pk=brand_id).first()
        try:
            asked = listens_for(brand) if brand else None
        except ProgrammingError:  # its schema is being migrated: it listens for what it did
            return
        self._index.keep_to(asked or {}, among=list(self._rules.pop(brand_id, ())))
        self.brands.pop(brand_id, None)
        if brand and asked is not None:
            self.brands[brand_id] = brand
            self._rules[brand_id] = set(asked)

    def read_next(self) -> None:
        """One brand more of an endless round: what no message told of is noticed too, a little later."""
        if not self._waiting:
            self._waiting = list(Brand.objects.values_list("pk", flat=True))
        if self._waiting:
            self.read(self._waiting.pop())

    def wanted(self, items, now) -> dict[int, list]:
        """Brand → what any of its rules matches, in the order it was written."""
        found = defaultdict(list)
        read = classify_many(all_said(item) for item in items)
        for item, understood in zip(items, read, strict=True):
            post = post_of(mention_of(None, item, understood, now), Source.Kind.STREAM)
            for brand_id in {brand_id for brand_id, _rule in self._index.match(post)}:
                found[brand_id].append(item)
        return found


def listens_for(brand: Brand) -> dict[Key, str] | None:
    """The brand's rules written out, or None when no source of it listens to the stream."""
    if not brand.works:
        return None
    with context.inside(brand):
        if stream_source() is None:
            return None
        saved = naming.known()
        rules = Rule.objects.filter(is_active=True).values_list("pk", "query")
        return {(brand.pk, pk): naming.written_out(query, saved) for pk, query in rules}


def stream_source() -> Source | None:
    """The brand's source that what is heard belongs to."""
    return Source.objects.filter(kind=Source.Kind.STREAM, status=states.LISTENING).order_by("pk").first()


def compiled(queries):
    """A query that an older release accepted and this one does not must not stop the others."""
    for key, query in queries.items():
        try:
            yield key, compile_expanded(query)
        except QueryError:
            continue
