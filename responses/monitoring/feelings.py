"""What single words feel like, and how they add up: negations, "very", "but", in English and Filipino.

The words are in model/feelings.txt. It reads words, not irony; the model in sentiment.py weighs what it says.
"""

import math
import re
from collections.abc import Sequence
from pathlib import Path

from responses.monitoring.lexicon import BOOSTERS, EMOJI, NEGATIONS, SMILEYS, TURNS

FILE = Path(__file__).parent / "model" / "feelings.txt"
REACH = 3  # how many words a "not" reaches forward
STRONGEST = 2.0  # however often "very" is said
PAUSES = frozenset(".,;!?\n")
_ENDINGS = (
    "ness",
    "able",
    "ing",
    "est",
    "ily",
    "ies",
    "ed",
    "er",
    "ly",
    "es",
    "s",
    "d",
    "y",
    "ng",
    "in",
    "g",
)
_LAUGH = re.compile(r"(?:ha){2,}h?|(?:he){2,}h?|(?:hi){2,}h?")
_HAPPY = re.compile(r"[:;=x8][-'o^]?[)\]d3p]+|<3+")
_UNHAPPY = re.compile(r"[:;=][-'o^]?[(\[/|\\]+")
_DOUBLE = re.compile(r"(.)\1+")


def _read() -> dict[str, dict[str, float]]:
    words: dict[str, dict[str, float]] = {"en": {}, "fil": {}}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, weight, *found = line.split()
            words[language].update({word.replace("-", ""): float(weight) for word in found})
    return words


_WORDS = _read()
ENGLISH, FILIPINO = _WORDS["en"], _WORDS["fil"]
ALL = {**ENGLISH, **FILIPINO}


def feeling_of(word: str) -> float:
    """-3 to 3, most often 0. `word` in small letters, without apostrophes and hyphens."""
    if word in ALL:
        return ALL[word]
    if not word[:1].isalnum():
        return ALL.get(word[1:], 0.0) if word[0] in "#@" else _sign(word)
    if _LAUGH.fullmatch(word):
        return 1.0
    return _bare(word) or ALL.get(_DOUBLE.sub(r"\1", word), 0.0) or _sign(word)


def _sign(sign: str) -> float:
    if sign in EMOJI or sign in SMILEYS:
        return EMOJI.get(sign) or SMILEYS[sign]
    if _HAPPY.fullmatch(sign):
        return 2.0
    return -2.0 if _UNHAPPY.fullmatch(sign) else 0.0


def _bare(word: str) -> float:
    """The word without what was put before or after it: "stopping" → "stop", "napakatibay" → "matibay"."""
    if word.startswith(("napaka", "pinaka")):
        return 1.4 * (ALL.get("ma" + word[6:]) or ALL.get(word[6:]) or 0.0)
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3:
            for form in (stem, stem + "e", stem + "y", stem[:-1] if stem[-1] == stem[-2] else stem):
                if form in ALL:
                    return ALL[form]
    return 0.0


def sequence(words: Sequence[str], feelings: Sequence[float]) -> list[float]:
    """The feelings of a text in order, turned by "not", strengthened by "very", weakened before a "but"."""
    felt: list[float] = []
    negated, boost = 0, 1.0
    for word, feeling in zip(words, feelings, strict=True):
        if word in _STEERS:
            if word in TURNS:
                # What comes after the "but" is what people mean.
                felt, negated, boost = [value * 0.6 for value in felt], 0, 1.0
            elif word in BOOSTERS:
                boost = min(boost * BOOSTERS[word], STRONGEST)
            elif word in NEGATIONS:
                negated = REACH
            else:
                negated = 0
            continue
        if feeling:
            felt.append(feeling * boost * (-0.6 if negated else 1.0))
            boost = 1.0
        if negated:
            negated -= 1
    return felt


# Said by those who are half content: "okay lang", "sana mas malaki", "medyo manipis".
_HEDGES = frozenset(
    {
        *("bit", "hopefully", "kaunti", "kinda", "konti", "konting", "lang", "little", "medyo", "naman"),
        *("only", "sana", "sayang", "slightly", "somewhat", "still"),
    }
)
_STEERS = TURNS | frozenset(BOOSTERS) | NEGATIONS | PAUSES


def summary(text: str, words: Sequence[str], felt: Sequence[float]) -> list[float]:
    """What the model is told of a text besides its words; each number between about -1 and 1."""
    good = sum(value for value in felt if value > 0)
    bad = good - sum(felt)
    shouts, total, length = min(text.count("!"), 4), good - bad, len(words)
    turned, hedged = not TURNS.isdisjoint(words), not _HEDGES.isdisjoint(words)
    if total:
        total += math.copysign(0.3 * shouts, total)
    score = total / math.sqrt(total * total + 8)
    good_share, bad_share = good / (good + 3), bad / (bad + 3)
    first, last, most, least = (felt[0], felt[-1], max(felt), min(felt)) if felt else (0.0, 0.0, 0.0, 0.0)
    return [
        score, abs(score), good_share, bad_share, 2 * good_share * bad_share, good > 0, bad > 0,
        most / 3, least / 3, last / 3, first / 3, total / math.sqrt(length + 1) / 2,
        shouts / 4, min(text.count("?"), 2) / 2, min(math.log1p(length) / 4, 1.2),
        score > 0.28, score < -0.28, score > 0.6, score < -0.6,
        turned, turned * good_share, turned * bad_share, hedged, hedged * good_share, hedged * bad_share,
    ]  # fmt: skip


SUMMARY = 25  # numbers in a summary
