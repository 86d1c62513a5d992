"""A rating as people read it: ★★☆☆☆, in front of the review's own title."""

from typing import Any

MOST = 5
ENUM = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}  # as Google Business Profile writes them


def rating_of(given: Any) -> int:
    """One to five; 0 when there is none."""
    count = ENUM.get(given, 0) if isinstance(given, str) else given
    if isinstance(given, str) and given.strip() in {"1", "2", "3", "4", "5"}:
        count = int(given)
    return count if isinstance(count, int) and 1 <= count <= MOST else 0


def stars(rating: int) -> str:
    return "★" * rating + "☆" * (MOST - rating) if rating else ""


def rated(rating: int, title: str = "") -> str:
    return " ".join(each for each in (stars(rating), title) if each)
