"""Triage through the doors people use: one, the picked, all that a filter shows; back again; saved views."""

import re

import pytest

from responses.core.models import Event
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Mention, SavedView, Source
from tenants import context
from tests.monitoring.making import feed, items

FEED = "/b/isla/feed/"
ALL = {"all": "1", "to": "seen", "seen": "9" * 15}


@pytest.fixture
def said(brands, by, now):
    with context.inside(brands.isla):
        ingest(feed(by.lea, now), items(60, "Naantala ang byahe", now=now), now=now)
        return list(Mention.objects.order_by("-published_at", "-pk").values_list("pk", flat=True))


def states(brands):
    with context.inside(brands.isla):
        return dict(Mention.objects.values_list("pk", "triage"))


def test_one_the_picked_and_all_and_back(sign_in, brands, said):
    desk = sign_in("paolo")
    desk.post(f"{FEED}triage/", {"one": f"{said[0]}:seen"})
    desk.post(f"{FEED}triage/", {"pick": said[1:4], "to": "set_aside"})
    now_are = states(brands)
    assert [now_are[pk] for pk in said[:5]] == ["seen", "set_aside", "set_aside", "set_aside", "new"]
    page = desk.get(FEED).content.decode()
    assert f'id="m{said[0]}"' in page and f'id="m{said[1]}"' not in page
    aside = desk.get(f"{FEED}?triage=set_aside").content.decode()
    assert aside.count('class="post set_aside"') == 3

    desk.post(f"{FEED}undo/", {})
    assert states(brands)[said[1]] == "new"
    desk.post(f"{FEED}undo/", {})  # there is only one step
    assert states(brands)[said[0]] == "seen"

    answer = desk.post(f"{FEED}triage/", ALL | {"query": "q=byahe&triage=new"})
    assert answer.status_code == 303 and answer["Location"] == f"{FEED}?q=byahe&triage=new"
    assert set(states(brands).values()) == {"seen"}
    with context.inside(brands.isla):
        events = Event.objects.filter(kind="mention.triaged").order_by("seq")
        assert [event.data["count"] for event in events] == [1, 3, 3, 59]


def test_only_the_row_is_answered_where_one_works_in_place(sign_in, brands, said):
    answer = sign_in("lea").post(f"{FEED}triage/", {"one": f"{said[0]}:seen"}, headers={"HX-Request": "true"})
    row = answer.content.decode()
    assert row.strip().startswith("<li") and f'id="m{said[0]}"' in row and "Taken" not in row


@pytest.mark.parametrize(
    "given",
    [{"one": "x:seen"}, {"one": "1:gone"}, {"pick": ["a", "9" * 40], "to": "seen"}, {"to": "seen"}, {}],
)
def test_nonsense_changes_nothing(sign_in, brands, said, given):
    answer = sign_in("lea").post(f"{FEED}triage/", given)
    assert answer.status_code in (303, 422)
    assert set(states(brands).values()) == {"new"}


def test_all_means_what_was_shown(sign_in, brands, said, now):
    """Neither what came after the page was made, nor what its order leaves out."""
    desk = sign_in("lea")
    seen = re.search(r'name="seen" value="(\d+)"', desk.get(FEED).content.decode())[1]
    with context.inside(brands.isla):
        late = Mention.objects.create(
            source=Source.objects.first(),
            external_id="late",
            text="May sunog sa barko!",
            published_at=now,
            seen_at=now,
        )
        Mention.objects.filter(pk=said[0]).update(risk=50)
    every = {"all": "1", "to": "set_aside", "seen": seen}
    desk.post(f"{FEED}triage/", every | {"query": "order=risk"})
    assert [pk for pk, triage in states(brands).items() if triage == "set_aside"] == [said[0]]
    desk.post(f"{FEED}triage/", every)
    assert [pk for pk, triage in states(brands).items() if triage == "new"] == [late.pk]
    desk.post(f"{FEED}triage/", {"all": "1", "to": "set_aside"})  # a page that did not say what it showed
    assert states(brands)[late.pk] == "new"


def test_too_many_at_once_are_refused_whole(sign_in, brands, said, monkeypatch):
    monkeypatch.setattr("responses.monitoring.triaging.MOST", 50)
    assert sign_in("lea").post(f"{FEED}triage/", ALL).status_code == 422
    assert set(states(brands).values()) == {"new"}


def test_a_writer_sees_no_buttons_and_may_not(sign_in, brands, said):
    desk = sign_in("ana")
    assert b"Set aside</button>" not in desk.get(FEED).content
    assert desk.post(f"{FEED}triage/", {"one": f"{said[0]}:seen"}).status_code == 403


def test_another_brands_mentions_are_out_of_reach(sign_in, brands, said):
    assert sign_in("charlie").post(f"{FEED}triage/", ALL).status_code == 404
    desk = sign_in("lea")
    desk.post("/b/luzon/feed/triage/", {"pick": said, "to": "seen"})
    assert set(states(brands).values()) == {"new"}


def test_filters_narrow_and_say_so(sign_in, brands, said):
    with context.inside(brands.isla):
        Mention.objects.filter(pk=said[0]).update(risk=80, reach=120_000, verified=True, country="ph")
        Mention.objects.filter(pk=said[1]).update(risk=50, reach=500, is_own=False)
    desk = sign_in("lea")

    def shown(query):
        page = desk.get(f"{FEED}?{query}").content.decode()
        return [pk for pk in said if f'id="m{pk}"' in page]

    assert shown("risk=60") == [said[0]]
    assert shown("reach=100") == said[:2]
    assert shown("verified=yes&country=PH") == [said[0]]
    assert shown("about=others") == [said[1]]
    assert shown("kind=bluesky") == []
    assert shown("risk=nonsense")[:3] == said[:3]  # what cannot be read is left out
    page = desk.get(f"{FEED}?risk=60&tone=negative").content.decode()
    assert "Risk from: 60" in page and 'href="/b/isla/feed/?tone=negative"' in page
    widest = desk.get(f"{FEED}?order=reach").content.decode()
    assert widest.index(f'id="m{said[0]}"') < widest.index(f'id="m{said[1]}"')


def test_a_page_far_back_is_reached_by_number_and_by_walking(sign_in, brands, said):
    desk = sign_in("lea")
    second = desk.get(f"{FEED}?page=2").content.decode()
    assert [pk for pk in said if f'id="m{pk}"' in second] == said[50:]
    for order in ("", "&order=risk"):
        assert f'id="m{said[0]}"' not in desk.get(f"{FEED}?page=1000{order}").content.decode()


def test_views_are_kept_shared_and_removed_by_who_made_them(sign_in, brands, said):
    desk = sign_in("lea")
    given = {"name": "Angry  today", "query": "tone=negative&page=3&before=1-1", "is_shared": "1"}
    assert desk.post(f"{FEED}views/", given)["Location"] == f"{FEED}?tone=negative"
    desk.post(f"{FEED}views/", {"name": "Mine", "query": "q=byahe"})
    assert desk.post(f"{FEED}views/", {"name": "Nothing", "query": ""}).status_code == 422
    asked = desk.post(f"{FEED}views/", {"name": "Mine", "query": "q=amihan"})
    assert asked.status_code == 422 and 'name="replace"' in asked.text and 'value="Mine"' in asked.text
    with context.inside(brands.isla):
        assert SavedView.objects.get(name="Mine").query == "q=byahe", "not without being asked to"
    desk.post(f"{FEED}views/", {"name": "Mine", "query": "q=amihan", "replace": "1"})
    with context.inside(brands.isla):
        views = {view.name: view for view in SavedView.objects.all()}
        assert {name: view.query for name, view in views.items()} == {
            "Angry today": "tone=negative",
            "Mine": "q=amihan",
        }
    ana = sign_in("ana")
    page = ana.get(FEED).content.decode()
    assert "Angry today" in page and "?q=amihan" not in page
    assert ana.post(f"{FEED}views/{views['Mine'].pk}/remove/").status_code == 404
    assert ana.post(f"{FEED}views/{views['Angry today'].pk}/remove/").status_code == 403
    assert sign_in("paolo").post(f"{FEED}views/{views['Mine'].pk}/remove/").status_code == 404
    sign_in("lea").post(f"{FEED}views/{views['Angry today'].pk}/remove/")
    with context.inside(brands.isla):
        assert SavedView.objects.count() == 1


def test_a_thread_stands_around_its_post(sign_in, brands, said):
    with context.inside(brands.isla):
        root, answer, deeper = (Mention.objects.get(pk=pk) for pk in (said[9], said[5], said[2]))
        for post, parent in ((answer, root), (deeper, answer)):
            Mention.objects.filter(pk=post.pk).update(reply_to=parent.external_id, thread=root.external_id)
    page = sign_in("lea").get(f"/b/isla/mentions/{answer.pk}/").content.decode()
    assert page.index("depth-0") < page.index("depth-1 here") < page.index("depth-2")
    assert "3 posts" in page
