"""What is claimed without being confirmed: numbers, and names of people who were hurt."""

import re
from collections.abc import Iterator

from .findings import MUST, WARNING, Context, Finding, at
from .lexicon import words
from .numbers import read
from .page import Page
from .tokens import Words, fold

_NAME = r"[A-ZÑ][\w’'.-]+"
_PERSON = re.compile(
    rf"\b(?P<before>si|ni|kay|kina|sina|nina|mr|mrs|ms|miss|dr|g|gng|bb|aling|mang|lolo|lola|nanay|tatay|passenger|pasahero|victim|biktima"
    rf"|patient|pasyente|worker|manggagawa|student|estudyante|named|nagngangalang|batang)\b\.?\s+"
    rf"(?P<name>{_NAME}(?:\s+(?:de|del|dela|delos|{_NAME})){{1,4}})",
)
_AGED = re.compile(
    rf"\b(?P<name>{_NAME}(?:\s+(?:de|del|dela|delos|{_NAME})){{1,4}}),?\s+(?:na\s+)?\(?\d{{1,3}}\)?(?=[,\s)])"
)
_HURT = words("hurt")
_AGE_WORDS = re.compile(r"\b\d{1,3}[- ](?:years? old|anyos|taong gulang|na taong gulang)\b", re.I)


def claims(page: Page, context: Context) -> Iterator[Finding]:
    if "number" not in context.off:
        yield from unconfirmed(page, context)
    if "victim_name" not in context.off:
        yield from named(page, context)


def unconfirmed(page: Page, context: Context) -> Iterator[Finding]:
    """Numbers of people, losses and money that no confirmed fact and no key message has."""
    known = confirmed(context)
    if not known and not context.facts:
        return
    for number in page.found.numbers:
        if number.counts and number.value not in known:
            severity = MUST if number.is_harm else WARNING
            yield at(page.given, number.start, number.end, "number", severity)


def confirmed(context: Context) -> set[float]:
    found: set[float] = set()
    for fact in (*context.facts, *context.messages):
        found.update(number.value for number in read(Words(fact)).numbers)
    return found


def named(page: Page, context: Context) -> Iterator[Finding]:
    """People who were hurt, by name; and whoever the incident says must not be named."""
    seen: set[tuple[int, int]] = set()
    for start, end in (*_hidden(page, context), *_hurt(page, context)):
        if not any(begun < end and start < ended for begun, ended in seen):
            seen.add((start, end))
            yield at(page.given, start, end, "victim_name", MUST)


def _hidden(page: Page, context: Context) -> Iterator[tuple[int, int]]:
    for name in context.hidden:
        if len(name.strip()) > 2:
            for found in re.finditer(rf"\b{re.escape(name.strip())}\b", page.text, re.I):
                yield found.span()


def _hurt(page: Page, context: Context) -> Iterator[tuple[int, int]]:
    spoken = {fold(name) for name in context.spoken}
    for pattern in (_AGED, _PERSON):
        for found in pattern.finditer(page.text):
            name = fold(found["name"])
            is_spoken = any(each in name or name in each for each in spoken if len(each) > 2)
            if not is_spoken and _is_of_the_hurt(page, found):
                yield found.span("name")


def _is_of_the_hurt(page: Page, found: re.Match) -> bool:
    sentence = page.words.sentence_at(found.start("name"))
    near = {word.folded for word in page.words.in_sentence(sentence)}
    after = page.text[found.end("name") : found.end("name") + 30]
    return bool(near & _HURT) or bool(_AGE_WORDS.match(after.lstrip(", (")))
