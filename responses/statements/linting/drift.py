"""Whether the variants say the same, and whether the key messages are in what is said."""

from collections.abc import Iterator, Sequence

from responses.monitoring.features import cut
from responses.monitoring.language import language_of
from responses.monitoring.wording import STOP_WORDS

from .findings import WARNING, Context, Finding, at
from .lexicon import words
from .page import Page
from .tokens import Words, fold

ENOUGH = 0.5  # of a key message's telling words must stand in the statement
STEM = 5  # letters by which two words are the same: evacuate, evacuated
_PLAIN = words("plain")


def between(pages: Sequence[Page]) -> Iterator[Finding]:
    """Counts, times and numbers to call in a shorter variant that the fullest one does not have."""
    if len(pages) < 2:
        return
    fullest = max(pages, key=lambda page: len(page.text))
    for page in pages:
        if page is not fullest:
            for start, end in sorted(_strange(page, fullest)):
                yield at(page.given, start, end, "variants", WARNING)


def _strange(page: Page, fullest: Page) -> Iterator[tuple[int, int]]:
    values = {number.value for number in fullest.found.numbers}
    for number in page.found.numbers:
        if number.value not in values:
            yield number.start, number.end
    called = {digits[-7:] for _start, _end, digits in fullest.found.phones}
    for start, end, digits in page.found.phones:
        if digits[-7:] not in called:
            yield start, end
    times = [one for one in fullest.moments if one.minutes]
    for one in page.moments:
        if one.minutes and not any(one.agrees(other) for other in times):
            yield one.start, one.end


def from_messages(pages: Sequence[Page], context: Context) -> Iterator[str]:
    """The key messages that no variant carries. One in another language cannot be compared."""
    if not pages:
        return
    stems = {stem(word.folded) for page in pages for word in page.words.all}
    language = _spoken("\n".join(page.text for page in pages))
    for message in context.messages:
        telling = {stem(word) for word in _telling(message)}
        if not telling or not _comparable(_spoken(message), language):
            continue
        if len(telling & stems) < ENOUGH * len(telling):
            yield message


def _spoken(text: str) -> str:
    return language_of(text, cut(text))


def _comparable(one: str, other: str) -> bool:
    return one == other or "taglish" in (one, other) or "und" in (one, other)


def _telling(message: str) -> list[str]:
    words = Words(message).folded
    return [word for word in words if len(word) > 2 and word not in _PLAIN and word not in STOP_WORDS]


def stem(word: str) -> str:
    return fold(word)[:STEM]
