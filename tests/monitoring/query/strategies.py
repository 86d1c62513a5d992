"""Random queries and texts over few words, so that they meet; and a second opinion on what a query means."""

import re
from itertools import product

from hypothesis import strategies as st

from responses.monitoring.query import Post
from responses.monitoring.query.nodes import (
    And,
    Flag,
    In,
    Loose,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Raw,
    Reach,
    Wild,
    Word,
)

VOCABULARY = [
    "ferry",
    "ferries",
    "fer",
    "sunog",
    "sunod",
    "nino",
    "na",
    "hack",
    "hacked",
    "sa",
    "pier",
    "2go",
]
words = st.builds(Word, st.sampled_from([*VOCABULARY, "#sunog", "@ferry"]))
prefixes = st.builds(Prefix, st.sampled_from(["fer", "ferr", "sun", "ha", "#su", "ni"]))
phrases = st.builds(Phrase, st.lists(words | prefixes, min_size=2, max_size=3).map(tuple))


def _many(kind, parts):
    return st.builds(kind, st.lists(parts, min_size=2, max_size=3).map(tuple))


def _combined(terms):
    return st.recursive(
        terms,
        lambda parts: _many(And, parts) | _many(Or, parts) | st.builds(Not, parts),
        max_leaves=8,
    )


nodes = _combined(words | prefixes | phrases)

# Whatever the language has.
wilds = st.builds(Wild, st.sampled_from(["s?nog", "f?r", "sun??", "fe?r*", "#su?o*", "ha?k*"]))
parts = words | prefixes | wilds
looses = st.builds(
    Loose, st.lists(parts, min_size=2, max_size=3).map(tuple), st.integers(min_value=0, max_value=4)
)
standing = parts | phrases | st.builds(Or, st.lists(parts | phrases, min_size=2, max_size=3).map(tuple))
distances = st.integers(min_value=0, max_value=4)
nears = st.builds(Near, standing, standing, distances, st.booleans())
nears = nears | st.builds(Near, nears, standing, distances, st.booleans())
raws = st.builds(
    Raw, st.sampled_from(["Ferry", "FERRY", "na-hack", "Niño", "(sa)", "#Sunog", "sa na", "ferry's"])
)
places = st.builds(In, st.sampled_from(["author", "title", "url"]), parts | phrases | looses)
flags = st.builds(
    Flag,
    st.sampled_from(
        [
            "lang:fil",
            "lang:en",
            "site:rappler.com",
            "site:com",
            "source:rss",
            "country:ph",
            "sentiment:negative",
        ]
        + ["verified:yes", "verified:no", "has:link", "has:hashtag", "has:title", "has:image"]
    ),
)
reaches = st.builds(Reach, st.sampled_from([">", ">=", "<", "<="]), st.sampled_from([0, 100, 2_000]))
every_node = _combined(words | prefixes | phrases | wilds | looses | nears | raws | places | flags | reaches)
_spelt = st.sampled_from(
    [*VOCABULARY, "FERRY", "Niño", "#Sunog", "@ferry", "na-hack", "sunog!", "(sa)", "ferry's", "#", "😡"]
)
texts = st.lists(_spelt, max_size=8).map(" ".join)
posts = st.builds(
    Post,
    text=st.lists(_spelt | st.just("https://t.co/x"), max_size=8).map(" ".join),
    title=st.lists(_spelt, max_size=3).map(" ".join),
    author=st.sampled_from(["", "Niño Sunog", "ferry.na.hack", "@ferry"]),
    url=st.sampled_from(["", "https://www.rappler.com/ferry-sunog/2go", "http://[bad", "https://x.com/sa"]),
    source=st.sampled_from(["", "rss", "bluesky"]),
    language=st.sampled_from(["", "und", "fil", "tl", "en-US"]),
    country=st.sampled_from(["", "PH"]),
    sentiment=st.sampled_from(["", "negative", "positive"]),
    reach=st.sampled_from([None, 0, 100, 101, 10**6]),
    verified=st.sampled_from([None, True, False]),
    media=st.sampled_from([frozenset(), frozenset(["image"])]),
)


def written(node) -> str:
    """The node as a person would write it, with every parenthesis."""
    match node:
        case Word(text):
            return text
        case Prefix(text):
            return f"{text}*"
        case Phrase(parts):
            return '"' + " ".join(written(part) for part in parts) + '"'
        case And(parts):
            return "(" + " AND ".join(written(part) for part in parts) + ")"
        case Or(parts):
            return "(" + " OR ".join(written(part) for part in parts) + ")"
        case Not(part):
            return f"NOT ({written(part)})"
        case Loose(parts, most):
            return f"{written(Phrase(parts))}~{most}"
        case Near(left, right, most, ordered):
            return f"({written(left)} {'O' if ordered else ''}NEAR/{most} {written(right)})"
        case Raw(text):
            return f"{{{text}}}"
        case In(place, term):
            return f"{place}:{written(term)}"
        case Wild(text) | Flag(text):
            return text
        case Reach(sign, number):
            return f"reach{sign}:{number}"
    raise AssertionError(node)


def oracle(node, text: str) -> bool:
    """The same question answered another way: by regular expressions over the text."""
    plain = text.lower().replace("ñ", "n")
    match node:
        case And(parts):
            return all(oracle(part, text) for part in parts)
        case Or(parts):
            return any(oracle(part, text) for part in parts)
        case Not(part):
            return not oracle(part, text)
        case Phrase(parts):
            pattern = r"[^\w#@😡]+(?:[#@](?!\w)[^\w#@😡]*)*".join(_pattern(part) for part in parts)
        case _:
            pattern = _pattern(node)
    return re.search(rf"(?<!\w){pattern}", plain) is not None


def _pattern(part) -> str:
    mark = "" if part.text[0] in "#@" else "[#@]?"
    return mark + re.escape(part.text) + (r"\w*" if isinstance(part, Prefix) else r"(?!\w)")


def standing_at(node, tokens) -> set[tuple[int, int]]:
    """From where to where it stands, by trying every place."""
    every = range(len(tokens))
    match node:
        case Or(parts):
            return {span for part in parts for span in standing_at(part, tokens)}
        case Phrase(parts):
            count = len(parts)
            return {
                (at, at + count - 1)
                for at in every
                if at + count <= len(tokens)
                and all(re.fullmatch(_token(p), t) for p, t in zip(parts, tokens[at:], strict=False))
            }
        case Loose(parts, most):
            chosen = product(*([at for at in every if re.fullmatch(_token(p), tokens[at])] for p in parts))
            return {
                (min(ats), max(ats))
                for ats in chosen
                if len(set(ats)) == len(ats) and max(ats) - min(ats) + 1 - len(ats) <= most
            }
        case Near(left, right, most, ordered):
            both = product(standing_at(left, tokens), standing_at(right, tokens))
            return {
                (min(a[0], b[0]), max(a[1], b[1]))
                for a, b in both
                if 0 <= b[0] - a[1] - 1 <= most or (not ordered and 0 <= a[0] - b[1] - 1 <= most)
            }
    return {(at, at) for at in every if re.fullmatch(_token(node), tokens[at])}


def _token(part) -> str:
    mark = "" if part.text[0] in "#@" else "[#@]?"
    end = r"\w*" if isinstance(part, Prefix) or part.text.endswith("*") else ""
    return mark + re.escape(part.text.rstrip("*")).replace(r"\?", r"\w") + end


def tokens_of(text: str) -> list[str]:
    return re.findall(r"(?<!\w)[#@]\w+|\w+|😡", text.lower().replace("ñ", "n"))
