"""Rules: what to look for, tried on the past before it is trusted with the future."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from responses.core import history
from responses.core.transitions import change
from responses.errors import Invalid
from tenants import context, jobs

from . import counting, storing
from .locking import all_taken_in
from .models import Mention, Rule
from .naming import known, look_again, understood
from .query import Advice, Post, lint, post_of
from .storing import Hit

LOOK_BACK = timedelta(days=30)
MOST_LOOKED_AT = 20_000  # as much as a page may wait for
SAMPLE = 5
CHUNK = 1000
FIELDS = {"name", "query", "is_active", "raises_alert", "alert_after", "opens_incident", "severity"} | {
    "watches",
    "subject",
    "sensitivity",
}


@dataclass(frozen=True)
class Preview:
    """What a query would have found: how many of how many mentions, since when, and the newest few."""

    count: int
    looked_at: int
    since: object
    sample: list
    terms: tuple
    too_common: bool
    capped: bool
    advice: list[Advice]


def add_rule(*, by, now, **fields) -> Rule:
    """A new rule; it also finds what it would have matched in the last month, without alarm."""
    rule = Rule(**checked(fields))
    with transaction.atomic(), one_of_its_name():
        rule.save()
        history.record("rule.added", by=by, now=now, subject=rule, name=rule.name, query=rule.query)
        jobs.enqueue("match_past", context.current(), rule_id=rule.pk)
    return rule


def change_rule(rule: Rule, *, by, now, **fields) -> Rule:
    """Change a rule. A new query looks at the last month anew; what alerts have counted stays theirs.

    Switched on it looks back too, without alarm: while it was off nothing was held against it.
    """
    before, was_active = rule.query, rule.is_active
    with transaction.atomic(), one_of_its_name():
        change(rule, **checked(fields))
        if rule.query != before:
            look_again(rule)
        elif rule.is_active and not was_active:
            jobs.enqueue("match_past", context.current(), rule_id=rule.pk)
        history.record(
            "rule.changed", by=by, now=now, subject=rule, name=rule.name, query=rule.query, before=before
        )
    return rule


@transaction.atomic
def remove_rule(rule: Rule, *, by, now) -> None:
    """Remove it with its matches; its alerts stay, with their figures. The rule is locked before history."""
    Rule.objects.select_for_update().filter(pk=rule.pk).first()
    history.record("rule.removed", by=by, now=now, subject=rule, name=rule.name, query=rule.query)
    rule.delete()


def checked(fields: dict) -> dict:
    """The fields of a rule, whole and sound; anything wrong is Invalid with the field's name."""
    unknown = set(fields) - FIELDS
    if unknown:
        raise TypeError(f"a rule has no {sorted(unknown)}")
    if "query" in fields:
        if len(fields["query"]) > 4096:
            raise Invalid(_("Use at most %(most)s characters.") % {"most": 4096}, field="query")
        understood(fields["query"])
    if "name" in fields:
        fields["name"] = " ".join(fields["name"].split())
        if not 1 <= len(fields["name"]) <= 120:
            raise Invalid(_("Give the rule a name of at most 120 characters."), field="name")
    if not 1 <= fields.get("alert_after", 1) <= 10_000:
        raise Invalid(_("Between 1 and 10,000."), field="alert_after")
    if not 0 <= fields.get("severity", 0) <= 4:
        raise Invalid(_("A level is 0 to 4."), field="severity")
    return fields


class one_of_its_name:  # noqa: N801  (reads as words after `with`)
    """Turns the database's refusal of a second rule of one name into words."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, IntegrityError) and "rule_name" in str(error):
            raise Invalid(_("There is a rule of this name already."), field="name") from error


def recent(now):
    """The mentions a rule is tried on, newest first."""
    return Mention.objects.filter(published_at__gt=now - LOOK_BACK).order_by("-published_at", "-pk")


def as_post(mention: Mention) -> Post:
    return post_of(mention, mention.source.kind, mention.source.name)


def newest(now) -> list[Post]:
    """The newest mentions of the last thirty days, as many as a page may wait for, as posts."""
    rows = recent(now).select_related("source").defer("search")[:MOST_LOOKED_AT]
    return [as_post(mention) for mention in rows.iterator(chunk_size=CHUNK)]


def preview(query: str, *, now) -> Preview:
    """Try the query on the last thirty days, or on as many mentions as a page may wait for."""
    asked = understood(query)
    looked_at, found, oldest = 0, [], None
    rows = recent(now).select_related("source").defer("search")[:MOST_LOOKED_AT]
    for mention in rows.iterator(chunk_size=CHUNK):
        looked_at, oldest = looked_at + 1, mention.published_at
        if asked.matches(as_post(mention)):
            found.append(mention.pk)
    sample = recent(now).filter(pk__in=found[:SAMPLE]).select_related("source")
    capped = looked_at == MOST_LOOKED_AT
    since = oldest if capped else now - LOOK_BACK
    advice = lint(query, known())
    return Preview(len(found), looked_at, since, list(sample), asked.terms, asked.too_common, capped, advice)


def match_past(rule: Rule, *, now) -> int:
    """Write down what the rule matches in the last month: filters and usual figures are true at once."""
    place, found = look_back(rule, None, now)
    while place:
        place, more = look_back(rule, place, now)
        found += more
    return found


def look_back(rule: Rule, place: list | None, now) -> tuple[list | None, int]:
    """A piece of it, from a place backwards: where to go on (None: all is done), and how many matched."""
    rows = recent(now).filter(is_excluded=False).select_related("source").defer("search")
    if place:
        at, pk = place
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk))
    else:
        all_taken_in()
    chunk, asked = list(rows[:CHUNK]), understood(rule.query)
    found = keep_past(rule, [mention for mention in chunk if asked.matches(as_post(mention))])
    last = chunk[-1] if len(chunk) == CHUNK else None
    return last and [last.published_at.isoformat(), last.pk], found


@transaction.atomic
def keep_past(rule: Rule, mentions) -> int:
    """Keep and count the matches not there yet; nothing if the rule was changed or removed meanwhile."""
    if not mentions:
        return 0
    if rule.watches == Rule.Watches.BRAND:
        own_after_all(mentions)
    if not Rule.objects.filter(pk=rule.pk, query=rule.query).select_for_update(no_key=True):
        transaction.set_rollback(True)
        return 0
    matches = [Hit(rule.pk, mention, mention.published_at) for mention in mentions]
    counting.count_matches(storing.store_new_matches(matches))
    return len(matches)


def own_after_all(mentions) -> None:
    """What only rules on others matched so far is the brand's own now, and counts as such."""
    strangers = Mention.objects.filter(pk__in=[mention.pk for mention in mentions], is_own=False)
    found = list(strangers.defer("search").order_by("pk").select_for_update(no_key=True))
    Mention.objects.filter(pk__in=[mention.pk for mention in found]).update(is_own=True)
    for mention in found:
        mention.is_own = True
    counting.count(found)
