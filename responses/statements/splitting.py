"""A text too long for one post, cut into several where a reader would pause.

The same text is always cut in the same places: the posts of a thread are told apart by their number.
"""

import regex

PARAGRAPH = regex.compile(r"\n\s*\n")
SENTENCE = regex.compile(r"[.!?…][\"'”’)\]]*\s+")
BLANK = regex.compile(r"\s+")
LEAST = 0.4  # of what a post holds; a pause that comes sooner is no place to cut


def split(text: str, most: int, most_bytes: int) -> list[str]:
    """Parts of at most `most` characters as people count them, and at most so many bytes."""
    parts, rest = [], text.strip()
    while rest:
        end = len(rest) if fits(rest, most, most_bytes) else cut(rest, most, most_bytes)
        parts.append(rest[:end].strip())
        rest = rest[end:].strip()
    return parts


def fits(text: str, most: int, most_bytes: int) -> bool:
    return len(text.encode()) <= most_bytes and len(regex.findall(r"\X", text)) <= most


def cut(text: str, most: int, most_bytes: int) -> int:
    """Where the first part ends: after a paragraph, a sentence, a word, or else where it is full."""
    window = text[: full(text, most, most_bytes)]
    for pause in (PARAGRAPH, SENTENCE, BLANK):
        ends = [found.end() for found in pause.finditer(window)]
        if ends and ends[-1] >= LEAST * len(window):
            return ends[-1]
    return len(window)


def full(text: str, most: int, most_bytes: int) -> int:
    """How much of the text one post holds; the blank after it costs nothing."""
    end = size = 0
    for number, found in enumerate(regex.finditer(r"\X", text)):
        size += len(found[0].encode())
        if number >= most or size > most_bytes:
            return end + len(found[0]) if found[0].isspace() and number == most else end
        end = found.end()
    return end
