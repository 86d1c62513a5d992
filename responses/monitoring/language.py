"""Which language a text is in: English, Filipino, the mixture most of Manila writes, and some twenty more.

The script tells many; small words tell the rest. What is too short to tell is 'und'.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from responses.monitoring import feelings
from responses.monitoring.lexicon import ENGLISH_MARKS, FILIPINO_BEGINNINGS, FILIPINO_MARKS

FILE = Path(__file__).parent / "model" / "languages.txt"
_BORROWED = frozenset(
    {
        *("hassle", "idol", "legit", "recommendable", "recommended", "scam"),
        *("sealed", "solid", "thankyou", "wellpacked"),
    }
)
_ENGLISH_WORDS, _FILIPINO_WORDS = frozenset(feelings.ENGLISH), frozenset(feelings.FILIPINO)
ENGLISH_ONLY = (ENGLISH_MARKS | _ENGLISH_WORDS) - FILIPINO_MARKS - (_FILIPINO_WORDS - _ENGLISH_WORDS)
FILIPINO_ONLY = (FILIPINO_MARKS | _FILIPINO_WORDS) - ENGLISH_MARKS - _ENGLISH_WORDS - _BORROWED
MIXED = 0.2  # from this share of the rarer language on a text is Taglish
FEW = 2  # so many words of another language are needed at least
SCRIPTS = [
    ("ja", re.compile(r"[\u3041-\u30ff]")),  # before the Chinese signs it is written with as well
    ("ko", re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("fa", re.compile(r"[\u067e\u0686\u0698\u06af\u06cc]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
    ("my", re.compile(r"[\u1000-\u109f]")),
]
_FOREIGN = re.compile(r"[\u0370-\u1fff\u3041-\ud7af]")
_LATIN = re.compile(r"[a-zA-Z]")
_VIETNAMESE = re.compile(r"[ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def _read() -> dict[str, tuple[tuple[str, float], ...]]:
    """word → the languages it speaks for, and how much."""
    speaks: dict[str, dict[str, None]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        language, *words = line.split()
        if language != "#":
            for word in words:
                speaks.setdefault(word.replace("-", ""), {})[language] = None
    return {word: tuple((one, 1 / len(all_of)) for one in all_of) for word, all_of in speaks.items()}


_OTHERS = _read()
# Every language a text is told to be in, besides 'und'.
TOLD = ("en", "fil", "taglish") + tuple(
    sorted({name for name, _script in SCRIPTS} | {name for found in _OTHERS.values() for name, _ in found})
)


def language_of(text: str, words: Sequence[str]) -> str:
    """`words` as features.cut gives them."""
    if not text.isascii() and (found := _by_script(text)):
        return found
    english = filipino = 0.0
    others: dict[str, float] = {}
    known = 0
    for word in words:
        if not word[0].isalpha():
            continue
        known += 1
        if word in ENGLISH_ONLY:
            english += 1
        elif _is_filipino(word):
            filipino += 1
        for language, weight in _OTHERS.get(word, ()):
            others[language] = others.get(language, 0.0) + weight
    if others and (found := _other(text, words, others, english, filipino)):
        return found
    return _at_home(english, filipino, known)


def _by_script(text: str) -> str:
    """The language of a script other than Latin, if most of the text is written in it."""
    foreign = len(_FOREIGN.findall(text))
    if not foreign or foreign * 2 < len(_LATIN.findall(text)):
        return ""
    if foreign < FEW:
        return "und"
    for language, script in SCRIPTS:
        if script.search(text):
            return language
    return "und"


def _other(text: str, words: Sequence[str], others: dict[str, float], english: float, filipino: float) -> str:
    language = max(others, key=lambda one: others[one])
    votes = others[language]
    if language != "vi" and not text.isascii() and len(_VIETNAMESE.findall(text)) > len(words) / 4:
        language, votes = "vi", float(len(words))
    if language == "vi" and text.isascii():
        return ""
    distinct = sum(any(one == language for one, _ in _OTHERS.get(word, ())) for word in set(words))
    if distinct < FEW or distinct < len(words) / 8:
        return ""
    # Cebuano shares half of its small words with Filipino: what is its own must be many enough, not most.
    rivals = max(english, filipino * (0.6 if language == "ceb" else 1.0))
    return language if votes > rivals else ""


def _at_home(english: float, filipino: float, words: int) -> str:
    known = english + filipino
    if not known or known < words / 12:
        return "und"
    share = filipino / known
    if MIXED <= share <= 1 - MIXED:
        return "taglish"
    return "fil" if share > 0.5 else "en"


def _is_filipino(word: str) -> bool:
    if word in FILIPINO_ONLY:
        return True
    return len(word) > 6 and word.startswith(FILIPINO_BEGINNINGS) and word not in ENGLISH_ONLY
