"""The links of a mail: the first one, and those of a digest with what is said of each."""

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import nh3

from responses.monitoring.sources.cleaning import one_line, tidy, web_link

MOST_LINKS = 500
LONGEST_SAID = 1_000
LONGEST_MARKUP = 1_000_000
DEEPEST = 1_000  # what people write is not ten thousand boxes deep; reading that would take for ever
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.I)
UNCLOSED = re.compile(r"area|base|br|col|embed|hr|img|input|link|meta|p|li|t[drh]|d[td]|source|wbr", re.I)
BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/blockquote)\b[^>]{0,200}>", re.I)
CELLS = re.compile(r"</t[dh]\b", re.I)
ANCHOR = re.compile(r'<a(?: href="([^"]*)")?>(.*?)</a>', re.S)
ADDRESS = re.compile(r"https?://[^\s<>\"'\\^`{|}\]]+", re.I)
GOOGLE = re.compile(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}")
# Who wraps the links of a mail: (host, path) → the parameters that hold the real one.
WRAPPERS = {
    ("l.facebook.com", "/l.php"): ("u",),
    ("lm.facebook.com", "/l.php"): ("u",),
    ("www.youtube.com", "/redirect"): ("q",),
    ("slack-redir.net", "/link"): ("url",),
}
# What a digest says of itself: no news.
HOUSEKEEPING = re.compile(
    r"unsubscribe|opt.?out|view (?:it |this )?(?:e-?mail )?(?:in|on)\b|flag as irrelevant|"
    r"edit (?:this )?alert|see (?:more|all) (?:results|stories)|"
    r"manage (?:your )?(?:alert|preference|subscription)|privacy|"
    r"update (?:your )?(?:profile|preferences)|receive this alert|terms of (?:use|service)|"
    r"^(?:facebook|twitter|x|linkedin|instagram|youtube|share|tweet|rss|website|home|help|contact(?: us)?)$",
    re.I,
)
SHARING = re.compile(
    r"//(?:www\.)?(?:facebook\.com/shar|(?:twitter|x)\.com/(?:intent|share)|linkedin\.com/share|wa\.me/|t\.me/share|"
    r"pinterest\.com/pin/create|google\.com/alerts)|unsubscribe|opt-?out|list-manage\.com/(?:profile|unsub)",
    re.I,
)
MORE = re.compile(
    r"(?:read|see|learn|find out|view)\b.{0,12}\b(?:more|article|story)\W*|basahin.{0,20}|full story\W*", re.I
)


@dataclass
class Link:
    """A link of a digest: what it is called, and what is said after it."""

    url: str
    title: str
    text: str = ""


def unwrapped(url: str) -> str:
    """Where a link leads in the end, as far as it says so itself; “” if no browser may be sent there."""
    for _turn in range(3):
        if not (inside := _inside(url)):
            break
        url = inside
    return web_link(url)


def _inside(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        names: tuple[str, ...] = WRAPPERS.get((host, parts.path), ())
        if GOOGLE.fullmatch(host) and parts.path == "/url":
            names = ("url", "q")
        if host.endswith(".safelinks.protection.outlook.com"):
            names = ("url",)
        given = parse_qs(parts.query, max_num_fields=50) if names else {}
    except ValueError:
        return ""
    return next((link for name in names if (link := web_link(given.get(name, [""])[0]))), "")


def first_of_text(text: str) -> str:
    """The first link that leads to more than the mail's own housekeeping."""
    found = (
        ADDRESS.finditer(line) for line in text.split("\n")[:5_000] if not HOUSEKEEPING.search(line[:300])
    )
    return _first(_bare(match.group()) for matches in found for match in matches)


def first_of_markup(markup: str) -> str:
    runs = anchors(markup)
    return _first(url for words, url in runs if url and not HOUSEKEEPING.search(words[:300]))


def _first(urls) -> str:
    return next((url for each in urls if (url := unwrapped(each)) and not SHARING.search(url)), "")


def _bare(url: str) -> str:
    """Without the punctuation of the sentence it stands in."""
    url = url.rstrip(".,;:!?…*_")
    return url.rstrip(").,") if url.endswith(")") and "(" not in url else url


def anchors(markup: str) -> list[tuple[str, str]]:
    """The words in their order, each with the address it is linked to, or “”."""
    markup = readable(markup)
    broken = CELLS.sub(" </td", BREAKS.sub("\n", markup[:LONGEST_MARKUP]))
    clean = nh3.clean(
        broken, tags={"a"}, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None
    )
    runs, at = [], 0
    for match in ANCHOR.finditer(clean):
        runs.append((html.unescape(clean[at : match.start()]), ""))
        runs.append((html.unescape(match.group(2)), html.unescape(match.group(1) or "")))
        at = match.end()
    return [*runs, (html.unescape(clean[at:]), "")]


def readable(markup: str) -> str:
    """The markup, or its words alone if it is nested beyond reason."""
    markup, depth, deepest = markup[:LONGEST_MARKUP], 0, 0
    for match in TAG.finditer(markup):
        if not UNCLOSED.fullmatch(match.group(2)):
            depth = max(depth - 1, 0) if match.group(1) else depth + 1
            deepest = max(deepest, depth)
    return re.sub(r"<[^<>]{0,1000}>?", " ", markup) if deepest > DEEPEST else markup


# --- a digest


def of_markup(markup: str) -> list[Link]:
    """Each link once, under the best of its titles, with the words up to the next one."""
    found: dict[str, Link] = {}
    last: Link | None = None
    for words, href in anchors(markup):
        if not href:
            if last:
                last.text += f" {words}"
            continue
        url, title = unwrapped(href), one_line(words)
        if url in found:
            last = found[url]
            if not MORE.fullmatch(title) and len(title) > len(last.title):
                last.title = title
        elif is_news(url, title) and len(found) < MOST_LINKS:
            last = found[url] = Link(url, title)
        elif url or HOUSEKEEPING.search(title):
            last = None  # what follows belongs to a link that is no news
    return [link for each in found.values() if (link := _finished(each)).title]


def is_news(url: str, title: str) -> bool:
    """A picture's link has no title yet: the one below it may bring it."""
    return bool(url) and not SHARING.search(url) and not HOUSEKEEPING.search(title)


def _finished(link: Link) -> Link:
    link.text = tidy(link.text, LONGEST_SAID)
    if MORE.fullmatch(link.title):
        link.title = ""
    if len(link.title.split()) < 2 and len(link.title) < 12:  # “Balita”: a menu, not a headline
        link.title = one_line(link.text.split("\n")[0]) if len(link.text.split()) > 3 else ""
    return link


def of_text(text: str) -> list[Link]:
    """Each paragraph with a link in it: its first line is the title, or the line before it."""
    found: dict[str, Link] = {}
    before = ""
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))[:5_000]:
        urls = [unwrapped(_bare(each)) for each in ADDRESS.findall(block)]
        lines = [
            line for each in block.split("\n") if (line := one_line(ADDRESS.sub("", each).strip(" <>()-*•")))
        ]
        for url in urls[:1]:
            title, *said = lines or [before or url]
            if is_news(url, title) and url not in found and len(found) < MOST_LINKS:
                found[url] = Link(url, title, tidy("\n".join(said), LONGEST_SAID))
        before = lines[-1] if lines and not urls else ""
    return list(found.values())
