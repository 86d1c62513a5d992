"""Bluesky, by https://atproto.com/specs/xrpc: the trial, threads and what is marked in a text.

tests/real has the same against a real server; here it does what a real one hardly can be made to do.
"""

import base64
import hashlib
import json
import random
from datetime import datetime, timedelta

import pytest

from responses.errors import NotAllowed
from responses.publishing import deciding, releasing
from responses.publishing.channels import bluesky
from responses.publishing.channels.base import ChannelError
from responses.publishing.settling import MOST_ATTEMPTS
from responses.statements import drafting, limits
from responses.statements.models import Channel
from responses.statements.splitting import split
from tests.monitoring.sources.provider import Says
from tests.publishing.making import approved
from tests.seeds import chosen_seed

from .provider import NOW, PICTURES, TEXT, Adapter, HangsUp

DID = "did:plc:abcdefghijklmnopqrstuvwx"
SESSION = {"did": DID, "handle": "isla.test", "accessJwt": "a.b.c", "refreshJwt": "d.e.f"}
LONG = " ".join(f"Ito ang pangungusap bilang {number} tungkol sa biyahe ng Isla Uno." for number in range(20))


class TestBluesky(Adapter):
    kind = "bluesky"
    secrets = {"password": "abcd-efgh-ijkl-mnop"}
    publish_at = "/com.atproto.repo.putRecord"
    check_at = "/com.atproto.server.createSession"
    repeatable = True
    rejection = Says({"error": "InvalidRequest", "message": "too long"}, 400)
    unauthorised = Says({"error": "InvalidToken", "message": "Token is not valid"}, 401)
    too_often = Says({"error": "RateLimitExceeded"}, 429, {"Retry-After": "77"})
    damaged = (b"", b"<html>Down</html>", b"null", b"5", b"{}", b'{"uri": ')

    @property
    def config(self):
        return {"service": self.provider.origin, "handle": "isla.test", "thread": True}

    @pytest.fixture(autouse=True)
    def _vouched_for(self, settings, provider):
        settings.TUGON_ALLOWED_ORIGINS = [provider.origin]

    def serve(self):
        bluesky._sessions.clear()
        self.provider.on(self.check_at, SESSION)
        self.provider.on("/com.atproto.repo.getRecord", self.read)
        self.provider.on("/com.atproto.identity.resolveHandle", self.resolve)
        self.blobs = {}
        self.provider.on("/com.atproto.repo.uploadBlob", self.take_blob)

    def publish(self, asked):
        """A record is put only where none is; the same one again is as good as written."""
        said = asked.json
        assert said["swapRecord"] is None
        record, key = said["record"], said["rkey"]
        for image in record.get("embed", {}).get("images", []):
            if image["image"]["ref"]["$link"] not in self.blobs:
                return Says({"error": "BlobNotFound", "message": "Could not find blob"}, 400)
        cid = "bafyrei" + hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:52]
        stands = self.provider.public.get(key)
        if stands is not None and stands["cid"] != cid:
            return Says({"error": "InvalidSwap", "message": "Record was at another cid"}, 400)
        row = {"text": record["text"], "cid": cid, "record": record, "uri": uri(key)}
        self.provider.public[key] = row
        return {"uri": row["uri"], "cid": cid, "validationStatus": "valid"}

    def take_blob(self, asked):
        """Kept under the hash of its bytes; a record may show only what is kept."""
        name = base64.b32encode(bytes([1, 0x55, 0x12, 0x20]) + hashlib.sha256(asked.body).digest())
        cid = "b" + name.decode().lower().rstrip("=")
        self.blobs[cid] = asked.body
        kind = asked.headers["content-type"]
        return {"blob": {"$type": "blob", "ref": {"$link": cid}, "mimeType": kind, "size": len(asked.body)}}

    def read(self, asked):
        row = self.provider.public.get(asked.query["rkey"])
        if row is None:
            return Says({"error": "RecordNotFound", "message": "Could not locate record"}, 400)
        return {"uri": row["uri"], "cid": row["cid"], "value": row["record"] | {"text": row["text"]}}

    def resolve(self, asked):
        if asked.query["handle"] != "coastguard.test":
            return Says({"error": "HandleNotFound", "message": "Unable to resolve handle"}, 400)
        return {"did": "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"}

    def test_a_server_that_cannot_be_reached_got_nothing(self, settings):
        settings.TUGON_ALLOWED_ORIGINS = ["http://127.0.0.1:9"]
        error = self.fails(service="http://127.0.0.1:9")
        assert (error.permanent, error.unknown) == (False, False)

    def test_no_answer_in_time_leaves_it_unknown(self):
        """In tests/responses/publishing/channels/test_bluesky_failures.py, with the pinned transport."""

    # -- threads

    def test_a_long_text_is_a_thread_each_answering_the_one_before(self):
        sent = self.send(LONG)
        rows = list(self.provider.public.values())
        assert len(rows) > 3
        assert sent.external_id == rows[0]["uri"]
        assert "reply" not in rows[0]["record"]
        for before, row in zip(rows, rows[1:], strict=False):
            reply = row["record"]["reply"]
            assert (reply["root"]["uri"], reply["root"]["cid"]) == (rows[0]["uri"], rows[0]["cid"])
            assert (reply["parent"]["uri"], reply["parent"]["cid"]) == (before["uri"], before["cid"])
        assert list(self.provider.public) == sorted(self.provider.public), "the keys are in order too"
        assert " ".join(row["text"] for row in rows) == LONG
        found = self.adapter().read_back(self.post(LONG), sent.external_id)
        assert found.text == LONG

    @pytest.mark.parametrize("heard", [Says({"error": "InternalServerError"}, 500), Says(b"", 504)])
    def test_broken_in_the_middle_it_goes_on_where_it_was(self, heard):
        """Sent again, what is there is left as it is and the rest follows; nothing stands twice."""
        self.break_at(3, heard)
        with pytest.raises(ChannelError) as caught:
            self.send(LONG)
        assert caught.value.unknown
        assert len(self.provider.public) == 2
        assert not self.adapter().read_back(self.post(LONG)).is_as_approved(LONG), "a part of it is not it"
        self.says(self.taken)
        self.send(LONG)
        assert " ".join(self.standing) == LONG

    def test_refused_in_the_middle_it_has_not_simply_failed(self):
        self.break_at(3, self.rejection)
        with pytest.raises(ChannelError, match="Only the first 2 posts") as caught:
            self.send(LONG)
        assert (caught.value.permanent, caught.value.unknown) == (False, True)

    def test_half_out_it_is_watched_until_it_is_whole_and_not_called_back(self, channel, by, now):
        statement = approved(by, now, {channel: LONG})
        [row] = releasing.queue(statement, by=by.lea, now=now)
        self.break_at(3, self.too_often)
        assert self.released(row, now) == "unknown"
        assert row.due_at >= now + timedelta(seconds=77)
        self.says(self.too_often)
        deciding.reconcile(row, now=row.due_at)
        row.refresh_from_db()
        assert (row.status, row.external_id) == ("queued", next(iter(self.standing_at())))
        for call_back in (
            lambda: drafting.withdraw(statement, by=by.lea, now=now),
            lambda: deciding.cancel(row, by=by.lea, now=now),
        ):
            with pytest.raises(NotAllowed):
                call_back()
        assert self.released(row, row.due_at) == "unknown", "this time before a word was said"
        self.says(self.taken)
        for _look_and_try in range(2):
            self.released(row, row.due_at)
        assert (row.status, " ".join(self.standing)) == ("published", LONG)

    def test_half_out_it_stays_unknown_when_all_tries_are_used_up(self, channel, by, now):
        [row] = releasing.queue(approved(by, now, {channel: LONG}), by=by.lea, now=now)
        self.break_at(3, self.too_often)
        self.released(row, now)
        self.says(self.too_often)
        for _look_or_try in range(2 * MOST_ATTEMPTS):
            assert self.released(row, row.due_at) in ("unknown", "queued")
        assert (row.status, row.attempts_made) == ("unknown", MOST_ATTEMPTS)
        for person in (by.lea, by.ramon):
            deciding.decide_unknown(row, "not_out", reason="Half of it.", by=person, now=now)
        self.says(self.taken)
        assert self.released(row, row.due_at + timedelta(days=1)) == "published"
        assert " ".join(self.standing) == LONG

    def test_scheduled_it_is_dated_when_it_was_to_go_out_under_the_same_key(self):
        self.send(LONG)
        dates = [row["record"]["createdAt"] for row in self.provider.public.values()]
        keys, week = list(self.provider.public), timedelta(days=7)
        self.provider.public.clear()
        for _time in range(2):
            self.send(LONG, scheduled_at=NOW + week)
            rows = list(self.provider.public.values())
            later = [datetime.fromisoformat(row["record"]["createdAt"]) for row in rows]
            assert later == [datetime.fromisoformat(at) + week for at in dates]
            assert list(self.provider.public) == keys

    def standing_at(self):
        return [row["uri"] for row in self.provider.public.values()]

    def break_at(self, number, says):
        count = iter(range(1, 1000))
        self.says(lambda asked: says if next(count) == number else self.taken(asked))

    def test_a_changed_part_is_a_changed_post(self):
        sent = self.send(LONG)
        row = list(self.provider.public.values())[2]
        row["text"] = "Something else."
        assert "Something else." in self.adapter().read_back(self.post(LONG), sent.external_id).text

    # -- pictures

    def test_pictures_go_first_and_the_post_names_them_by_their_bytes(self):
        sent = self.send(pictures=PICTURES)
        [row] = self.provider.public.values()
        embed = row["record"]["embed"]
        assert embed["$type"] == "app.bsky.embed.images"
        assert [each["alt"] for each in embed["images"]] == [each.alt for each in PICTURES]
        assert embed["images"][1]["aspectRatio"] == {"width": 300, "height": 400}
        kept = [self.blobs[each["image"]["ref"]["$link"]] for each in embed["images"]]
        assert kept == [each.content for each in PICTURES]
        found = self.adapter().read_back(self.post(pictures=PICTURES), sent.external_id)
        assert found.is_as_approved(TEXT)

    def test_sent_again_with_pictures_nothing_stands_twice(self):
        self.commits_and(Says(b"", 504))
        with pytest.raises(ChannelError) as caught:
            self.send(pictures=PICTURES)
        assert caught.value.unknown
        self.says(self.taken)
        assert self.adapter().read_back(self.post(pictures=PICTURES)).is_as_approved(TEXT)
        self.send(pictures=PICTURES)
        assert len(self.provider.public) == 1
        assert len(self.blobs) == 2

    @pytest.mark.parametrize(
        ("says", "is_final"),
        [
            (Says({"error": "BlobTooLarge", "message": "too big"}, 413), True),
            (Says({"error": "InternalServerError"}, 500), False),
            (Says(b"", 504), False),
            (Says({"blob": {"ref": {"$link": "bafkrei-another"}}}), False),
            (Says(b"null"), False),
            (HangsUp(), False),
        ],
        ids=["refused", "fault", "504", "other bytes", "no answer", "closed"],
    )
    def test_what_goes_wrong_with_a_picture_has_published_nothing(self, says, is_final):
        self.provider.on("/com.atproto.repo.uploadBlob", says)
        with pytest.raises(ChannelError) as caught:
            self.send(pictures=PICTURES)
        assert (caught.value.permanent, caught.value.unknown) == (is_final, False)
        assert not self.provider.public and not self.sends()

    def test_other_pictures_or_words_are_found_out(self):
        sent = self.send(pictures=PICTURES)
        [row] = self.provider.public.values()
        images = row["record"]["embed"]["images"]
        for other in (images[::-1], images[:1], [images[0] | {"alt": "Other words"}, images[1]], []):
            row["record"]["embed"]["images"] = other
            found = self.adapter().read_back(self.post(pictures=PICTURES), sent.external_id)
            assert not found.is_as_approved(TEXT) and found.text == TEXT
        row["record"]["embed"]["images"] = images
        assert not self.adapter().read_back(self.post(), sent.external_id).is_as_approved(TEXT)

    def test_of_a_thread_the_first_part_shows_them(self):
        self.send(LONG, pictures=PICTURES)
        shown = ["embed" in row["record"] for row in self.provider.public.values()]
        assert shown[0] and not any(shown[1:])
        assert self.adapter().read_back(self.post(LONG, pictures=PICTURES)).is_as_approved(LONG)

    # -- what is marked in a text

    def test_links_mentions_and_hashtags_are_marked_by_bytes(self):
        text = "Señor, salamat @coastguard.test at @nobody.test — https://isla.example/ñ #Ligtas"
        self.send(text)
        [row] = self.provider.public.values()
        written, facets = text.encode(), row["record"]["facets"]
        marked = [written[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in facets]
        assert marked == ["@coastguard.test", "https://isla.example/ñ", "#Ligtas"]
        assert facets[0]["features"][0]["did"] == "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"

    def test_its_length_is_counted(self, channel):
        short = Channel(kind="bluesky", name="b", config={"thread": False})
        assert (limits.limit(short), limits.limit(channel)) == (300, 3000)
        assert "1 character over" in limits.over_limit(short, "a" * 301)
        assert limits.over_limit(channel, LONG) == ""
        assert len(limits.parts(channel, LONG)) > 3

    def test_a_thread_that_the_account_does_not_make_is_refused_before_a_word_is_said(self):
        error = self.fails(lambda adapter: adapter.send(self.post(LONG)), thread=False)
        assert (error.permanent, error.unknown) == (True, False)
        assert self.provider.asked == []


def uri(key):
    return f"at://{DID}/app.bsky.feed.post/{key}"


def test_cut_between_paragraphs_then_sentences_then_words_and_never_within_a_character():
    assert split(TEXT, 300, 3000) == [TEXT]
    paragraphs = f"{'a' * 200}\n\n{'b' * 50}. {'c' * 100}"
    assert split(paragraphs, 300, 3000) == ["a" * 200, f"{'b' * 50}. {'c' * 100}"]
    assert split(f"{'a' * 150}. {'b' * 100} {'c' * 100}", 300, 3000)[0] == f"{'a' * 150}."
    family = "👩‍👩‍👧"
    assert split(family * 301, 300, 100_000) == [family * 300, family]
    assert [len(part.encode()) <= 3000 for part in split(family * 300, 300, 3000)] == [True, True]


def test_whatever_the_text_every_part_fits_and_nothing_is_lost():
    seed = chosen_seed()
    print(f"seed {seed}")
    dice = random.Random(seed)
    letters = ["a", "ñ", "👩‍👩‍👧", "🇵🇭", ".", "!", " ", " ", "\n\n", "\n", "https://isla.example/x", "”"]
    for _turn in range(200):
        text = "".join(dice.choice(letters) for _letter in range(dice.randint(1, 1500)))
        parts = split(text, 300, 3000)
        assert all(limits.graphemes(part) <= 300 and len(part.encode()) <= 3000 for part in parts)
        assert "".join("".join(parts).split()) == "".join(text.split())
