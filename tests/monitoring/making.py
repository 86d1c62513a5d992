"""Sources, items and rules for the tests of monitoring."""

from contextlib import contextmanager
from datetime import timedelta

from responses.monitoring import ruling, sourcing
from responses.monitoring.sources.base import SOURCES, Fetched, Item


def item(number, text="Naantala ang byahe", *, at=None, title="", author="juan"):
    return Item(
        external_id=f"post-{number}",
        url=f"https://kwento.example/{number}",
        author=author,
        title=title,
        text=text,
        published_at=at,
    )


def items(count, text="Naantala ang byahe", *, now, apart=timedelta(minutes=1), first=0):
    return [item(first + n, f"{text} {first + n}", at=now - n * apart) for n in range(count)]


def feed(by, now, name="News"):
    config = {"url": "https://news.example/feed"}
    return sourcing.add_source(kind="rss", name=name, config=config, by=by, now=now)


def rule(by, now, query="sunog OR fire", **fields):
    return ruling.add_rule(name=fields.pop("name", query), query=query, by=by, now=now, **fields)


class Scripted:
    """An adapter that answers as the test says: a list of items, or an error to raise."""

    def __init__(self):
        self.answers, self.asked = [], []

    def __call__(self):
        return self

    def fetch(self, config, state, http, now=None):
        self.asked.append((config, state))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Fetched(answer, {"cursor": len(self.asked)})


@contextmanager
def scripted(monkeypatch, *answers):
    adapter = Scripted()
    adapter.answers = list(answers)
    monkeypatch.setitem(SOURCES, "rss", adapter)
    yield adapter
