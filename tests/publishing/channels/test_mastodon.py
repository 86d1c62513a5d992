"""Mastodon, by https://docs.joinmastodon.org/methods/statuses/."""

import html
import re
from dataclasses import replace

import pytest

from responses.publishing.channels import mastodon
from responses.publishing.channels.base import ChannelError
from tests.monitoring.sources.provider import Says

from .provider import NOW, PICTURES, TEXT, Adapter, HangsUp, iso, parts_of

TOKEN = "ZA-Yj3aBD8U8Cm7lKUp-lm9O9BmDgdhHzDeqsY8tlL0"
ME = {"id": "14715", "username": "isla", "acct": "isla", "url": "https://mastodon.example/@isla"}


def markup(text):
    """As Mastodon shows it: a link's scheme and tail are there, and hidden."""

    def link(found):
        rest = found[0].removeprefix("https://")
        return (
            f'<a href="{found[0]}" rel="nofollow"><span class="invisible">https://</span>'
            f'<span class="ellipsis">{rest[:8]}</span><span class="invisible">{rest[8:]}</span></a>'
        )

    shown = re.sub(r"https://\S+", link, html.escape(text))
    mention = r'<span class="h-card"><a href="#">@<span>\1</span></a></span>'
    shown = re.sub(r"@(\w+)@[\w.]+\w", mention, shown)
    return f"<p>{shown}</p>".replace("\n\n", "</p><p>").replace("\n", "<br>")


def status(row):
    return {
        "id": row["id"],
        "created_at": iso(row["at"]),
        "content": markup(row["text"]),
        "visibility": "public",
        "url": f"https://mastodon.example/@isla/{row['id']}",
        "uri": f"https://mastodon.example/users/isla/statuses/{row['id']}",
        "account": ME,
        "media_attachments": row.get("media", []),
    }


AT_MEDIA = "https://files.mastodon.example/media_attachments/1.jpg"


class TestMastodon(Adapter):
    kind = "mastodon"
    config = {"server": "https://mastodon.example"}
    secrets = {"access_token": TOKEN}
    publish_at = "/api/v1/statuses"
    check_at = "/api/v1/accounts/verify_credentials"
    rejection = Says({"error": "Validation failed: Text character limit of 500 exceeded"}, 422)
    damaged = (*Adapter.damaged, b"{}", b'{"id": []}')

    @pytest.fixture(autouse=True)
    def _hasty(self, monkeypatch):
        monkeypatch.setattr(mastodon, "PAUSES", (0, 0, 0))

    def serve(self):
        self.provider.on(self.check_at, ME)
        instance = {"configuration": {"statuses": {"max_characters": 640}}}
        self.provider.on("/api/v2/instance", instance)
        self.provider.on("/api/v1/accounts/14715/statuses", self.timeline)
        self.provider.on("/api/v2/media", self.take_media)
        self.provider.on("/api/v1/media/", self.look_at_media)
        self.media, self.works_for = {}, 0  # how many looks long a picture is worked on

    def take_media(self, asked):
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        form = parts_of(asked)
        media = {"id": str(900 + len(self.media)), "type": "image", "description": form["description"]}
        self.media[media["id"]] = {**media, "file": form["file"], "looks": 0}
        return Says({**media, "url": None}, 202) if self.works_for else {**media, "url": AT_MEDIA}

    def look_at_media(self, asked):
        media = self.media[asked.path.rpartition("/")[2]]
        media["looks"] += 1
        done = media["looks"] >= self.works_for
        return Says({"id": media["id"], "url": AT_MEDIA if done else None}, 200 if done else 206)

    def publish(self, asked):
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        shown = [self.media[each] for each in asked.json.get("media_ids", ())]
        attached = [{"id": each["id"], "type": "image", "description": each["description"]} for each in shown]
        return status(self.provider.stand(asked.json["status"], media=attached))

    def taken(self, asked):
        if asked.method == "POST":
            return self.publish(asked)
        found, _, part = asked.path.removeprefix("/api/v1/statuses/").partition("/")
        row = self.provider.public.get(found)
        if row is None:
            return Says({"error": "Record not found"}, 404)
        return {"id": found, "text": row["text"], "spoiler_text": ""} if part == "source" else status(row)

    def timeline(self, asked):
        rows = [row for row in self.provider.newest_first if row["id"] < asked.query.get("max_id", "9")]
        return [status(row) for row in rows[: int(asked.query["limit"])]]

    def test_asks_as_documented(self):
        self.send()
        [asked] = self.sends()
        assert asked.headers["idempotency-key"] == self.post().key
        assert asked.json == {"status": TEXT, "visibility": "public", "language": "tl"}

    def test_the_server_says_how_much_it_takes(self):
        known = self.adapter().check()
        assert (known.name, known.limit) == ("@isla", 640)
        self.provider.on("/api/v2/instance", Says({"error": "Not found"}, 404))
        assert self.adapter().check().limit is None

    def test_the_scope_to_post_is_missing(self):
        self.says(Says({"error": "This action is outside the authorized scopes"}, 403))
        error = self.fails()
        assert (error.permanent, error.attention) == (True, True)
        assert "write:statuses" in error.message

    def test_mentions_and_marks_are_found_as_the_server_shows_them(self):
        text = (
            "Salamat @coast@guard.example, <b>ligtas</b> na & “maayos”.\n\nhttps://isla.example/a-long-path"
        )
        self.commits_and(Says(b"", 504))
        with pytest.raises(ChannelError):
            self.send(text)
        assert self.adapter().read_back(self.post(text)).external_id == "7001"

    def test_what_was_said_long_before_is_not_it(self):
        self.provider.stand(TEXT)
        self.provider.public["7001"]["at"] = NOW.replace(hour=1)
        assert self.adapter().read_back(self.post()) is None

    def test_of_two_that_say_the_same_the_first_is_it(self):
        for _twice in range(2):
            self.provider.stand(TEXT)
        assert self.adapter().read_back(self.post()).external_id == "7001"
        others = replace(self.post(), others=frozenset({"7001"}))
        assert self.adapter().read_back(others).external_id == "7002"

    def test_it_is_found_behind_a_page_of_others(self):
        self.provider.stand(TEXT)
        for number in range(60):
            self.provider.stand(f"Another {number}")
        assert self.adapter().read_back(self.post()).external_id == "7001"

    def test_without_the_source_what_is_shown_is_compared(self):
        sent = self.send()
        whole = self.taken

        def older(asked):
            return Says({"error": "Not found"}, 404) if asked.path.endswith("/source") else whole(asked)

        self.says(older)
        assert self.adapter().read_back(self.post(), sent.external_id).text == TEXT

    @pytest.mark.parametrize("looks", [0, 1, 3])
    def test_pictures_go_first_with_their_words_and_are_waited_for(self, looks):
        self.works_for = looks
        sent = self.send(pictures=PICTURES)
        [asked] = self.sends()
        assert asked.json["media_ids"] == list(self.media)
        assert [each["file"][2] for each in self.media.values()] == [each.content for each in PICTURES]
        assert [each["file"][1] for each in self.media.values()] == ["image/jpeg", "image/png"]
        assert [each["description"] for each in self.media.values()] == [each.alt for each in PICTURES]
        post = self.post(pictures=PICTURES)
        assert self.adapter().read_back(post, sent.external_id).is_as_approved(TEXT)
        [row] = self.provider.public.values()
        row["media"][0]["description"] = "Other words"
        assert not self.adapter().read_back(post, sent.external_id).is_as_approved(TEXT)
        row["media"].clear()
        assert not self.adapter().read_back(post).is_as_approved(TEXT)

    def test_a_picture_worked_on_for_too_long_has_published_nothing(self):
        self.works_for = 99
        with pytest.raises(ChannelError) as caught:
            self.send(pictures=PICTURES)
        error = caught.value
        assert (error.permanent, error.unknown, error.retry_after) == (False, False, 60)
        assert not self.provider.public

    @pytest.mark.parametrize(
        ("says", "is_final"),
        [
            (Says({"error": "Validation failed: File content type is invalid"}, 422), True),
            (Says({"error": "outside the authorized scopes"}, 403), True),
            (Says({"error": "fault"}, 500), False),
            (Says(b"", 504), False),
            (Says({}), False),
            (HangsUp(), False),
        ],
        ids=["refused", "scope", "fault", "504", "no id", "closed"],
    )
    def test_what_goes_wrong_with_a_picture_has_published_nothing(self, says, is_final):
        self.provider.on("/api/v2/media", says)
        with pytest.raises(ChannelError) as caught:
            self.send(pictures=PICTURES)
        assert (caught.value.permanent, caught.value.unknown) == (is_final, False)
        assert not self.provider.public

    def test_what_is_no_mastodon_is_told(self):
        self.provider.on(self.check_at, Says({"error": "Not found"}, 404))
        error = self.fails(lambda adapter: adapter.check())
        assert (error.permanent, error.attention) == (True, True)
