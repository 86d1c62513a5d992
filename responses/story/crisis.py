"""The day of the story: a fire on MV Amihan, a bank's app that is shut, a label that contradicts itself."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from responses.story.post import Post, article, cells, handle, slug, social, texts

FIRE_BEFORE = timedelta(minutes=70)  # the fire breaks out this long before the demo begins
FIRST_MENTION_BEFORE = timedelta(minutes=65)
STORM = 200  # posts before the demo begins
STEEPNESS = 0.535  # a share x of the storm is out after x**STEEPNESS of the time: 25 in the last five minutes
EARLY, MIDDLE = timedelta(minutes=25), timedelta(minutes=45)  # after the first mention
LIVE_GAP = 15.0  # seconds between posts while the demo runs
LIVE_DRAWS = 40  # the lines of the live supply last about ten minutes; then people quote
LONGEST_GAP = 1200.0  # it never falls quite silent


def crisis(now: datetime, seed: int = 2026) -> list[Post]:
    """Isla Ferries from the first smoke to `now`, oldest first."""
    rng = Random(f"amihan {seed}")
    posts = [*_storm(rng, now), *_voices(now)]
    return sorted(posts, key=lambda post: post.published_at)


def _storm(rng: Random, now: datetime) -> Iterator[Post]:
    moments = [FIRST_MENTION_BEFORE * (n / STORM) ** STEEPNESS for n in range(STORM)]
    phases = [_phase(since) for since in moments]
    decks = {phase: _Deck(rng, phase, phases.count(phase)) for phase in set(phases)}
    for n, (since, phase) in enumerate(zip(moments, phases, strict=True)):
        lang, text = decks[phase].draw()
        at = now - FIRST_MENTION_BEFORE + since
        yield social(f"amihan-{_mark(now)}-{n:03}", at, handle(rng), text, lang)


def _phase(since: timedelta) -> str:
    return "early" if since < EARLY else "middle" if since < MIDDLE else "peak"


def _voices(now: datetime) -> Iterator[Post]:
    """The radio man, the papers and the coast station, at their minute after the fire."""
    for n, (author, lang, minute, title, text) in enumerate(cells(texts("isla_crisis")["voices"])):
        at = now - FIRE_BEFORE + timedelta(minutes=int(minute))
        yield article(f"amihan-{_mark(now)}-{slug(author)}-{n}", at, author, title, text, lang)


class _Deck:
    """Deals each line once, in the order of events, and between them what others quote of what was said."""

    QUOTES = ("Up natin to: “{}”", "Pakibasa po: “{}”", "Reposting: “{}”", "Pa-share po. “{}”", "THIS. “{}”")

    def __init__(self, rng: Random, phase: str, draws: int):
        """`draws` are about how many will be drawn: the lines are spread over them."""
        self.rng, self.lines = rng, cells(texts("isla_crisis")[phase])
        self.told, self.fresh = 0, len(self.lines) / draws

    def draw(self) -> tuple[str, str]:
        is_fresh = self.rng.random() < self.fresh and self.told < len(self.lines)
        if is_fresh or not self.told:
            self.told += 1
            lang, text = self.lines[self.told - 1]
            return lang, text
        # What was said first has been seen by most, so it is passed on most.
        lang, text = self.lines[int(self.told * self.rng.random() ** 2)]
        return lang, self.rng.choice(self.QUOTES).format(text)


def crisis_live(now: datetime, n: int, statement_at: datetime | None = None, seed: int = 2026) -> list[Post]:
    """The first `n` posts after `now`, the moment the demo began."""
    return list(islice(live(now, statement_at, seed), n))


def live(now: datetime, statement_at: datetime | None = None, seed: int = 2026) -> Iterator[Post]:
    """Posts without end: one in about 15 s, thinning over hours, and fast once the brand has spoken.

    What was said before `statement_at` does not depend on it: the same numbers are drawn either way.
    """
    at, n = now, 0
    decks = {phase: _Deck(Random(f"live {phase} {seed}"), phase, LIVE_DRAWS) for phase in ("later", "after")}
    while True:
        rng = Random(f"live {seed} {n}")
        at += timedelta(seconds=_gap(at, now, statement_at) * rng.uniform(0.6, 1.4))
        spoken = statement_at is not None and at > statement_at
        lang, text = decks["after" if spoken and rng.random() < 0.7 else "later"].draw()
        yield social(f"amihan-{_mark(now)}-live-{n:05}", at, handle(rng), text, lang)
        n += 1


def _gap(at: datetime, now: datetime, statement_at: datetime | None) -> float:
    hours = (at - now) / timedelta(hours=1)
    gap = LIVE_GAP * (1 + hours**1.5)
    if statement_at is not None and at > statement_at:
        gap *= 1.5 + (at - statement_at) / timedelta(minutes=6)
    return min(gap, LONGEST_GAP)


def login_failures(now: datetime, seed: int = 2026) -> list[Post]:
    """Banko Luzon: nobody gets into the app, about 40 posts in the last five hours."""
    rng = Random(f"login {seed}")
    rows = cells(texts("luzon_login")["posts"])
    drawn = [*rows, *rng.sample(rows, 15)]
    moments = sorted(now - timedelta(hours=5) * rng.betavariate(1.2, 1.4) for _ in drawn)
    return [
        social(f"login-{_mark(now)}-{n:02}", at, handle(rng), f"{'Same. ' * (n >= len(rows))}{text}", lang)
        for n, (at, (lang, text)) in enumerate(zip(moments, drawn, strict=True))
    ]


def label_complaint(now: datetime, seed: int = 2026) -> list[Post]:
    """Lola Ising: one parent, one label, eight posts since yesterday."""
    rng = Random(f"label {seed}")
    hours = (21.0, 20.4, 18.2, 17.5, 9.1, 6.3, 3.0, 1.2)
    rows = cells(texts("ising_label")["posts"])
    return [
        social(
            f"label-{_mark(now)}-{n}",
            now - timedelta(hours=ago, seconds=rng.randrange(600)),
            author,
            text,
            lang,
        )
        for n, (ago, (author, lang, text)) in enumerate(zip(hours, rows, strict=True))
    ]


def _mark(now: datetime) -> str:
    """Two stories begun at different moments never share a guid."""
    return f"{int(now.timestamp()):x}"
