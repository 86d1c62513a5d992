"""A month of ordinary mentions: the noise a crisis has to stand out from.

Each Manila day is drawn on its own from (brand, date, seed), so a feed that is read again an hour later
holds the same posts and a few new ones, and a post keeps its guid for ever.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from responses.story.post import MANILA, Post, Slots, article, cells, handle, lines, social, texts

VOLUMES = {"isla": 45, "luzon": 60, "ising": 25, "sampaguita": 20, "kape": 20, "kabila-brand": 20}

# Weight of each hour of the day in Manila: quiet at night, a rise at breakfast and lunch, most after work.
HOURS = (3, 2, 1, 1, 2, 4, 8, 11, 12, 11, 10, 11, 13, 12, 10, 10, 11, 13, 15, 17, 17, 14, 9, 5)
NOODLE_HOURS = (5, 2, 1, 1, 1, 2, 5, 8, 8, 8, 10, 15, 17, 11, 8, 9, 10, 11, 14, 17, 17, 16, 14, 9)
HOURS_OF = {"ising": NOODLE_HOURS}

# Monday to Sunday, each row of mean 1: people sail around the weekend and bank on weekdays.
WEEK = (1.0, 0.9, 0.9, 0.95, 1.1, 1.1, 1.05)
WEEK_OF = {
    "isla": (0.95, 0.75, 0.75, 0.85, 1.35, 1.1, 1.25),
    "luzon": (1.3, 1.1, 1.05, 1.1, 1.35, 0.65, 0.45),
    "ising": (0.9, 0.9, 0.9, 0.9, 1.0, 1.2, 1.2),
}
NEWS_SHARE = 0.02
# How many of a hundred say nothing more, one thing or two: else a month's posts would look like copies.
ASIDES = (1, 19, 80)


def ordinary(brand_slug: str, now: datetime, days: int = 30, seed: int = 2026) -> list[Post]:
    """What people said in the `days` before `now`, oldest first."""
    since = now - timedelta(days=days)
    first = since.astimezone(MANILA).date()
    posts = [post for n in range(days + 1) for post in one_day(brand_slug, first + timedelta(days=n), seed)]
    return [post for post in posts if since < post.published_at <= now]


@lru_cache(maxsize=512)
def one_day(brand_slug: str, day: date, seed: int) -> tuple[Post, ...]:
    rng = Random(f"{brand_slug} {day.isoformat()} {seed}")
    moments = _moments(rng, brand_slug, day)
    drawn = _templates(rng, brand_slug, len(moments))
    return tuple(
        _post(rng, brand_slug, f"{brand_slug}-{day:%Y%m%d}-{n:03}", at, template)
        for n, (at, template) in enumerate(zip(moments, drawn, strict=True))
    )


def _moments(rng: Random, brand_slug: str, day: date) -> list[datetime]:
    mean = VOLUMES[brand_slug] * WEEK_OF.get(brand_slug, WEEK)[day.weekday()]
    if brand_slug == "luzon" and day.day in (15, 30):  # payday
        mean *= 1.25
    count = max(1, round(rng.gauss(mean, mean**0.5)))
    hours = rng.choices(range(24), HOURS_OF.get(brand_slug, HOURS), k=count)
    midnight = datetime.combine(day, time(), MANILA)
    # Each post has a second of its own, so the order never depends on a tie.
    seconds = sorted({hour * 3600 + rng.randrange(3600) for hour in hours})
    return [(midnight + timedelta(seconds=s)).astimezone(UTC) for s in seconds]


def _templates(rng: Random, brand_slug: str, count: int) -> list[tuple[str, ...]]:
    """`count` templates without a repeat until all have been used."""
    voices, news = templates(brand_slug)
    drawn: list[tuple[str, ...]] = []
    while len(drawn) < count:
        drawn += rng.sample(voices, len(voices))
    return [rng.choice(news) if rng.random() < NEWS_SHARE else voice for voice in drawn[:count]]


@lru_cache(maxsize=16)
def templates(brand_slug: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """What people write as (lang, text), and what papers write as (outlet, title, text, lang)."""
    source = texts(brand_slug)
    voices: list[tuple[str, ...]] = [("en", text) for text in lines(source["en"])]
    voices += [("fil", text) for key in ("fil", "taglish") for text in lines(source[key])]
    return voices, [tuple(row) for row in cells(source["news"])]


def _post(rng: Random, brand_slug: str, guid: str, at: datetime, template: tuple[str, ...]) -> Post:
    slots = Slots(rng, texts("common")["slots"] | texts(brand_slug)["slots"])
    if len(template) == 4:
        outlet, title, text, lang = template
        return article(guid, at, outlet, title.format_map(slots), text.format_map(slots), lang)
    lang, text = template
    opener, tail = _flourish(rng, f"{lang}_openers", 0.2), _flourish(rng, f"{lang}_tails", 0.45)
    asides = rng.sample(lines(texts("common")[f"{lang}_asides"]), rng.choices((0, 1, 2), ASIDES)[0])
    whole = " ".join([text, *asides]).format_map(slots)
    return social(guid, at, handle(rng), opener + whole + tail, lang)


def _flourish(rng: Random, kind: str, share: float) -> str:
    """What people put before or after what they have to say, so that no two say it quite alike."""
    return rng.choice(lines(texts("common")[kind])) if rng.random() < share else ""
