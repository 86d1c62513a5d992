"""How the sentiment model is made from labelled texts, and how good it is on texts it has not seen.

Needs scikit-learn (the extra "train"); what runs in the house needs neither it nor this file.
"""

import csv
import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold

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
from responses.monitoring.sentiment import BLOCKS, WIDTH, Model, _understood

TWEETS, REVIEWS = "english_tweets", "taglish_reviews"
SETS = (TWEETS, REVIEWS)
FOLDS, SEED = 5, 2026
# How much words and pairs, the letters of words, and the words at both edges weigh.
WEIGHTS = (1.5, 1.0, 0.7)


@dataclass(frozen=True)
class Taste:
    """How a reader is fitted; found by cross-validation with the seeds 1 and 2."""

    strength: float  # LogisticRegression's C
    leaning: float  # added to how much a feature tells of a class, so that none is lost
    summary: float  # how much the summary weighs
    edges: float  # how much the words at both edges weigh: a tweet begins and ends with its point


TASTES = {TWEETS: Taste(0.3, 0.35, 0.6, 1.0), REVIEWS: Taste(1.0, 0.6, 0.35, 0.35)}
SELDOM = 1  # a piece of a word seen in fewer texts says nothing


@dataclass(frozen=True)
class Examples:
    texts: list[str]
    labels: np.ndarray  # 'negative', 'neutral', 'positive'
    sets: np.ndarray  # which of SETS a text is from

    def __getitem__(self, rows) -> "Examples":
        return Examples([self.texts[row] for row in rows], self.labels[rows], self.sets[rows])


def read(folder: Path) -> Examples:
    texts, labels, sets = [], [], []
    for name in SETS:
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                texts.append(row["text"])
                labels.append(row["label"])
                sets.append(name)
    return Examples(texts, np.array(labels), np.array(sets))


# --- what the model sees, as matrices


@dataclass(frozen=True)
class Seen:
    words: sparse.csr_matrix
    letters: sparse.csr_matrix
    squares: sparse.csr_matrix  # of the letters' counts, word by word: a text's length is that of its words
    edges: sparse.csr_matrix
    summary: np.ndarray


def see(texts: Sequence[str]) -> Seen:
    words, pieces, squares, ends, summary = [], [], [], [], []
    for text in texts:
        cutting = cut(text)
        distinct = list(dict.fromkeys(cutting))
        counts: Counter = Counter()
        lengths: Counter = Counter()
        for word in distinct:
            found = Counter(letters(word))
            counts.update(found)
            lengths.update({bucket: count * count for bucket, count in found.items()})
        tokens = Counter(map(word_bucket, distinct))
        tokens.update(map(pair_bucket, dict.fromkeys(pairs(cutting))))
        words.append(tokens)
        pieces.append(counts)
        squares.append(lengths)
        ends.append(Counter(map(edge_bucket, edges(cutting))))
        felt = feelings.sequence(cutting, [feelings.feeling_of(word) for word in cutting])
        summary.append(feelings.summary(text, cutting, felt))
    return Seen(_matrix(words), _matrix(pieces), _matrix(squares), _matrix(ends), np.array(summary, float))


def _matrix(rows: Sequence[Counter]) -> sparse.csr_matrix:
    starts = [0]
    columns: list[int] = []
    values: list[int] = []
    for row in rows:
        columns += row.keys()
        values += row.values()
        starts.append(len(columns))
    return sparse.csr_matrix((np.array(values, float), columns, starts), shape=(len(rows), BUCKETS))


def rarity(matrix: sparse.csr_matrix, seldom: int) -> np.ndarray:
    texts = np.asarray((matrix > 0).sum(0)).ravel()
    return np.where(texts >= seldom, np.log((1 + matrix.shape[0]) / (1 + texts)) + 1, 0)


def _length_one(matrix, squares, rare):
    length = np.sqrt(squares @ (rare * rare))
    length[length == 0] = 1
    return sparse.diags(1 / length) @ matrix @ sparse.diags(rare)


# --- fitting


def fit(examples: Examples) -> bytes:
    """The packed model."""
    seen = see(examples.texts)
    rare = [rarity(seen.words, 1), rarity(seen.letters, SELDOM), rarity(seen.edges, 1)]
    blocks = [(seen.words, seen.words), (seen.letters, seen.squares), (seen.edges, seen.edges)]
    parts = [
        weight * _length_one(block, squares, rarities)
        for weight, (block, squares), rarities in zip(WEIGHTS, blocks, rare, strict=True)
    ]
    features = sparse.hstack([*parts, seen.summary]).tocsr()
    columns = []
    for name in SETS:
        columns += _reader(features, examples.labels, examples.sets == name, TASTES[name])
    columns.append(_gate(features, examples.sets == TWEETS))
    weights = np.array([weight for weight, _ in columns])
    for number, weight in enumerate(WEIGHTS):
        weights[:, number * BUCKETS : (number + 1) * BUCKETS] *= weight
    return _pack(weights, [float(bias) for _, bias in columns], rare)


def _reader(features, labels, rows, taste: Taste):
    """Weights of negative and of positive, each against neutral."""
    rows = np.flatnonzero(rows)
    telling = _telling(features[rows], labels[rows], taste)
    used = np.flatnonzero(telling)
    scaled = features[rows][:, used] @ sparse.diags(telling[used])
    model = LogisticRegression(C=taste.strength, max_iter=300, class_weight="balanced").fit(
        scaled, labels[rows]
    )
    order = list(model.classes_)
    neutral = order.index("neutral")
    for name in ("negative", "positive"):
        weight = np.zeros(features.shape[1])
        weight[used] = (model.coef_[order.index(name)] - model.coef_[neutral]) * telling[used]
        yield weight, model.intercept_[order.index(name)] - model.intercept_[neutral]


def _telling(features, labels, taste: Taste) -> np.ndarray:
    """How unevenly each feature falls on the classes (Wang and Manning's log-count ratio); 0: never seen."""
    amount = np.asarray(features.sum(0)).ravel()
    ratios = []
    for name in np.unique(labels):
        inside = np.asarray(features[labels == name].sum(0)).ravel()
        one, other = inside + 0.3, amount - inside + 0.3
        ratios.append(
            np.abs(np.log(np.maximum(one, 0.01) / np.maximum(other, 0.01) * other.sum() / one.sum()))
        )
    telling = np.where(amount > 0, taste.leaning + np.max(ratios, axis=0), 0)
    telling[2 * BUCKETS : BLOCKS * BUCKETS] *= taste.edges
    telling[-feelings.SUMMARY :] = taste.summary
    return telling


def _gate(features, tweets):
    model = LogisticRegression(C=1.0, max_iter=200, class_weight="balanced").fit(features, tweets)
    return model.coef_[0], model.intercept_[0]


def _pack(weights: np.ndarray, bias: list[float], rare: Sequence[np.ndarray]) -> bytes:
    tables, scales = [], []
    for number, rarities in enumerate(rare):
        part = weights[:, number * BUCKETS : (number + 1) * BUCKETS] * rarities
        table = np.vstack([part, rarities])
        scale = np.abs(table).max(1) / 32_000
        scale[scale == 0] = 1
        tables.append(np.rint(table / scale[:, None]).T.astype("<i2"))
        scales += scale.tolist()
    head = {
        "made_by": "manage.py train_sentiment",
        "scales": scales,
        "summary": weights[:, BLOCKS * BUCKETS :].round(6).tolist(),
        "bias": bias,
    }
    assert len(scales) == BLOCKS * WIDTH  # noqa: S101
    return json.dumps(head).encode() + b"\n" + zlib.compress(b"".join(t.tobytes() for t in tables), 9)


# --- measuring


def cross_validate(examples: Examples, seed: int = SEED) -> dict[str, float]:
    """Macro-F1 of each set on texts not seen in training, read by the packed model as the house reads."""
    kinds = np.char.add(examples.labels.astype(str), examples.sets.astype(str))
    said = np.empty(len(examples.texts), dtype=object)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for known, unknown in folds.split(examples.texts, kinds, _same(examples.texts)):
        model = Model(fit(examples[known]))
        for row in unknown:
            said[row] = _said(model, examples.texts[row])
    return {name: macro_f1(examples, said, name) for name in SETS}


def _said(model: Model, text: str) -> str:
    words = cut(text)
    return _understood(language_of(text, words), model.odds(text, words)).sentiment


def macro_f1(examples: Examples, said, name: str) -> float:
    rows = examples.sets == name
    return float(f1_score(examples.labels[rows], list(np.array(said)[rows]), average="macro"))


def _same(texts: Sequence[str]) -> list[int]:
    """Texts that differ in capitals, signs or figures only are kept in one fold."""
    numbers: dict[str, int] = {}
    return [
        numbers.setdefault(re.sub(r"[\W\d_]+", " ", text.lower()).strip(), len(numbers)) for text in texts
    ]
