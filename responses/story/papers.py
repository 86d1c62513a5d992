"""What the brands say in public: drafts of today with their revisions, and statements of the past month."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responses.story.crisis import FIRE_BEFORE
from responses.story.post import MANILA, texts

MONTHS = (
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Enero",
        "Pebrero",
        "Marso",
        "Abril",
        "Mayo",
        "Hunyo",
        "Hulyo",
        "Agosto",
        "Setyembre",
        "Oktubre",
        "Nobyembre",
        "Disyembre",
    ],
)


# What Paolo wrote down in the incident room before anybody spoke in public.
LIAISON = (
    "Coast station Calapan by phone: fire in the engine room is out, all 214 on board are being taken off. "
    "Four with smoke in the lungs, nobody missing. They will call again when the last one is ashore."
)


@dataclass(frozen=True)
class VariantSeed:
    channel: str  # "newsroom" or "bluesky"
    language: str
    title: str
    body: str


@dataclass(frozen=True)
class RevisionSeed:
    by: str  # e-mail of the writer
    note: str
    variants: tuple[VariantSeed, ...]


@dataclass(frozen=True)
class ChangeRequest:
    by: str
    comment: str


@dataclass(frozen=True)
class StatementSeed:
    key: str
    brand: str
    kind: str  # holding, full, notice, update
    title: str
    revisions: tuple[RevisionSeed, ...]
    change_request: ChangeRequest | None = None  # asked about the last revision
    published_at: datetime | None = None  # of the past month only


def holding(now: datetime) -> StatementSeed:
    """Isla Ferries: the first words, ready to be reviewed."""
    return _paper("holding", now)


def full_statement(now: datetime) -> StatementSeed:
    """Isla Ferries: two revisions; the second names the count, the refund and the inquiry."""
    return _paper("full", now)


def bank_notice(now: datetime) -> StatementSeed:
    """Banko Luzon: a customer notice the client sent back with a comment."""
    return _paper("bank-notice", now)


def past(now: datetime) -> tuple[StatementSeed, ...]:
    """Two published newsroom statements each of Isla Ferries and Banko Luzon, oldest first."""
    papers = [_paper(key, now) for key, entry in texts("papers").items() if "days_ago" in entry]
    return tuple(sorted(papers, key=lambda paper: paper.published_at or now))


def _paper(key: str, now: datetime) -> StatementSeed:
    entry = texts("papers")[key]
    asked = entry.get("change_request")
    published_at = now - timedelta(days=entry["days_ago"], hours=3) if "days_ago" in entry else None
    words = _words(published_at or now)
    return StatementSeed(
        key,
        entry["brand"],
        entry["kind"],
        entry["title"],
        tuple(_revision(revision, words) for revision in entry["revisions"]),
        ChangeRequest(asked["by"], asked["comment"]) if asked else None,
        published_at,
    )


def _revision(revision: dict[str, Any], words: dict[str, str]) -> RevisionSeed:
    variants = tuple(
        VariantSeed(
            v["channel"],
            v["language"],
            v.get("title", "").format_map(words),
            v["body"].strip().format_map(words),
        )
        for v in revision["variants"]
    )
    return RevisionSeed(revision["by"], revision["note"], variants)


def _words(now: datetime) -> dict[str, str]:
    """The dates and times a statement names, in both languages."""
    fire = (now - FIRE_BEFORE).astimezone(MANILA)
    since = (now - timedelta(hours=5)).astimezone(MANILA)
    update = _next_half_hour(now + timedelta(hours=2)).astimezone(MANILA)
    words: dict[str, str] = {}
    for name, moment in (("fire", fire), ("update", update), ("since", since)):
        words |= {f"{name}_en": time_en(moment), f"{name}_fil": time_fil(moment)}
        words |= {f"{name}_day_en": day(moment, 0), f"{name}_day_fil": day(moment, 1)}
    return words


def _next_half_hour(moment: datetime) -> datetime:
    past_half = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (timedelta(minutes=30) - past_half if past_half else timedelta())


def time_en(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def time_fil(moment: datetime) -> str:
    parts = ((5, "madaling-araw"), (12, "umaga"), (13, "tanghali"), (18, "hapon"), (24, "gabi"))
    part = next(word for until, word in parts if moment.hour < until)
    return f"{moment.hour % 12 or 12}:{moment:%M} ng {part}"


def day(moment: datetime, language: int) -> str:
    return f"{MONTHS[language][moment.month - 1]} {moment.day}, {moment.year}"
