"""Copies gathered into stories: the right ones, each once, in bounded work, with their spread."""

import random
from datetime import timedelta
from unittest import mock

import pytest
from django.db import OperationalError

from responses import pipeline, tasks  # noqa: F401  (tasks registers the jobs)
from responses.core.models import DeadLetter
from responses.monitoring import sparing, stories, story_keys
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, Mention, Source, Story, StoryKey
from responses.monitoring.sources.base import Item
from tenants import jobs
from tenants.models import Wake
from tests.monitoring.making import feed

MINUTE = timedelta(minutes=1)
FIRE = (
    "A fire broke out aboard the MV Isla Reyna on Tuesday night while it was docked at Batangas Port, "
    "the Coast Guard said. All 142 passengers were taken off safely."
)
REFUND = "Three weeks na yung refund ko sa Isla Ferries, puro we will get back to you lang ang sagot ng chat"


@pytest.fixture
def news(isla, by, now):
    return feed(by.lea, now)


@pytest.fixture
def bluesky(isla, now):
    return Source.objects.create(kind="bluesky", name="Isla on Bluesky", config={"search": "isla"})


def said(number, text, at, *, url="", title="", reach=None):
    return Item(f"id-{number}", url or f"https://bsky.app/{number}", text=text, title=title, published_at=at,
                author=f"tao{number}", reach=reach)  # fmt: skip


def gather(now) -> list[stories.Gathered]:
    found = []
    while (done := stories.gather(now)) is not None:
        found.append(done)
    return found


def shape():
    """What the stories are, whatever their numbers."""
    rows = Story.objects.filter(mention_count__gt=1).order_by("first_at")
    return [(story.mention_count, story.platforms, story.reach, story.mentions.count()) for story in rows]


def test_a_story_and_how_it_spread(news, bluesky, now):
    start = now - timedelta(hours=5)
    inquirer = "https://www.inquirer.example/fire"
    first = [
        said(1, f"RT @pcg: {FIRE}", start + 9 * MINUTE, reach=300),
        said(2, REFUND, start + MINUTE),
        said(3, "Anong oras ang alis bukas papuntang Bohol mula sa Batangas?", start),
    ]
    papers = [
        said(4, FIRE, start + 2 * MINUTE, url=inquirer, title="Ferry burns"),
        said(5, FIRE[:120] + "…", start + 20 * MINUTE, url="https://gma.example/a", title="Sunog sa barko"),
    ]
    later = [
        said(6, f"Kawawa naman {inquirer}?utm_source=x", start + 30 * MINUTE, reach=50),
        said(7, REFUND.replace("Three", "Four"), start + 40 * MINUTE),
    ]
    for source, batch in ((bluesky, first), (news, papers), (bluesky, later)):
        ingest(source, batch, now=now)
    assert sum(done.mentions for done in gather(now)) == 7
    assert shape() == [
        (2, ["Bluesky"], 0, 2),
        (4, ["inquirer.example", "Bluesky", "gma.example"], 350, 4),
    ]
    fire = Story.objects.get(mention_count=4)
    assert (fire.first_mention.external_id, fire.title) == ("id-4", "Ferry burns")
    assert (fire.first_at, fire.last_at) == (start + 2 * MINUTE, start + 30 * MINUTE)
    assert Mention.objects.get(external_id="id-3").story is None
    assert Alert.objects.get(kind="crossing").why["reached"] == ["inquirer.example", "gma.example"]


def test_nothing_is_gathered_twice_or_lost_when_the_worker_dies(news, now, monkeypatch):
    for batch in range(4):
        posts = [said(f"{batch}-{n}", f"{REFUND} {'at' * (n % 2)}", now, reach=1) for n in range(6)]
        ingest(news, posts, now=now)
    stories.gather(now)
    with monkeypatch.context() as dying:
        dying.setattr(stories.risk, "keep", lambda mentions: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            stories.gather(now)
    gather(now)
    assert gather(now) == []
    assert shape() == [(24, ["Bluesky"], 24, 24)]
    assert not stories.is_behind()


def test_the_work_grows_with_the_mentions_not_with_their_square(bluesky, now):
    """1,500 mentions, each an edit of one of 60 texts that share many words."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abdegiklmnopst", k=5)) for _ in range(300)]
    texts = [f"Nawala ang bagahe ko sa {' '.join(chance.sample(words, 14))}" for _ in range(60)]
    batch = [
        said(n, f"{texts[n % 60]} {'grabe ' * (n % 3)}", now - timedelta(seconds=n)) for n in range(1500)
    ]
    ingest(bluesky, batch, now=now)
    (done,) = gather(now)
    assert done.compared <= stories.COMPARED * 1500
    assert (done.joined, len(shape())) == (1500, 60)
    assert StoryKey.objects.count() <= 60 * 12


def test_spans_name_exactly_what_a_batch_brought():
    assert stories.spans([7, 3, 4, 5, 9, 10]) == [[3, 5], [7, 7], [9, 10]]
    assert stories.spans([]) == []


def test_what_nobody_copied_is_forgotten_and_stories_stay(news, now):
    ingest(news, [said(1, FIRE, now), said(2, FIRE + " Updates follow.", now), said(3, REFUND, now)], now=now)
    gather(now)
    assert Story.objects.count() == 2
    later = now + story_keys.KEPT + timedelta(days=1)
    ingest(news, [said(4, REFUND, later)], now=later)
    gather(later)
    assert [story.mention_count for story in Story.objects.order_by("pk")] == [2, 1]
    assert Mention.objects.get(external_id="id-4").story is None
    assert set(StoryKey.objects.values_list("at", flat=True)) == {later}


def test_the_first_to_say_it_may_be_heard_late(news, bluesky, now):
    ingest(news, [said(1, FIRE, now - MINUTE, url="https://news.example/1"),
                  said(2, FIRE, now, url="https://b.example/1")], now=now)  # fmt: skip
    gather(now)
    ingest(bluesky, [said(3, FIRE, now - 2 * MINUTE)], now=now)
    gather(now)
    story = Story.objects.get()
    assert story.first_mention.external_id == "id-3"
    assert story.platforms == ["Bluesky", "news.example", "b.example"]


def test_what_is_kept_aside_is_no_story(news, now):
    ingest(news, [said(1, FIRE, now), said(2, FIRE, now)], now=now)
    Mention.objects.filter(external_id="id-2").update(is_excluded=True)
    gather(now)
    assert shape() == []


def test_what_comes_in_is_gathered_by_a_job_behind_its_event(news, isla, now):
    ingest(news, [said(1, FIRE, now), said(2, FIRE, now)], now=now)
    with mock.patch.object(jobs, "enqueue") as sent:
        pipeline.follow(now)
    assert mock.call("gather_stories", isla) in sent.mock_calls
    jobs.JOBS["gather_stories"](isla)
    assert shape() == [(2, ["Bluesky"], 0, 2)]


def test_a_job_that_finds_another_at_work_comes_back(news, isla, now, monkeypatch):
    ingest(news, [said(1, FIRE, now)], now=now)

    def busy(now):
        raise stories.Busy

    monkeypatch.setattr(stories, "gather", busy)
    before = Wake.objects.filter(brand=isla).count()
    for _job in range(3):
        jobs.JOBS["gather_stories"](isla)
    assert Wake.objects.filter(brand=isla).count() - before in (1, 2), "one look for many jobs"
    assert stories.is_behind()


def test_more_ears_than_there_are_stop_no_story(bluesky, now):
    """Two copies whose server claims all the followers a column can hold, then another story."""
    most = 2**63 - 1
    ingest(bluesky, [said(1, FIRE, now, reach=most), said(2, FIRE, now, reach=most)], now=now)
    ingest(bluesky, [said(3, REFUND, now), said(4, REFUND, now)], now=now)
    gather(now)
    assert sorted(shape()) == [(2, ["Bluesky"], 0, 2), (2, ["Bluesky"], 2 * 10**12, 2)]
    assert Mention.objects.filter(risk__gt=0).exists()
    # What was stored before there was a ceiling.
    Mention.objects.filter(external_id="id-3").update(reach=most)
    Story.objects.filter(reach=0).update(reach=most)
    ingest(bluesky, [said(5, REFUND, now, reach=10)], now=now)
    gather(now)
    assert Story.objects.filter(reach=most, mention_count=3).exists()


def test_one_mention_that_breaks_the_gathering_is_left_out_alone(bluesky, now, monkeypatch):
    weigh = stories.risk.weigh

    def breaks(mentions):
        if any(mention.external_id == "id-3" for mention in mentions):
            raise ValueError("a text nobody thought of")
        weigh(mentions)

    monkeypatch.setattr(stories.risk, "weigh", breaks)
    batch = [said(number, FIRE, now - number * MINUTE) for number in range(1, 8)]
    ingest(bluesky, batch, now=now)
    ingest(bluesky, [said(8, FIRE, now)], now=now)
    for _try in range(sparing.GIVE_UP_AFTER):  # it may pass, and nothing is left out in haste
        with pytest.raises(ValueError, match="nobody thought of"):
            stories.gather(now)
    assert [each.mentions for each in gather(now)] == [6, 1]
    assert shape() == [(7, ["Bluesky"], 0, 7)]
    dead = DeadLetter.objects.get(reader=stories.PLACE)
    assert "a text nobody thought of" in dead.error
    assert not stories.is_behind()


def test_a_database_that_is_away_leaves_nothing_out(bluesky, now, monkeypatch):
    ingest(bluesky, [said(1, FIRE, now), said(2, FIRE, now)], now=now)
    with monkeypatch.context() as broken:
        broken.setattr(stories.risk, "weigh", mock.Mock(side_effect=OperationalError("gone")))
        for _try in range(sparing.GIVE_UP_AFTER + 1):
            with pytest.raises(OperationalError):
                stories.gather(now)
    assert gather(now)[0].mentions == 2
    assert not DeadLetter.objects.exists()
