"""What a brand's corrections teach: words of its own that Tugon reads the wrong way.

The model stays as it is. A lesson is a few hundred small weights, one per word or pair that stands in at
least two corrected texts, found by gradient steps on the corrected texts from where the model stands. A word
that the model knows well, or that most of the brand's mentions hold, learns little, so that neither "hindi"
nor the brand's own name turns what has nothing to do with the correction. Lessons are kept per process and
found anew when somebody corrects.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import OuterRef, Subquery

from tenants import context

from .features import cut
from .feelings import PAUSES
from .models import Correction, Mention
from .sentiment import Adjust, Odds, trained

LAST = 300  # corrected mentions that are learnt from
LOOKED_AT = 500  # other mentions, to know what the brand says every day
TWICE = 2  # texts that must hold a word
ROUNDS, STEP = 40, 0.6
MOST = 3.0  # how far one word, and a text as a whole, may be moved: e³ times the odds
SURE = 0.8
TONES = ("negative", "neutral", "positive")
LESSONS: dict[
    str, tuple[int, "Lesson"]
] = {}  # per process, by schema: the last correction, and what is learnt


@dataclass(frozen=True)
class Lesson:
    """How far each word or pair moves negative, neutral and positive."""

    weights: dict[str, list[float]]

    def adjust(self, words: list[str], odds: Odds) -> Odds:
        known = [self.weights[piece] for piece in pieces(words) if piece in self.weights]
        return moved(odds, known) if known else odds


def adjustment() -> Adjust | None:
    """How the brand whose schema is entered wants its texts read; None when nothing was learnt."""
    last = Correction.objects.order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return None
    schema = context.here().schema_name
    known, lesson = LESSONS.get(schema, (0, None))
    if lesson is None or known != last:
        lesson = learn(last)
        LESSONS[schema] = last, lesson
    return lesson.adjust if lesson.weights else None


def learn(last: int) -> Lesson:
    """The lesson of all corrections up to this one; the same in every process."""
    newest = Correction.objects.filter(mention=OuterRef("mention"), pk__lte=last).order_by("-pk")
    rows = (
        Correction.objects.filter(pk=Subquery(newest.values("pk")[:1]))
        .order_by("-pk")
        .values_list("mention_id", "mention__title", "mention__text", "after")[:LAST]
    )
    taught = {pk: (words_of(title, text), after) for pk, title, text, after in rows}
    distinct = {tuple(words): (words, after) for words, after in reversed(taught.values())}
    return fitted(list(distinct.values()), everyday(taught))


def everyday(corrected: Iterable[int]) -> dict[str, float]:
    """In which share of the brand's other mentions each word and pair stands."""
    others = Mention.objects.filter(pk__lte=max(corrected, default=0)).exclude(pk__in=corrected)
    texts = list(others.order_by("-pk").values_list("title", "text")[:LOOKED_AT])
    counts = Counter(piece for title, text in texts for piece in pieces(words_of(title, text)))
    return {piece: count / (len(texts) + 20) for piece, count in counts.items()}


def words_of(title: str, text: str) -> list[str]:
    return cut(text if title == text else f"{title}\n{text}")


def pieces(words: list[str]) -> set[str]:
    """The words, and the pairs that no pause stands in."""
    pairs = (pair for pair in pairwise(words) if PAUSES.isdisjoint(pair))
    return {*words, *map(" ".join, pairs)} - PAUSES


# --- learning


def fitted(taught: list[tuple[list[str], str]], usual: dict[str, float]) -> Lesson:
    """Weights that bring the taught texts to what people said they are."""
    model = trained()
    seen = Counter(piece for words, _after in taught for piece in pieces(words))
    rates = {
        piece: model.rarity(piece) * (1 - usual.get(piece, 0.0)) ** 2
        for piece, count in seen.items()
        if count >= TWICE
    }
    weights: dict[str, list[float]] = {piece: [0.0] * len(TONES) for piece in rates}
    lessons = [
        (model.odds(" ".join(words), words), [piece for piece in pieces(words) if piece in rates], after)
        for words, after in taught
    ]
    for _ in range(ROUNDS):
        for odds, known, after in lessons:
            step(weights, rates, moved(odds, [weights[piece] for piece in known]), known, after)
    return Lesson({piece: weight for piece, weight in weights.items() if max(map(abs, weight)) > 0.05})


def step(weights, rates, odds: Odds, known: list[str], after: str) -> None:
    """One gradient step of the logistic loss, unless the text is read as it should be."""
    wanted = TONES.index(after)
    if odds[wanted] >= SURE:
        return
    for piece in known:
        for tone, share in enumerate(odds):
            nudge = STEP * rates[piece] * ((tone == wanted) - share)
            weights[piece][tone] = min(MOST, max(-MOST, weights[piece][tone] + nudge))


def moved(odds: Odds, weights: list[list[float]]) -> Odds:
    """The odds, moved by the sum of the weights, and never further than `MOST`."""
    sums = [min(MOST, max(-MOST, sum(column))) for column in zip(*weights, strict=True)] or [0.0] * len(TONES)
    parts = [max(share, 1e-4) * math.exp(shift) for share, shift in zip(odds, sums, strict=True)]
    negative, neutral, positive = (part / sum(parts) for part in parts)
    return negative, neutral, positive
