"""What was said in public, where we heard it, and what we noticed."""

from .alerts import Alert, NoiseBudget
from .chores import Chore
from .mentions import Correction, HourCount, Mention, SavedView, SourceHour, Story, StoryKey
from .rules import Baseline, Exclusion, Match, NamedAuthor, NamedQuery, Rule, RuleHour
from .sources import Delivery, Source

__all__ = [
    "Alert",
    "Baseline",
    "Chore",
    "Correction",
    "Delivery",
    "Exclusion",
    "HourCount",
    "Match",
    "Mention",
    "NamedAuthor",
    "NamedQuery",
    "NoiseBudget",
    "Rule",
    "RuleHour",
    "SavedView",
    "Source",
    "SourceHour",
    "Story",
    "StoryKey",
]
