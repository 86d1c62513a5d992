"""The lint: a pure reading of the texts of a statement. It asks neither the network nor the database."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from . import claims, drift, saying, style
from .findings import MUST, Context, Finding, Text, at, lack
from .page import Page
from .phrases import phrases
from .shipped import rules
from .wording import worded

_GAP = re.compile(r"\[[^\]\[\n]{1,80}\]|\{[a-z_]{1,40}\}")


def lint(type: str, language: str, texts: Sequence[Text], context: Context | None = None) -> list[Finding]:
    """Everything found, the serious first, in the words of the language that is active."""
    context = context or Context()
    pages = [Page(text) for text in texts if text.text.strip()]
    found = [
        *(finding for page in pages for finding in of_one(page, type, language, context)),
        *of_all(pages, type, language, context),
    ]
    return sorted((worded(finding, context) for finding in found), key=lambda finding: finding.order)


def of_one(page: Page, type: str, language: str, context: Context) -> Iterator[Finding]:
    """What one text says for itself."""
    yield from gaps(page, context)
    yield from saying.said(page, type, context.off)
    yield from claims.claims(page, context)
    yield from broken(page, context)
    for rule in context.rules:
        if rule.kind == "do_not_say" and _is_for(rule, type, language):
            for hit in phrases(rule.phrases).find(page.words):
                yield at(page.given, hit.start, hit.end, rule.name, rule.severity)
    yield from style.style(page, type, context.off, saying.fulfils(rules()["empathy"], page))


def of_all(pages: list[Page], type: str, language: str, context: Context) -> Iterator[Finding]:
    """What they say together. Needs are asked of the whole statements; a short post only points to one."""
    whole = [page for page in pages if not page.given.is_short] or longest(pages)
    for page in whole:
        yield from saying.lacking(page, type, context.off)
    if "variants" not in context.off:
        yield from drift.between(pages)
    if "key_message" not in context.off and pages:
        for message in drift.from_messages(pages, context):
            yield replace(lack(whole[0].given, "key_message", "warning"), suggestion=message)
    for rule in context.rules:
        if rule.kind == "must_say" and whole and _is_for(rule, type, language) and not _stands(rule, pages):
            yield lack(whole[0].given, rule.name, rule.severity)


def _stands(rule, pages: list[Page]) -> bool:
    return any(phrases(rule.phrases).stands_in(page.words) for page in pages)


def longest(pages: list[Page]) -> list[Page]:
    return sorted(pages, key=lambda page: -len(page.text))[:1]


def gaps(page: Page, context: Context) -> Iterator[Finding]:
    if "gap" not in context.off:
        for found in _GAP.finditer(page.text):
            yield at(page.given, *found.span(), "gap", MUST)


def broken(page: Page, context: Context) -> Iterator[Finding]:
    if "link" not in context.off:
        for start, end, address in page.links:
            if why := context.broken.get(absolute(address)):
                yield replace(at(page.given, start, end, "link", "warning"), reason=why)


def absolute(address: str) -> str:
    return address if "://" in address else f"https://{address}"


def addresses(texts: Iterable[str]) -> list[str]:
    """Every address in the texts, each once, as it would be asked for."""
    found = (absolute(address) for text in texts for _s, _e, address in Page(Text("", text)).links)
    return list(dict.fromkeys(found))


def _is_for(rule, type: str, language: str) -> bool:
    return (not rule.types or type in rule.types) and (not rule.language or rule.language == language)
