"""What the lint is told of a statement: its incident's facts and messages, the brand's rules, dead links."""

from responses.incidents.models import Part
from tenants import context

from . import grounding, link_checks, tongues
from .limits import limit
from .linting import BrandRule, Context, Finding, Pair, Text, addresses, compare, lint
from .models import Channel
from .writing_models import LintRule, TalkingPoint

SHORT = 1_000  # a channel with less room points to the whole statement instead of being one


def findings(type: str, language: str, texts: dict[int, str], incident=None, also=None) -> list[Finding]:
    """What the lint says of these texts, by channel, as things stand now.

    `also` is {language: texts} of a second version: read for itself, and measured by the first.
    """
    versions = {language: texts, **(also or {})}
    channels = Channel.objects.in_bulk({pk for each in versions.values() for pk in each})
    given = {code: given_of(each, channels, code, language) for code, each in versions.items()}
    known = around(incident, [text.text for each in given.values() for text in each])
    found = [finding for code, each in given.items() for finding in lint(type, code, each, known)]
    for other in also or {}:
        found += compare(pairs(given, language, other, channels), known)
    return sorted(found, key=lambda finding: finding.order) if also else found


def given_of(texts: dict[int, str], channels, language: str, first: str) -> list[Text]:
    """The key is the channel's id, and in the second language the rest of the name of the text's field."""
    ending = "" if language == first else f"_{language}"
    return [
        Text(f"{pk}{ending}", tidy(text), limit(channels[pk]) < SHORT)
        for pk, text in texts.items()
        if pk in channels
    ]


def pairs(given, first: str, other: str, channels) -> list[Pair]:
    """The two versions on each channel that takes both; one that is not there is empty."""
    mine, theirs = ({text.key.partition("_")[0]: text for text in given[code]} for code in (first, other))
    return [
        Pair(
            mine.get(key, Text(key, "")),
            theirs.get(key, Text(f"{key}_{other}", "")),
            tongues.name_of(first),
            tongues.name_of(other),
        )
        for key in sorted({*mine, *theirs})
        if all(tongues.speaks(channels[int(key)], code, first) for code in (first, other))
    ]


def tidy(text: str) -> str:
    """Line breaks as they are counted in the browser and kept in a revision."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def around(incident, texts) -> Context:
    by_kind: dict[str, list[str]] = {kind: [] for kind in TalkingPoint.Kind.values}
    for kind, text in grounding.points(incident).values_list("kind", "text"):
        by_kind[kind].append(text)
    rules = list(LintRule.objects.all())
    return Context(
        facts=tuple(by_kind["fact"]),
        messages=tuple(by_kind["message"]),
        hidden=tuple(by_kind["name"]),
        spoken=spoken(incident),
        rules=tuple(as_given(rule) for rule in rules if rule.kind != LintRule.Kind.OFF),
        off=frozenset(rule.shipped for rule in rules if rule.kind == LintRule.Kind.OFF),
        broken=link_checks.problems(addresses(texts)),
    )


def as_given(rule: LintRule) -> BrandRule:
    return BrandRule(
        rule.pk, rule.kind, tuple(rule.phrases), rule.severity, tuple(rule.types), rule.language, rule.reason
    )


def spoken(incident) -> tuple[str, ...]:
    """Who may be named: the brand, and the people who have a part in the incident."""
    people = Part.objects.filter(incident=incident).values_list("person_name", flat=True) if incident else ()
    brand = context.here()
    return (brand.name, *people) if brand else tuple(people)


def of_revision(revision) -> list[Finding]:
    """What the lint says of a saved wording."""
    statement = revision.statement
    texts = tongues.texts_of(revision, revision.language)
    also = {language: tongues.texts_of(revision, language) for language in revision.titles}
    return findings(statement.type, revision.language, texts, statement.incident, also)
