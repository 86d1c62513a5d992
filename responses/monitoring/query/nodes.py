"""What a query means, as immutable values.

A new operator is a new node, a branch in `evaluating`, one in `anchors` and one in `planning`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    text: str  # folded, with its mark if it has one


@dataclass(frozen=True, slots=True)
class Prefix:
    text: str  # `sun*` → "sun"


@dataclass(frozen=True, slots=True)
class Wild:
    """`w?rd` or `w?r*`: each ? is one letter. Kept as written, folded."""

    text: str


Part = Word | Prefix | Wild


@dataclass(frozen=True, slots=True)
class Phrase:
    parts: tuple[Part, ...]  # two or more, side by side


@dataclass(frozen=True, slots=True)
class Loose:
    """`"a b"~5`: all of them in any order, with at most so many other words among them."""

    parts: tuple[Part, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Raw:
    """`{AirBank}`: these very characters, case, accents and punctuation kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """`left NEAR/5 right`: at most so many words between the two; `ordered`: left comes first."""

    left: "Node"
    right: "Node"
    most: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """A word or phrase in another place than the text: author, title or url."""

    place: str
    term: "Node"  # a word, a phrase or a loose one


@dataclass(frozen=True, slots=True)
class Flag:
    """Something known of the post, as "lang:fil" or "site:rappler.com"."""

    text: str


@dataclass(frozen=True, slots=True)
class Reach:
    sign: str  # > >= < <=
    number: int


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


Term = Part | Phrase | Loose | Raw | In | Flag | Reach
Node = Term | Near | And | Or | Not
