"""The pages on what was understood: correcting with one press, stories with their spread; the API's same."""

from datetime import timedelta

import pytest

from api import keys
from api.scopes import Scope
from responses.monitoring import stories
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Correction, Mention, Source, Story
from responses.monitoring.sources.base import Item
from tenants import context
from tests.monitoring.making import feed

TEXT = "Nasunog daw ang makina ng Isla Reyna kagabi, may mga sugatan at walang sagot ang opisina <b>nila</b>"


@pytest.fixture
def heard(brands, by, now):
    """A story told by a paper and on Bluesky."""
    with context.inside(brands.isla):
        paper = feed(by.lea, now)
        bluesky = Source.objects.create(kind="bluesky", name="Sky", config={})
        ingest(
            paper,
            [
                Item(
                    "a",
                    "https://inquirer.example/a",
                    title="Sunog",
                    text=TEXT,
                    published_at=now - timedelta(hours=3),
                )
            ],
            now=now,
        )
        posts = [
            Item(
                f"b{n}",
                "",
                author="juan",
                text=f"RT @inq: {TEXT}",
                published_at=now,
                reach=12_000,
                verified=True,
            )
            for n in range(3)
        ]
        ingest(bluesky, posts, now=now)
        while stories.gather(now):
            pass
        return Mention.objects.filter(author="juan").first()


def test_a_mention_shows_risk_reach_and_story_and_is_corrected_with_one_press(heard, sign_in, brands):
    desk = sign_in("paolo")
    address = f"/b/isla/mentions/{heard.pk}/"
    page = desk.get(address).content.decode()
    assert "Speaks of harm: nasunog, sugatan" in page
    assert "its author reaches 12,000 people" in page
    assert "Part of a story told 4 times" in page
    answer = desk.post(f"{address}correct/", {"sentiment": "neutral"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][1] == 303
    assert "as Paolo says" in page
    assert "Paolo: neutral, was negative" in page
    with context.inside(brands.isla):
        assert Correction.objects.get().by_name == "Paolo"
    listed = desk.get("/b/isla/corrections/").content.decode()
    assert "1 reading corrected" in listed
    assert "<b>nila" not in listed
    assert "says that" in desk.get("/b/isla/history/").content.decode()


def test_an_unknown_word_is_refused_and_a_writer_may_not(heard, sign_in, brands):
    address = f"/b/isla/mentions/{heard.pk}/correct/"
    refused = sign_in("paolo").post(address, {"sentiment": "angry"})
    assert refused.status_code == 422
    assert "negative, neutral or positive" in refused.content.decode()
    writer = sign_in("ana")
    assert writer.post(address, {"sentiment": "neutral"}).status_code == 403
    assert "Correct the sentiment" not in writer.get(f"/b/isla/mentions/{heard.pk}/").content.decode()
    with context.inside(brands.isla):
        assert not Correction.objects.exists()


def test_stories_are_listed_and_one_shows_its_spread(heard, sign_in, brands, monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    desk = sign_in("paolo")
    page = desk.get("/b/isla/stories/?days=30").content.decode()
    assert "1 story is going round" in page
    assert "inquirer.example → Bluesky" in page
    with context.inside(brands.isla):
        pk = Story.objects.get().pk
    page = desk.get(f"/b/isla/stories/{pk}/").content.decode()
    assert "Told 4 times" in page
    assert "36,000" in page
    assert page.index("inquirer.example</div>") < page.index("Bluesky</div>")
    assert '<svg class="plot"' in page
    assert page.count('class="post"') == 4
    assert desk.get("/b/isla/stories/?days=junk&page=-3").status_code == 200


def test_stories_stand_by_how_often_they_were_told_in_the_time_chosen(brands, by, sign_in, monkeypatch, now):
    """An old storm that one more person repeats is less of a story today than three copies of today."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    def story(title, *ages):
        moments = sorted(now - timedelta(hours=age) for age in ages)
        made = Story.objects.create(
            title=title, mention_count=len(ages), first_at=moments[0], last_at=moments[-1]
        )
        Mention.objects.bulk_create(
            Mention(source=source, external_id=f"{title}-{at}", published_at=at, seen_at=now, story=made)
            for at in moments
        )

    with context.inside(brands.isla):
        source = feed(by.lea, now)
        story("Old storm", *range(200, 209), 5)
        story("Of today", 2, 3, 4)
        story("As often, newer", 1, 2, 3)
        story("Told once", 1)

    def order(days):
        page = sign_in("paolo").get(f"/b/isla/stories/?days={days}").content.decode()
        names = ("Old storm", "Of today", "As often, newer", "Told once")
        return sorted((name for name in names if name in page), key=page.index), page

    names, page = order(1)
    assert names == ["As often, newer", "Of today", "Old storm"]
    assert "of 10 in all" in page
    assert order(30)[0] == ["Old storm", "As often, newer", "Of today"]


def test_the_api_corrects_lists_and_narrows(heard, client, brands, by, now):
    with context.inside(brands.isla):
        secret = keys.issue(name="k", scopes=list(Scope), by=by.ramon, now=now, per_minute=1000)[1]
    told = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    base = "/api/v1/brands/isla"
    answer = client.post(
        f"{base}/mentions/men_{heard.pk}/correct", {"sentiment": "neutral"}, "application/json", **told
    )
    shown = answer.json()
    assert (answer.status_code, shown["sentiment"], shown["corrected_by"]) == (200, "neutral", "k")
    assert (shown["reach"], shown["verified"]) == (12_000, True)
    assert {"code": "harm", "words": "Speaks of harm: nasunog, sugatan", "points": 35} in shown[
        "risk_reasons"
    ]
    (made,) = client.get(f"{base}/corrections", **told).json()["items"]
    assert (made["mention"], made["before"], made["after"]) == (f"men_{heard.pk}", "negative", "neutral")
    (story,) = client.get(f"{base}/stories?mentions=4", **told).json()["items"]
    assert (story["platforms"], story["reach"]) == (["inquirer.example", "Bluesky"], 36_000)
    assert client.get(f"{base}/stories?mentions=5", **told).json()["items"] == []
    ours = client.get(f"{base}/mentions?story={story['id']}&risk=40", **told).json()["items"]
    assert len(ours) == 4
    assert client.get(f"{base}/mentions?risk=101", **told).status_code == 400
    assert client.get(f"{base}/stories/{story['id']}", **told).json()["mention_count"] == 4
