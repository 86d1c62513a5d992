"""A review's stars say how it is meant, more surely than its words: "Thanks!" under one star is no thanks."""

from dataclasses import replace
from typing import Any

from .sentiment import Understood

MIDDLE = 3
WORDS = 0.3  # what the words still weigh beside the stars


def as_rated(understood: Understood, rating: Any) -> Understood:
    """One and two stars are negative, four and five positive; else the words decide."""
    if not isinstance(rating, int) or rating not in range(1, 6) or rating == MIDDLE:
        return understood
    score = round((1 - WORDS) * (rating - MIDDLE) / 2 + WORDS * understood.score, 3)
    return replace(understood, sentiment="positive" if rating > MIDDLE else "negative", score=score)
