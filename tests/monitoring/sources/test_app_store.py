"""The App Store's public list of reviews: https://itunes.apple.com/ph/rss/customerreviews/…/json"""

import pytest

from responses.monitoring.sentiment import classify
from tests.monitoring.sources.provider import Adapter, Says

APP = "1404176564"


def label(value):
    return {"label": value}


def review(number, stars=1, title="Bagsak", text=None):
    return {
        "author": {
            "uri": label(f"https://itunes.apple.com/ph/reviews/id{number}"),
            "name": label("Ana"),
            "label": "",
        },
        "updated": label(f"2026-11-22T03:{number % 60:02}:00-07:00"),
        "im:rating": label(str(stars)),
        "im:version": label("3.4"),
        "id": label(f"90{number}"),
        "title": label(title),
        "content": {"label": text or f"Hindi bumubukas {number}", "attributes": {"type": "text"}},
        "link": {
            "attributes": {"rel": "related", "href": f"https://itunes.apple.com/ph/review?id={APP}&type=P"}
        },
        "im:voteSum": label("0"),
        "im:voteCount": label("0"),
    }


def feed(entry=None):
    head = {"author": {"name": label("iTunes Store")}, "title": label("iTunes Store: Customer Reviews")}
    return {"feed": head | ({} if entry is None else {"entry": entry})}


class TestAppStore(Adapter):
    kind = "app_store"
    config = {"app": APP, "countries": "ph"}
    path = "/ph/rss/customerreviews"
    permanent = ()

    def page(self, numbers, more):
        return feed([review(each) for each in numbers] if numbers else None)

    def test_pages_and_countries_stand_in_the_address(self):
        self.provider.on(self.path, self.page([1], more=False))
        self.provider.on("/us/rss", feed([review(2)]))
        items = self.fetch(countries="PH, us").items
        assert [item.country for item in items] == ["us", "ph"]
        paths = [asked.path for asked in self.provider.asked]
        assert paths[0] == f"/ph/rss/customerreviews/page=1/id={APP}/sortby=mostrecent/json"

    def test_one_review_alone_and_the_app_among_them(self):
        self.provider.on(self.path, feed(review(1)))
        assert len(self.fetch().items) == 1
        self.provider.on(self.path, feed([{"im:name": label("Isla"), "id": label("x")}, review(1)]))
        assert len(self.fetch().items) == 1

    def test_a_changed_review_says_something_new(self):
        self.provider.on(self.path, feed([review(1, stars=5)]))
        before = self.fetch()
        self.provider.on(self.path, feed([review(1, stars=1)]))
        after = self.fetch(before.state)
        assert before.items[0].external_id != after.items[0].external_id
        assert before.items[0].thread == after.items[0].thread == "901"

    def test_what_did_not_change_is_not_sent_again(self):
        def served(asked):
            known = asked.headers.get("if-none-match") == '"v1"'
            return Says(b"", 304) if known else Says(feed([review(1)]), headers={"ETag": '"v1"'})

        self.provider.on(self.path, served)
        first = self.fetch()
        second = self.fetch(first.state)
        assert (len(first.items), second.items) == (1, [])
        assert second.state == first.state

    @pytest.mark.parametrize(
        "wrong", [{"app": "id1"}, {"countries": ""}, {"countries": "phl"}, {"countries": "a b"}]
    )
    def test_what_cannot_be_asked_is_refused(self, wrong):
        assert self.fails(**wrong).permanent
        assert not self.provider.asked


@pytest.mark.parametrize(
    "text", ["Ferry\nThe boat left at nine", "Love it\nBest app", "Terrible\nIt crashes"]
)
def test_stars_are_shown_and_do_not_change_how_the_words_sound(text):
    plain = classify(text)
    for stars in ("★☆☆☆☆", "★★★★★"):
        assert classify(f"{stars} {text}").sentiment == plain.sentiment
