"""What must stand in a statement of its type, and what must not: the rules that are looked up."""

from collections.abc import Iterator

from .findings import Finding, at, lack
from .page import Page
from .shipped import Rule, rules


def said(page: Page, type: str, off: frozenset[str]) -> Iterator[Finding]:
    """The places where a phrase stands that should not."""
    for rule in rules().values():
        if rule.about == "avoid" and rule.name not in off and rule.is_for(type):
            yield from _avoided(rule, page, type)


def _avoided(rule: Rule, page: Page, type: str) -> Iterator[Finding]:
    harmless: set[int] | None = None
    last = -1
    for hit in rule.phrases.find(page.words):
        harmless = rule.unless.sentences(page.words) if harmless is None else harmless
        if hit.sentence not in harmless and hit.start >= last:
            last = hit.end
            yield at(page.given, hit.start, hit.end, rule.name, rule.severity_in(type))


def lacking(page: Page, type: str, off: frozenset[str]) -> Iterator[Finding]:
    """What a whole statement of this type should say and does not."""
    for rule in rules().values():
        if rule.about != "need" or rule.name in off or not rule.is_for(type):
            continue
        if not fulfils(rule, page):
            yield lack(page.given, rule.name, rule.severity)


def fulfils(rule: Rule, page: Page) -> bool:
    if rule.name == "facts_time":
        return bool(page.sentences_with("time") - promised(page))
    if any(page.places(finder) for finder in rule.also):
        return True
    if rule.needs and fulfils(rules()[rule.needs], page):
        return True
    if rule.where:
        return bool(rule.phrases.sentences(page.words) & page.sentences_with(rule.where))
    return rule.phrases.stands_in(page.words)


def promised(page: Page) -> set[int]:
    """The sentences that say when the brand speaks again: their time is no fact."""
    return rules()["next_update"].phrases.sentences(page.words)
