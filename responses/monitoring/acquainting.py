"""What follows once it is known who wrote what is stored: only what the new name, reach and mark change.

A mention is taken here once, when its identifier gives way to a name under its row's lock, and what was
looked at under the identifier is not looked at again: so nothing rings twice. What an alert has counted
stays counted.

Locks are taken in the order of ingesting: mentions, hours, sources' hours, rules, rules' hours, history.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from . import alerting, counting, excluding, naming, recognising, risk, ruling, states, storing
from .locking import taking_in
from .models import Match, Mention, Rule
from .query import Post, Query
from .query.nodes import And, Flag, In, Node, Not, Or, Reach
from .storing import Hit

FIELDS = ("author", "reach", "verified")


@dataclass(frozen=True)
class Who:
    """What is told of an author."""

    author: str
    reach: int | None
    verified: bool | None


@dataclass
class Met:
    """A mention whose author has become known, as it was taken in and as it is now."""

    mention: Mention
    names: set[str]  # those it had before
    before: Post
    after: Post
    gained: list[int] = field(default_factory=list)  # rules that match it now only
    lost: list[int] = field(default_factory=list)  # and that no longer do


@transaction.atomic
def acquaint(known: Mapping[str, Who], mentions, *, now) -> int:
    """Name the authors of those of the mentions that they wrote; returns how many authors were found there.

    `known`: who is behind an identifier. Whoever comes a moment later finds nothing left to name.
    """
    taking_in()  # a rule that is added meanwhile looks back when this is done
    met = [named(mention, known[mention.author]) for mention in locked(mentions.filter(author__in=known))]
    if not met:
        return 0
    storing.rewrite(Mention, [each.mention for each in met], FIELDS)
    heard = [each for each in met if not each.mention.is_excluded]
    counting.hold([each.mention for each in heard])
    excluded = set_aside(heard)
    heard = [each for each in heard if not each.mention.is_excluded]
    rules = match_again(heard)
    gained = keep_changes(rules, heard, excluded)
    weigh([each.mention for each in heard])
    ring(heard, gained, now)
    return len({each.before.author for each in met})


def locked(mentions) -> list[Mention]:
    rows = mentions.select_related("source", "story").defer("search").order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def named(mention: Mention, who: Who) -> Met:
    names, before = recognising.names_of(mention), ruling.as_post(mention)
    mention.author, mention.reach, mention.verified = who.author, who.reach, who.verified
    return Met(mention, names, before, ruling.as_post(mention))


# --- exclusions


def set_aside(heard: list[Met]) -> list[Mention]:
    """What an exclusion holds for now that it did not hold for before is counted no more."""
    is_excluded = excluding.excluder()
    if is_excluded is None:
        return []
    found = [each.mention for each in heard if is_excluded(each.after) and not is_excluded(each.before)]
    counting.uncount(mention for mention in found if mention.is_own)
    for mention in found:
        mention.is_excluded = True
        if mention.triage == states.NEW:  # else a person has looked at it
            mention.triage = states.SET_ASIDE
    storing.rewrite(Mention, found, ("is_excluded", "triage"))
    return found


# --- rules


def match_again(heard: list[Met]) -> list[Rule]:
    """Hold the mentions against the rules that ask who wrote; what only the brand's rules match now is its
    own after all. Returns these rules.
    """
    asking = list(asking_rules())
    for rule, query in asking:
        for each in heard:
            was, is_now = query.matches(each.before), query.matches(each.after)
            if is_now and not was:
                each.gained.append(rule.pk)
            elif was and not is_now:
                each.lost.append(rule.pk)
    of_brand = {rule.pk for rule, _query in asking if rule.watches == Rule.Watches.BRAND}
    own = [each.mention for each in heard if not each.mention.is_own and of_brand & {*each.gained}]
    if own:
        ruling.own_after_all(own)
        for mention in own:
            mention.is_own = True
    return [rule for rule, _query in asking]


def asking_rules() -> Iterator[tuple[Rule, Query]]:
    """The active rules whose answer depends on who wrote, with their queries."""
    saved = naming.known()
    for rule in Rule.objects.filter(is_active=True):
        text = naming.written_out(rule.query, saved)
        if not any(word in text.lower() for word in FIELDS):  # most: they need not be read
            continue
        query = excluding.compiled(text)
        if query is not None and asks_who(query.node):
            yield rule, query


def asks_who(node: Node) -> bool:
    match node:
        case Not(part):
            return asks_who(part)
        case And(parts) | Or(parts):
            return any(map(asks_who, parts))
        case In(place, _term):
            return place == "author"
        case Flag(text):
            return text.startswith("verified:")
    return isinstance(node, Reach)


def keep_changes(asked: list[Rule], heard: list[Met], excluded: list[Mention]) -> list[Hit]:
    """Write down what the rules match now, rule by rule; returns what is new.

    A rule that was changed or removed meanwhile is left alone: it looks back itself.
    """
    queries = {rule.pk: rule.query for rule in asked}
    aside = Match.objects.filter(mention__in=[mention.pk for mention in excluded], alert=None)
    touched = {*aside.values_list("rule", flat=True)}
    touched.update(pk for each in heard for pk in [*each.gained, *each.lost])
    rules = Rule.objects.filter(pk__in=touched).order_by("pk").select_for_update(no_key=True)
    new: list[Hit] = []
    for rule in list(rules):
        gone = list(excluded)
        if queries.get(rule.pk) == rule.query:
            gone += [each.mention for each in heard if rule.pk in each.lost]
            new += match(rule, [each.mention for each in heard if rule.pk in each.gained])
        unmatch(rule, gone)
    return new


def match(rule: Rule, mentions: list[Mention]) -> list[Hit]:
    hits = [Hit(rule.pk, mention, mention.published_at) for mention in mentions]
    new = storing.store_new_matches(hits) if hits else []
    counting.count_matches(new)
    return new


def unmatch(rule: Rule, mentions: list[Mention]) -> None:
    """Forget what no alert has counted; the rule is locked, so none is counting."""
    found = Match.objects.filter(rule=rule, alert=None, mention__in=[mention.pk for mention in mentions])
    gone = list(found.select_related("mention").defer("mention__search"))
    found.delete()
    counting.uncount_matches(Hit(rule.pk, each.mention, each.at) for each in gone)


# --- what people are told


def weigh(mentions: Iterable[Mention]) -> None:
    """Who hears it is known now, and whether people look out for its author."""
    own = [mention for mention in mentions if mention.is_own]
    risk.weigh(own)
    risk.keep(own)


def ring(heard: list[Met], gained: list[Hit], now) -> None:
    before = {each.mention.pk: each.names for each in heard}

    def new_names(mention: Mention) -> set[str]:
        return recognising.names_of(mention) - before[mention.pk]

    mentions = [each.mention for each in heard]
    raised = alerting.consider_all(gained, now=now)
    raised += alerting.consider_authors(mentions, now=now, names_of=new_names)
    for alert in raised:
        alerting.announce(alert, now=now)
