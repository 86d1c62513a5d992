"""What is promised at each level unless a brand says otherwise, in minutes.

Ours, derived from what the field publishes: Cision asks for a first assessment of a severe case in 15 to 30
minutes; Dispatch reminds of reports every 2 hours (high), 6 (medium) and 12 (low); Freshfields found that
28 % of crises cross a border within the hour; Southwest 1380's first public word after about 70 minutes.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Promise:
    """Minutes until we acknowledge and say a first public word, and between public updates."""

    acknowledge: int
    holding: int | None = None
    update: int | None = None


NOTICE = 15  # from the first mention to the alert, at any level

PROMISES = {
    0: Promise(30),
    1: Promise(240),
    2: Promise(60, 240, 720),
    3: Promise(15, 60, 360),
    4: Promise(5, 30, 120),
}

MEANINGS = {
    0: _("Nobody has judged it yet."),
    1: _("A single complaint, not spreading."),
    2: _("Repeated complaints, or a local outlet has it."),
    3: _("It spreads, the press has it, or safety or the law is touched."),
    4: _("People are harmed, a regulator or national media are on it."),
}
