"""Counts per hour, kept as mentions come in, so that no page and no detector counts mentions.

HourCount and SourceHour count what is about the brand itself and not excluded; RuleHour counts every match.
Each is one statement over rows in order: two batches that meet wait for each other and never in a ring.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from .models import HourCount, Match, Mention, Rule, RuleHour, SourceHour
from .storing import Hit

TONES = ("negative", "neutral", "positive")
ADDED = ", ".join(f"{tone} = held.{tone} + EXCLUDED.{tone}" for tone in TONES)
Counts = dict[tuple, list[int]]


def hour_of(at):
    return at.replace(minute=0, second=0, microsecond=0)


def count(mentions: Iterable[Mention]) -> None:
    """Add new mentions to their hours, and to those of their sources."""
    hours: Counts = {}
    sources: Counts = {}
    for mention in mentions:
        if mention.is_own and not mention.is_excluded:
            place, hour = TONES.index(mention.sentiment), hour_of(mention.published_at)
            hours.setdefault((hour,), [0, 0, 0])[place] += 1
            sources.setdefault((hour, mention.source_id), [0, 0, 0])[place] += 1
    add(HourCount, {"hour": "timestamptz"}, hours)
    add(SourceHour, {"hour": "timestamptz", "source_id": "int8"}, sources)


def uncount(mentions: Iterable[Mention]) -> None:
    """Take mentions that were counted out of their hours again, and out of those of their sources."""
    for mention in mentions:
        at = {"hour": hour_of(mention.published_at)}
        take_one(HourCount.objects.filter(**at), mention)
        take_one(SourceHour.objects.filter(source=mention.source_id, **at), mention)


def hold(mentions: Iterable[Mention]) -> None:
    """Lock the hours of these mentions and those of their sources, in the order they are locked everywhere:
    then they may be counted out and in one by one.
    """
    hours = {hour_of(mention.published_at) for mention in mentions}
    sources = {mention.source_id for mention in mentions}
    list(HourCount.objects.filter(hour__in=hours).order_by("hour").select_for_update(no_key=True))
    of_sources = SourceHour.objects.filter(hour__in=hours, source__in=sources).order_by("hour", "source")
    list(of_sources.select_for_update(no_key=True))


def count_matches(matches: Iterable[Hit]) -> None:
    """Add new matches to their rules' hours."""
    hours: Counts = {}
    for match in matches:
        place, hour = TONES.index(match.mention.sentiment), hour_of(match.at)
        hours.setdefault((match.rule_id, hour), [0, 0, 0])[place] += 1
    add(RuleHour, {"rule_id": "int8", "hour": "timestamptz"}, hours)


def uncount_matches(matches: Iterable[Hit]) -> None:
    for match in matches:
        take_one(RuleHour.objects.filter(rule=match.rule_id, hour=hour_of(match.at)), match.mention)


def take_one(hours, mention: Mention) -> None:
    """Never below nought: hours may have been forgotten meanwhile, and mentions outlive them."""
    tone = mention.sentiment
    hours.filter(**{f"{tone}__gt": 0}).update(**{tone: F(tone) - 1})


def add(model, keys: dict[str, str], counts: Counts) -> None:
    """Add numbers to rows of a table of hours, making those that are not there."""
    if not counts:
        return
    ordered = sorted(counts)
    columns = [[key[place] for key in ordered] for place in range(len(keys))]
    columns += [[counts[key][place] for key in ordered] for place in range(len(TONES))]
    names = ", ".join([*keys, *TONES])
    arrays = ", ".join([f"%s::{kind}[]" for kind in keys.values()] + ["%s::int[]"] * len(TONES))
    sql = (
        f"INSERT INTO {model._meta.db_table} AS held ({names}) SELECT * FROM unnest({arrays}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {ADDED}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, columns)


def recount(rule: Rule) -> None:
    """Count a rule's hours anew from its matches; the caller holds the lock on the rule's row."""
    RuleHour.objects.filter(rule=rule).delete()
    sums = ", ".join(f"count(*) FILTER (WHERE mention.sentiment = '{tone}')" for tone in TONES)
    sql = (
        f"INSERT INTO {RuleHour._meta.db_table} (rule_id, hour, {', '.join(TONES)}) "  # noqa: S608
        f"SELECT found.rule_id, date_trunc('hour', found.at, 'UTC'), {sums} "
        f"FROM {Match._meta.db_table} found "
        f"JOIN {Mention._meta.db_table} mention ON mention.id = found.mention_id "
        "WHERE found.rule_id = %s GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [rule.pk])
