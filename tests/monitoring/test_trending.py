"""Trending terms and topics: what is new stands out, what is always said does not."""

from datetime import timedelta

import pytest

from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Mention
from responses.monitoring.trending import drivers, surprise, topics, trending
from tests.monitoring.making import feed, item, rule

DAY = timedelta(days=1)


@pytest.fixture
def heard(isla, by, now):
    """Two days: the usual talk on both, and a fire at Batangas, with the DTI after it, on the second."""
    source = feed(by.lea, now)
    usual = ["Ang ferry ng Isla ay on time", "Salamat sa crew ng ferry", "May promo ba ang ferry sa Lunes?"]
    posts = [
        item(
            f"{day}-{n}", f"{usual[n % 3]} {n}", at=now - day * DAY - n * timedelta(minutes=9), author="juan"
        )
        for day in (0, 1)
        for n in range(60)
    ]
    posts += [
        item(f"fire-{n}", "Sunog sa Batangas Port! Nasaan ang lifeboat?", at=now - n * timedelta(minutes=3),
             author="maria" if n % 2 else f"tao{n}")
        for n in range(1, 25)
    ]  # fmt: skip
    posts += [
        item(f"dti-{n}", "DTI to look into refunds, says #refund desk", at=now - n * timedelta(minutes=5))
        for n in range(1, 12)
    ]
    ingest(source, posts, now=now)
    return source


def test_what_is_new_trends_and_what_is_usual_does_not(heard, now):
    found = {term.term: term for term in trending(now - DAY, now + DAY / 999)}
    assert {"Batangas Port", "lifeboat", "DTI", "#refund"} <= set(found)
    assert not {"ferry", "promo", "ang", "Batangas", "Port", "says"} & set(found)
    assert (found["lifeboat"].count, found["lifeboat"].before) == (24, 0)
    assert found["lifeboat"].factor > 10


def test_topics_gather_what_is_said_together(heard, now):
    first, second = topics(now - DAY, now + DAY / 999)
    assert {"Batangas Port", "lifeboat"} <= {term.term for term in first.terms}
    assert {"DTI", "#refund"} <= {term.term for term in second.terms}
    assert (first.count, second.count) == (24, 11)
    assert "Batangas" in Mention.objects.get(pk=first.mention).text
    assert "DTI" not in first.name


def test_a_rule_and_a_source_narrow_it(heard, by, now):
    from responses.monitoring import ruling

    watched = rule(by.lea, now, "dti")
    ruling.match_past(watched, now=now)
    found = [term.term for term in trending(now - DAY, now + DAY / 999, rule=watched)]
    assert "DTI" in found
    assert "lifeboat" not in found
    assert trending(now - DAY, now + DAY / 999, source=heard.pk) == trending(now - DAY, now + DAY / 999)


def test_what_drives_mentions_is_told_against_what_came_before(heard, now):
    told = drivers(Mention.objects.filter(text__startswith="Sunog"), 3)
    assert "lifeboat" in [term["name"] for term in told["terms"]]
    assert told["authors"][0] == {"name": "maria", "count": 12}
    assert told["sources"] == [{"name": "News", "count": 24}]
    assert drivers(Mention.objects.none(), 3) == {"terms": [], "authors": [], "sources": []}


def test_surprise_is_dunnings():
    assert surprise(10, 100, 10, 100) == pytest.approx(0)
    # 2 × (10 ln 2 + 90 ln(90/95) … ) worked out by hand from the binomial likelihoods
    assert surprise(10, 100, 0, 100) == pytest.approx(14.37, abs=0.05)
