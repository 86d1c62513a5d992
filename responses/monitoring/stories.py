"""Copies, shares and reprints of one thing gathered into a story, with how it spread.

Works through the batches that were taken in, in the order of the history: each event names its mentions, so
no mention is gathered twice and none is left out, whatever dies in between. A mention is compared with at
most `COMPARED` stories that share a piece of its fingerprint, however many there are. Everything a mention
needs is looked up for the whole batch at once.

A mention that nobody copied has a story of one, which is no story yet: only the second one is shown where
it belongs, and what stays alone is forgotten after a week.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from datetime import timedelta

from django.db import connection, transaction

from responses.core.models import DeadLetter, Event

from . import crossing, risk, sparing, story_keys
from .likeness import Print, alike, print_of
from .models import Baseline, Mention, Source, Story, StoryKey
from .platforms import platform_of
from .sources.reading import LARGEST
from .storing import rewrite

PLACE = "stories"  # the Baseline row that says up to which event all is gathered
CHUNK = 500  # mentions looked at together
COMPARED = 5  # stories a mention is compared with
OF_ONE_KEY = 8  # stories looked up by one key: the newest
LINKED = 20  # of a batch's mentions of one story: their links lead to it too
GROWING = ("mention_count", "platforms", "reach", "first_at", "last_at", "first_mention_id", "title")
REWEIGHED = 1_000  # the newest of the grown stories of a chunk


class Busy(Exception):
    """Another worker gathers this brand's stories right now."""


@dataclass
class Strand:
    """A story while a batch is worked through."""

    story: Story
    print: Print | None  # of its first mention; None when that is gone
    joined: list[Mention] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)  # new ones it is found by
    was: int = 0  # its mentions before the batch
    before: tuple[str, ...] = ()  # and its platforms
    alone: int | None = None  # the mention that was its first before the batch


@dataclass(frozen=True)
class Gathered:
    """What became of some mentions."""

    mentions: int
    joined: int  # those that belong to a story of several
    compared: int  # pairs of texts that were laid side by side


def spans(pks: Iterable[int]) -> list[list[int]]:
    """Numbers as ranges from … to: what an event says of the mentions it brought."""
    found: list[list[int]] = []
    for pk in sorted(pks):
        if found and found[-1][1] == pk - 1:
            found[-1][1] = pk
        else:
            found.append([pk, pk])
    return found


def gather(now) -> Gathered | None:
    """Gather the next batch that was taken in; None when all are gathered."""
    Baseline.objects.get_or_create(name=PLACE)
    try:
        return gather_next(now)
    except (Busy, *sparing.AWAY):
        raise
    except Exception:
        sparing.note_failure(PLACE)
        raise


@transaction.atomic
def gather_next(now) -> Gathered | None:
    place = Baseline.objects.select_for_update(skip_locked=True).filter(name=PLACE).first()
    if place is None:
        raise Busy
    event = waiting(place.state.get("seq", 0)).first()
    if event is None:
        return None
    if place.state.get("swept") != f"{now:%Y-%m-%d}":
        story_keys.sweep(now)
    failed = sparing.failures(place)
    done, out = sparing.worked_through(mentions_of(event), lambda some: take_in(some, now), failed=failed)
    if out:
        DeadLetter.objects.create(reader=PLACE, event=event, error="\n".join(out), at=now)
    place.state = {"seq": event.seq, "swept": f"{now:%Y-%m-%d}"}
    place.upto_at = event.at
    place.save(update_fields=["state", "upto_at"])
    return Gathered(*(sum(each) for each in zip((0, 0, 0), *map(astuple, done), strict=True)))


def waiting(seq: int):
    """The events whose mentions are not gathered yet."""
    return Event.objects.filter(kind="mention.ingested", seq__gt=seq, data__has_key="stored").order_by("seq")


def is_behind() -> bool:
    place = Baseline.objects.filter(name=PLACE).first()
    return waiting(place.state.get("seq", 0) if place else 0).exists()


def mentions_of(event: Event) -> list[Mention]:
    """Those of the event that are the brand's own; the others are kept aside or told about elsewhere."""
    found: list[Mention] = []
    for first, last in event.data["stored"]:
        rows = Mention.objects.filter(pk__range=(first, last), is_own=True, is_excluded=False)
        found += rows.defer("search").select_related("source")
    return found


def take_in(mentions: Sequence[Mention], now) -> Gathered:
    """Put each into the story it belongs to, and weigh its risk."""
    joined = compared = 0
    for start in range(0, len(mentions), CHUNK):
        chunk = sorted(
            mentions[start : start + CHUNK], key=lambda mention: (mention.published_at, mention.pk)
        )
        strands, looked = sort_out(chunk)
        compared += looked
        joined += keep(strands, now)
    return Gathered(len(mentions), joined, compared)


# --- sorting out


def sort_out(mentions: Sequence[Mention]) -> tuple[list[Strand], int]:
    """The strand of each mention, known or new; and how many pairs of texts were compared."""
    prints = [printed(mention) for mention in mentions]
    places = known_places(prints)
    strands: dict[int, Strand] = {}
    compared = 0
    for mention, mark in zip(mentions, prints, strict=True):
        strand, looked = belongs_to(mark, places)
        compared += looked
        if strand is None:
            strand = Strand(Story(first_mention=mention, first_at=mention.published_at), mark)
            stand_at(strand, mark.keys, places)
        elif len(strand.joined) < LINKED:
            stand_at(strand, [link for link in mark.links if link not in places], places)
        strand.joined.append(mention)
        strands[id(strand)] = strand
    return list(strands.values()), compared


def stand_at(strand: Strand, keys: Iterable[int], places: dict[int, list[Strand]]) -> None:
    """From now on the strand is found by these keys; the newest comes first, as they are looked up."""
    for key in keys:
        places[key] = [strand, *places.get(key, [])][:OF_ONE_KEY]
        strand.keys.append(key)


def printed(mention: Mention) -> Print:
    """An article's address is the article; a post's or review's says nothing of what others share."""
    url = mention.url if mention.source.kind == Source.Kind.RSS else ""
    return print_of(mention.text, mention.title, url)


def known_places(prints: Iterable[Print]) -> dict[int, list[Strand]]:
    """The stories that stand under each key, the newest first."""
    keys = sorted({key for mark in prints for key in mark.keys})
    table = StoryKey._meta.db_table
    sql = (
        f"SELECT wanted, held.story_id FROM unnest(%s::int8[]) wanted CROSS JOIN LATERAL (SELECT story_id "  # noqa: S608
        f"FROM {table} WHERE key = wanted ORDER BY story_id DESC LIMIT {OF_ONE_KEY}) held"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys])
        rows = cursor.fetchall()
    stories = Story.objects.filter(pk__in={story for _key, story in rows})
    strands = {
        story.pk: strand_of(story)
        for story in stories.select_related("first_mention__source").defer("first_mention__search")
    }
    places: dict[int, list[Strand]] = {}
    for key, story in rows:
        places.setdefault(key, []).append(strands[story])
    return places


def strand_of(story: Story) -> Strand:
    first = story.first_mention
    return Strand(
        story,
        printed(first) if first else None,
        was=story.mention_count,
        before=tuple(story.platforms),
        alone=story.first_mention_id,
    )


def belongs_to(mark: Print, places: dict[int, list[Strand]]) -> tuple[Strand | None, int]:
    """The strand with the same words or link; else the likeliest of those that share most of the rest."""
    for key in mark.sure:
        if key in places:
            return places[key][-1], 0
    shared: Counter[int] = Counter()
    by_id: dict[int, Strand] = {}
    for key in mark.near:
        for strand in places.get(key, ()):
            shared[id(strand)] += 1
            by_id[id(strand)] = strand
    for looked, (name, _count) in enumerate(shared.most_common(COMPARED), 1):
        other = by_id[name].print
        if other is not None and alike(mark, other):
            return by_id[name], looked
    return None, min(len(shared), COMPARED)


# --- keeping


def keep(strands: list[Strand], now) -> int:
    """Write down the stories as they are now, with what belongs to them; returns how many do."""
    for strand in strands:
        grow(strand)
    fresh = [strand.story for strand in strands if not strand.was and strand.keys]
    Story.objects.bulk_create(fresh, batch_size=1000)
    story_keys.store(((key, each.story) for each in strands for key in dict.fromkeys(each.keys)), now)
    known = [strand.story for strand in strands if strand.was]
    rewrite(Story, known, GROWING)
    StoryKey.objects.filter(story__in=known, at__lt=now - timedelta(days=1)).update(at=now)
    touched = placed(strands)
    risk.weigh(touched)
    risk.keep(touched)
    for strand in strands:
        if len(strand.story.platforms) > len(strand.before) > 0:
            crossing.consider_crossing(strand.story, strand.before, now=now)
    return sum(len(strand.joined) for strand in strands if strand.story.mention_count > 1)


def grow(strand: Strand) -> None:
    """Count what joined into the story. The first to say it may be heard late."""
    story = strand.story
    for mention in strand.joined:
        platform = platform_of(mention)
        others = [name for name in story.platforms if name != platform]
        if mention.published_at < story.first_at:
            story.first_mention, story.first_at, story.platforms = (
                mention,
                mention.published_at,
                [platform, *others],
            )
        elif platform not in story.platforms:
            story.platforms = [*story.platforms, platform]
        story.mention_count += 1
        story.reach = min(story.reach + (mention.reach or 0), LARGEST)
        story.last_at = max(story.last_at or mention.published_at, mention.published_at)
    first = story.first_mention
    if first is not None:
        story.title = (first.title or " ".join(first.text.split()))[:140]


def placed(strands: list[Strand]) -> list[Mention]:
    """The mentions whose story or risk is to be written: the new ones, and some of stories that grew much."""
    alone = alone_in(strands)
    stories = {strand.story.pk: strand.story for strand in strands if strand.was}
    touched = {mention.pk: mention for mention in told_before(strands)}
    for mention in touched.values():
        mention.story = stories[mention.story_id or alone[mention.pk]]
    for strand in strands:
        for mention in strand.joined:
            mention.story = strand.story if strand.story.mention_count > 1 else None
            touched[mention.pk] = mention
    return list(touched.values())


def alone_in(strands: list[Strand]) -> dict[int, int]:
    """The mentions that were alone until now, with their stories."""
    return {one.alone: one.story.pk for one in strands if one.was == 1 and one.alone}


def told_before(strands: list[Strand]) -> list[Mention]:
    """What the stories held before, as far as their growing changes something about it: two queries."""
    plain = Mention.objects.defer("search").select_related("source")
    grown = [strand.story.pk for strand in strands if strand.was > 1 and leapt(strand)]
    newest = plain.filter(story__in=grown).order_by("-published_at")[:REWEIGHED]
    return [*plain.filter(pk__in=alone_in(strands)), *newest]


def leapt(strand: Strand) -> bool:
    """Twice as many, or on another platform: often enough that risk follows, seldom enough to be cheap."""
    story = strand.story
    more = story.mention_count.bit_length() > strand.was.bit_length()
    return more or len(story.platforms) > len(strand.before)
