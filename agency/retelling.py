"""Sentences of ours that were kept in English, told again in the reader's language.

The worker writes down why something failed once, in English, for the history and for machines. Who reads it
on a page should not need English for that: the catalogue knows the sentence, also with its blanks filled.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language, gettext, trans_real

BLANK = re.compile(r"%\((\w+)\)[sd]")
LEAST_LETTERS = 4  # of its own, for a sentence with blanks to be told from a stranger's words
NEVER_KEPT = {"who", "person", "title", "name"}  # what people did is kept as an event, and a reason is theirs


def retell(text: str) -> str:
    """The sentence in the active language; what is not a sentence of ours stays as it is."""
    language = get_language()
    if not text or not language or language == settings.LANGUAGE_CODE:
        return text
    told = gettext(text)
    return told if told != text else _refilled(text, language)


def _refilled(text, language):
    for pattern, original in _patterns(language):
        if found := pattern.fullmatch(text):
            return gettext(original) % {name: retell(value) for name, value in found.groupdict().items()}
    return text


@lru_cache
def _patterns(language):
    """Every sentence with blanks, the one with most words of its own first."""
    keys = set(trans_real.translation(language)._catalog.keys())  # plurals are pairs, and not kept anywhere
    blanked = [key for key in keys if isinstance(key, str) and _is_fillable(key)]
    return [(_pattern(each), each) for each in sorted(blanked, key=_letters, reverse=True)]


def _is_fillable(original):
    names = BLANK.findall(original)
    if not names or len(names) > len(set(names)) or NEVER_KEPT & set(names):
        return False
    return "%%" not in original and _letters(original) >= LEAST_LETTERS


def _letters(original):
    return sum(letter.isalpha() for letter in BLANK.sub("", original))


def _pattern(original):
    parts = re.split(r"%\((\w+)\)[sd]", original)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)), re.S
    )
