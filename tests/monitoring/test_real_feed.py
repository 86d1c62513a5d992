"""A feed served over HTTP by a real server: from the address a person types to the alert, by the jobs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from responses.monitoring.models import Alert, Mention, Source
from tenants import context, jobs
from tests.monitoring.making import rule


@pytest.fixture
def real_now():
    return timezone.now()


@pytest.fixture
def follow_jobs(settings, hostile, monkeypatch):
    """Run what the queue holds, as the worker would, until it is empty."""
    settings.TUGON_ALLOWED_ORIGINS = [hostile.origin]

    def run():
        while task := OrmQ.objects.order_by("pk").first():
            name, args = task.task["func"], task.task["args"]
            task.delete()
            assert name == "tenants.jobs.run"
            if args[0] in ("read_source", "work_due", "match_past"):
                jobs.run(*args)

    return run


def test_from_the_address_typed_to_the_alert(
    sign_in, brands, by, hostile, follow_jobs, real_now, monkeypatch
):
    moment = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # the feed's newest post is a few hours old
    later = moment + timedelta(minutes=5)
    monkeypatch.setattr("responses.tasks.timezone.now", lambda: moment)
    monkeypatch.setattr("responses.monitoring.views_sources.timezone.now", lambda: moment)
    with context.inside(brands.isla):
        rule(by.lea, moment, "anger")
    typed = {"name": "Balita", "url": f"{hostile.origin}/feed", "every_minutes": 5}
    assert sign_in("lea").post("/b/isla/sources/add/rss/", typed).status_code == 303
    follow_jobs()
    with context.inside(brands.isla):
        assert Mention.objects.count() == 2
        assert Alert.objects.get().first_mention.title == "Ferry delay & anger"
        source = Source.objects.get()
        assert source.state["etag"] == '"v1"'
        assert source.due_at == later
        monkeypatch.setattr("responses.tasks.timezone.now", lambda: later)
        jobs.run("read_source", brands.isla.pk, {"source_id": source.pk})
        source.refresh_from_db()
        assert source.failures == 0
        assert Mention.objects.count() == 2
    assert hostile.seen[-1][1]["If-None-Match"] == '"v1"'  # the second look was conditional


@pytest.mark.parametrize(
    ("path", "words", "status"),
    [
        ("/html", "shows a web page, not a feed", "listening"),
        ("/status/404", "There is nothing at this address", "listening"),
        ("/status/410", "This address is gone for good", "stopped"),
        ("/bomb", "larger than 5", "listening"),
    ],
)
def test_a_bad_feed_is_told_in_words(sign_in, brands, hostile, follow_jobs, path, words, status):
    typed = {"name": "Bad", "url": hostile.origin + path, "every_minutes": 5}
    desk = sign_in("lea")
    desk.post("/b/isla/sources/add/rss/", typed)
    follow_jobs()
    with context.inside(brands.isla):
        source = Source.objects.get()
        assert words in source.error
        assert source.status == status
    assert words in desk.get("/b/isla/sources/").content.decode()


def test_a_private_address_is_refused_and_stops(sign_in, brands, follow_jobs, settings):
    settings.TUGON_ALLOWED_ORIGINS = []
    desk = sign_in("lea")
    typed = {"name": "Inside", "url": "http://127.0.0.1/feed", "every_minutes": 5}
    tried = desk.post("/b/isla/sources/add/rss/", {**typed, "try": "1"})
    assert "leads to a private network" in tried.content.decode()
    desk.post("/b/isla/sources/add/rss/", typed)
    follow_jobs()
    with context.inside(brands.isla):
        assert Source.objects.get().status == "stopped"
