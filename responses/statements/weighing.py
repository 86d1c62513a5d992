"""How X weighs a post: 280 at most, where most letters of Europe weigh one, all others and each emoji two,
and each link 23 however long it is.

The ranges and weights are those of X's published configuration, version 3.
"""

import unicodedata

import regex

A_LINK = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|\u20e3")
WORD = r"\p{L}\p{M}\p{N}_"  # and not \w, which to this library has joiners too
PATH = rf"(?:[/?#][^\s<>\"“”]*[{WORD}/=#&+\-])?"
WITH_SCHEME = rf"https?://(?:[{WORD}\-]+\.)+[{WORD}\-]{{2,}}(?::\d+)?{PATH}/?"
# Without “https://” a name is a link when it ends as sites do: a country's two letters alone are not enough.
BARE = rf"(?<![{WORD}@#$./\-])(?:[a-z0-9\-]+\.)+[a-z]{{2,24}}(?![{WORD}@\-]){PATH}/?"
LINK = regex.compile(f"(?P<scheme>{WITH_SCHEME})|(?P<bare>{BARE})", regex.IGNORECASE)
GENERIC = frozenset({
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "name", "pro", "app", "dev", "blog",
    "news", "site", "online", "shop", "store", "tech", "cloud", "page", "live", "life", "world", "today",
    "media", "agency", "group", "team", "email", "link", "social", "wiki", "xyz", "top", "club",
    "space", "website",
})  # fmt: skip
ALONE = frozenset({"co", "tv"})  # countries whose letters sites use for themselves


def weight(text: str) -> int:
    """What X would say of this text."""
    text = unicodedata.normalize("NFC", text)
    total, at = 0, 0
    for start, end in links(text):
        total += of_words(text[at:start]) + A_LINK
        at = end
    return total + of_words(text[at:])


def links(text: str) -> list[tuple[int, int]]:
    """Where links stand in the text."""
    return [found.span() for found in LINK.finditer(text) if found["scheme"] or is_site(found["bare"])]


def is_site(written: str) -> bool:
    """Whether “isla.example/news” without a scheme is taken for a link."""
    host, *rest = regex.split(r"[/?#]", written.lower(), maxsplit=1)
    *labels, ending = host.split(".")
    if ending in GENERIC or ending in ALONE:
        return True
    return len(ending) == 2 and (len(labels) > 1 or bool(rest))


def of_words(text: str) -> int:
    return sum(of_cluster(each) for each in regex.findall(r"\X", text))


def of_cluster(cluster: str) -> int:
    if EMOJI.search(cluster):
        return 2
    return sum(1 if any(first <= ord(each) <= last for first, last in LIGHT) else 2 for each in cluster)
