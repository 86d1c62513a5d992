"""People talking about a brand in English, Filipino and both, no two alike, for the figures of ingest."""

import random
from datetime import timedelta
from pathlib import Path

from responses.monitoring.sources.base import Item


def phrases() -> dict[str, list[str]]:
    """The parts posts are made of, and the rules that watch them, by their heading in talking.txt."""
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            found[line[1:-1]] = kept = []
        elif line:
            kept.append(line)
    return found


PARTS = phrases()


def syllabled(draw) -> str:
    """A word nobody has said before: names, misspellings, other towns."""
    return "".join(draw.choice("bdghklmnprstwy") + draw.choice("aeiou") for _ in range(draw.randint(2, 5)))


def said(draw) -> str:
    """One post of one to three sentences."""
    parts = []
    for _sentence in range(draw.choice((1, 1, 2, 2, 3))):
        words = {name: draw.choice(PARTS[f"{name}s"]) for name in ("brand", "rival", "place", "thing")}
        words |= {"number": draw.randint(2, 900), "tag": syllabled(draw), "handle": syllabled(draw)}
        words["other"] = draw.choice(("islafail", "travelph", "commute"))
        shape = " ".join(draw.choice(PARTS[name]) for name in ("openings", "middles", "endings"))
        parts.append(shape.format(**words) + draw.choice((".", "!", "", " " + syllabled(draw))))
    return " ".join(parts)


def posts(count, *, now, seed, first=0, over=timedelta(days=2)) -> list[Item]:
    """`count` posts of the past days, each with what a social network tells of it."""
    draw = random.Random(seed)
    return [
        one(draw, f"at://did:plc:{seed}/app.bsky.feed.post/{first + n}", now - over * draw.random())
        for n in range(count)
    ]


def one(draw, external_id, at) -> Item:
    author = f"{draw.choice(('maria', 'juan', 'jose', 'ana', 'liza', 'mark'))}.{syllabled(draw)}"
    return Item(
        external_id=external_id,
        url=f"https://bsky.app/profile/{author}/post/{external_id.rpartition('/')[2]}",
        author=author,
        author_url=f"https://bsky.app/profile/{author}",
        text=said(draw),
        published_at=at,
        country=draw.choice(("", "ph", "ph", "us")),
        reach=draw.choice((None, draw.randint(1, 5_000), draw.randint(1, 500_000))),
        verified=draw.choice((None, False, True)),
        media=draw.choice(((), (), ("image",), ("video",))),
    )
