"""How a text sounds: a small linear model over words, pairs and pieces of words, trained on labelled posts.

Two readers were trained, one on tweets and one on shop reviews, and a third says how much each is to be
believed for the text at hand. `manage.py train_sentiment` makes the file; docs/decisions/0011-sentiment.md
says how good it is. It sorts a feed and draws a trend; it does not judge one text.
"""

import json
import math
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from struct import Struct

from responses.monitoring import feelings
from responses.monitoring.features import (
    BUCKETS,
    cut,
    edge_bucket,
    edges,
    letters,
    pair_bucket,
    pairs,
    word_bucket,
)
from responses.monitoring.language import language_of

FILE = Path(__file__).parent / "model" / "sentiment.bin"
COLUMNS = 5  # negative and positive (against neutral) of either reader, then tweets against reviews
BLOCKS = 3  # words and pairs; their letters; the words at both ends
WIDTH = COLUMNS + 1  # in the tables each feature's weights are followed by its rarity
KEPT = 50_000  # words and pairs whose share is remembered
COMMON = 8.0  # the rarity, less one, of what stands in three of ten thousand texts
_ROW, _ROW_BYTES = Struct(f"={WIDTH}h").unpack_from, 2 * WIDTH
_NOTHING = (0.0,) * WIDTH

Odds = tuple[float, float, float]  # of negative, neutral, positive; together 1
Adjust = Callable[[list[str], Odds], Odds]  # the words of a text, and how it is read without


@dataclass(frozen=True)
class Understood:
    language: str  # 'en', 'fil', 'taglish', another ISO code, 'und'
    sentiment: str  # 'negative', 'neutral', 'positive'
    score: float  # -1 to 1


def classify(text: str) -> Understood:
    return classify_many([text])[0]


def classify_many(texts: Iterable[str], adjust: Adjust | None = None) -> list[Understood]:
    """`adjust` may move the odds of a text, with what a brand's people have corrected."""
    model = trained()
    found = []
    for text in texts:
        words = cut(text)
        odds = model.odds(text, words)
        found.append(_understood(language_of(text, words), adjust(words, odds) if adjust else odds))
    return found


def _understood(language: str, odds: Odds) -> Understood:
    negative, neutral, positive = odds
    score = round(positive - negative, 3)
    if neutral >= max(negative, positive) or not score:
        return Understood(language, "neutral", score)
    return Understood(language, "positive" if score > 0 else "negative", score)


@lru_cache(maxsize=1)
def trained() -> "Model":
    return Model(FILE.read_bytes())


class Model:
    """The weights. A word's share is worked out once, hence reading is mostly looking up and adding."""

    def __init__(self, packed: bytes):
        head, _, body = packed.partition(b"\n")
        self.head = json.loads(head)
        numbers = array("h")
        numbers.frombytes(zlib.decompress(body))
        size = BUCKETS * WIDTH
        self.tables = [numbers[start : start + size] for start in range(0, BLOCKS * size, size)]
        self.scales: list[float] = self.head["scales"]
        self.summary: list[list[float]] = self.head["summary"]  # one row a column of the answer
        self.bias: list[float] = self.head["bias"]
        self._words: dict[str, tuple] = {}
        self._pairs: dict[str, tuple] = {}
        self._edges: dict[str, tuple] = {}

    def odds(self, text: str, words: list[str]) -> Odds:
        """Of negative, neutral and positive."""
        if not any(word not in feelings.PAUSES and word[0] != "<" and not word.isdigit() for word in words):
            return 0.0, 1.0, 0.0
        sums = self._sums(text, words)
        tweets = _softmax(sums[0], sums[1])
        reviews = _softmax(sums[2], sums[3])
        share = 1 / (1 + math.exp(-max(-30.0, min(30.0, sums[4]))))
        negative, neutral, positive = (
            share * one + (1 - share) * other for one, other in zip(tweets, reviews, strict=True)
        )
        return negative, neutral, positive

    def rarity(self, piece: str) -> float:
        """Of a word or pair: near 0 when it is in every other text, 1 when it was never seen in training."""
        bucket = pair_bucket(piece) if " " in piece else word_bucket(piece)
        rare = self.tables[0][bucket * WIDTH + COLUMNS] * self.scales[COLUMNS]
        return min(1.0, max(0.0, (rare - 1) / COMMON)) if rare else 1.0

    def _sums(self, text: str, words: list[str]) -> list[float]:
        known = {word: self._words.get(word) or self._word(word) for word in dict.fromkeys(words)}
        felt = feelings.sequence(words, [known[word][2] for word in words])
        summary = feelings.summary(text, words, felt)
        shares = [share[0] for share in known.values()]
        shares += [self._pairs.get(pair) or self._pair(pair) for pair in set(pairs(words))]
        by_word = _length_one(shares)
        by_letter = _length_one([share[1] for share in known.values()])
        by_edge = _length_one([self._edges.get(edge) or self._edge(edge) for edge in edges(words)])
        return [
            bias + one + two + three + sum(map(float.__mul__, row, summary))
            for bias, one, two, three, row in zip(
                self.bias, by_word, by_letter, by_edge, self.summary, strict=True
            )
        ]

    def _word(self, word: str) -> tuple:
        found = self._alone(0, word_bucket(word)), self._letters(word), feelings.feeling_of(word)
        return _kept(self._words, word, found)

    def _pair(self, pair: str) -> tuple:
        return _kept(self._pairs, pair, self._alone(0, pair_bucket(pair)))

    def _edge(self, edge: str) -> tuple:
        return _kept(self._edges, edge, self._alone(2, edge_bucket(edge)))

    def _alone(self, block: int, bucket: int) -> tuple:
        """What a word or pair adds to each column, and the square of its length."""
        row = _ROW(self.tables[block], bucket * _ROW_BYTES)
        if not row[COLUMNS]:  # never seen
            return _NOTHING
        scales = self.scales[block * WIDTH : block * WIDTH + WIDTH]
        *sums, rare = map(float.__mul__, scales, map(float, row))
        return *sums, rare * rare

    def _letters(self, word: str) -> tuple:
        """The same for the pieces of a word."""
        buckets = letters(word)
        numbers = self.tables[1]
        rows = [row for bucket in buckets if (row := _ROW(numbers, bucket * _ROW_BYTES))[COLUMNS]]
        if not rows:  # none was ever seen
            return _NOTHING
        *sums, rare = zip(*rows, strict=True)
        if len(set(buckets)) < len(buckets):
            counted = Counter(buckets).items()
            rare = tuple(count * numbers[bucket * WIDTH + COLUMNS] for bucket, count in counted)
        *scales, scale = self.scales[WIDTH : 2 * WIDTH]
        square = sum(map(int.__mul__, rare, rare)) * scale * scale
        return *map(float.__mul__, scales, map(float, map(sum, sums))), square


def _kept(shares: dict[str, tuple], what: str, share: tuple) -> tuple:
    """Remember a share; forget all when there are too many."""
    if len(shares) > KEPT:
        shares.clear()
    shares[what] = share
    return share


def _length_one(shares: list[tuple]) -> list[float]:
    told = [share for share in shares if share is not _NOTHING]
    if not told:
        return [0.0] * COLUMNS
    *sums, square = map(sum, zip(*told, strict=True))
    length = math.sqrt(square)
    return [value / length for value in sums]


def _softmax(negative: float, positive: float) -> Odds:
    top = max(negative, positive, 0.0)
    parts = math.exp(negative - top), math.exp(-top), math.exp(positive - top)
    total = sum(parts)
    return parts[0] / total, parts[1] / total, parts[2] / total
