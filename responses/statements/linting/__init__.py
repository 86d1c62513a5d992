"""The lint: what a statement of its type must say and must not, while it is written."""

from .checking import addresses, lint
from .findings import HINT, MUST, WARNING, BrandRule, Context, Finding, Text
from .tongues import Pair, compare

__all__ = [
    "HINT",
    "MUST",
    "WARNING",
    "BrandRule",
    "Context",
    "Finding",
    "Pair",
    "Text",
    "addresses",
    "compare",
    "lint",
]
