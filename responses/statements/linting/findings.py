"""What the lint says: a rule, how serious, where, why and what to do instead."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

MUST, WARNING, HINT = "must", "warning", "hint"
ORDER = (MUST, WARNING, HINT)
MIXED = ("en", "fil")  # both are looked for in every text: Manila writes in both at once


@dataclass(frozen=True)
class Text:
    """One variant: its channel's id as `key`, in a second language with its code (`7_fil`), and whether the
    channel is too short for a whole statement.
    """

    key: str
    text: str
    is_short: bool = False


@dataclass(frozen=True)
class BrandRule:
    """A rule of the brand's own. `kind` is do_not_say or must_say."""

    id: int
    kind: str
    phrases: tuple[str, ...]
    severity: str = WARNING
    types: tuple[str, ...] = ()
    language: str = ""
    reason: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Context:
    """What is known around the text: what is confirmed, what is to be said or not, the brand's rules."""

    facts: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()  # names of people who must not be named
    spoken: tuple[str, ...] = ()  # names that may stand in public: the brand, its spokespeople
    rules: tuple[BrandRule, ...] = ()
    off: frozenset[str] = frozenset()  # shipped rules the brand turned off
    broken: Mapping[str, str] = field(default_factory=dict)  # address → why it does not resolve


@dataclass(frozen=True)
class Finding:
    """`start` and `end` are places in the variant's text; a lack has none and is about the whole of it."""

    rule: str
    severity: str
    variant: str = ""
    start: int = 0
    end: int = 0
    passage: str = ""
    reason: str = ""
    suggestion: str = ""
    about: str = ""  # what stood there or is lacking, for a rule that has many: the text a lack is about

    @property
    def mark(self) -> str:
        """What an overruling is bound to: the rule and the passage; the whole text when there is none."""
        bound = "\n".join((self.rule, self.variant, self.passage or self.about))
        return hashlib.sha256(bound.encode()).hexdigest()

    @property
    def channel(self) -> str:
        return self.variant.partition("_")[0]

    @property
    def language(self) -> str:
        """Of a second language's text; empty for the first."""
        return self.variant.partition("_")[2]

    @property
    def is_lack(self) -> bool:
        return not self.passage

    @property
    def order(self):
        return ORDER.index(self.severity), self.is_lack, self.variant, self.start, self.rule


def at(text: Text, start: int, end: int, rule: str, severity: str) -> Finding:
    return Finding(rule, severity, text.key, start, end, text.text[start:end])


def lack(text: Text, rule: str, severity: str) -> Finding:
    return Finding(rule, severity, text.key, about=text.text)
