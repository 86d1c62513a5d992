"""How well and how fast a text's feeling is read, beside the word list alone and beside a bare dictionary."""

import csv
import random
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from responses.monitoring import feelings
from responses.monitoring import stories as gathering
from responses.monitoring.features import cut
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Source, Story
from responses.monitoring.sentiment import classify_many, trained
from responses.monitoring.sources.base import Item
from tenants import context

from .figures import figure, line, own

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "sentiment"
GOALS = {"taglish_reviews": ("sentiment.taglish_f1", 0.80), "english_tweets": ("sentiment.english_f1", 0.74)}
ROUNDS = 5


@figure
def sentiment():
    """Macro-F1 in five-fold cross-validation, retrained on each fold; then texts per second of one core."""
    if not DATA.is_dir():
        print("sentiment.*: skipped, ../shared/data/sentiment is not there", file=sys.stderr)
        return
    yield from quality()
    yield speed()


def quality():
    try:
        from responses.monitoring import training
    except ImportError:
        print('sentiment.*_f1: skipped, scikit-learn (the extra "train") is not installed', file=sys.stderr)
        return
    examples = training.read(DATA)
    reached = training.cross_validate(examples)
    listed = [by_list(text) for text in examples.texts]
    for name, (title, goal) in GOALS.items():
        yield line(title, reached[name], "macro-F1", training.macro_f1(examples, listed, name), goal)


def by_list(text: str) -> str:
    """What the list of words alone says, the same for every fold."""
    words = cut(text)
    felt = feelings.sequence(words, [feelings.feeling_of(word) for word in words])
    score = feelings.summary(text, words, felt)[0]
    return "neutral" if abs(score) < 0.28 else "positive" if score > 0 else "negative"


def speed():
    """Half of the texts make the words known, as in a worker that ran for a while; the others are timed."""
    texts = []
    for name in GOALS:
        with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
            texts += [row["text"] for row in csv.DictReader(handle)]
    known, timed = texts[::2], texts[1::2]
    ours, bare = [], []
    for _ in range(ROUNDS):
        trained.cache_clear()
        classify_many(known)
        ours.append(len(timed) / cpu(lambda: classify_many(timed)))
        bare.append(len(timed) / cpu(lambda: [by_dictionary(text) for text in timed]))
    return line("sentiment.texts_per_s", statistics.median(ours), "texts/s", statistics.median(bare), 5_000)


def by_dictionary(text: str) -> float:
    return sum(feelings.ALL.get(word, 0.0) for word in text.lower().split())


def cpu(action) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def cut_loose(texts: int, mentions: int, now) -> list[Item]:
    """Mentions of so many texts, with small edits: shares, a word added, the end cut off."""
    draw = random.Random(2026)
    words = ["".join(draw.choices("abdegiklmnoprstuy", k=draw.randint(3, 8))) for _ in range(3_000)]
    said = [" ".join(draw.choices(words, k=18)) for _ in range(texts)]
    found = []
    for number in range(mentions):
        text = said[number % texts]
        edits = (text, f"RT @tao{number}: {text}", text[:80] + "…", f"{text} {draw.choice(words)}")
        at = now - timedelta(seconds=mentions - number)
        found.append(Item(str(number), "", text=edits[number % 4], published_at=at))
    return found


@figure
def stories():
    """20,000 mentions of 1,000 texts: pairs compared per mention, beside comparing each with each."""
    brand = own("stories")[0]
    now = timezone.now()
    with context.inside(brand):
        source = Source.objects.create(kind="bluesky", name="Stories", config={})
        items = cut_loose(1_000, 20_000, now)
        for start in range(0, len(items), 1_000):
            ingest(source, items[start : start + 1_000], now=now)
        began = time.perf_counter()
        done = []
        while (gathered := gathering.gather(now)) is not None:
            done.append(gathered)
        took = time.perf_counter() - began
        told = Story.objects.filter(mention_count__gt=1).count()
    count = sum(one.mentions for one in done)
    yield line("stories.compared", sum(one.compared for one in done) / count, "per mention", count / 2, 5)
    yield line("stories.gathered_per_s", count / took, "mentions/s", told, 1_000)
