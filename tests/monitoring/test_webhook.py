"""A delivery is taken whole or not at all, and the sender is told which field to mend."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.webhook import LARGEST, parse, verify

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = json.dumps({"text": "Sunog sa pier — Niño"}, ensure_ascii=False).encode()


def signed(body=BODY, secret=SECRET, at=NOW, message_id="msg_1"):
    signature = Webhook(secret).sign(message_id, at, body.decode())
    return {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": signature,
    }


def test_a_good_delivery():
    assert verify(SECRET, signed(), BODY, NOW) == "msg_1"


def test_one_of_several_signatures_is_enough():
    headers = signed()
    headers["Webhook-Signature"] = "v1,bm90IHRoaXM= v2,x nonsense é " + headers["Webhook-Signature"]
    assert verify(SECRET, headers, BODY, NOW) == "msg_1"


def test_what_the_reference_library_signs_now_both_accept():
    real = datetime.now(UTC)
    headers = signed(at=real)
    Webhook(SECRET).verify(BODY, headers)
    assert verify(SECRET, headers, BODY, real) == "msg_1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Webhook-Id": ""}, "webhook-id is missing"),
        ({"Webhook-Timestamp": ""}, "webhook-timestamp is missing"),
        ({"Webhook-Signature": ""}, "webhook-signature is missing"),
        ({"Webhook-Id": "msg_2"}, "does not match"),
        ({"Webhook-Id": "m" * 256}, "longer than 255"),
        ({"Webhook-Signature": "v1,"}, "does not match"),
        ({"Webhook-Signature": "v1,AAAA"}, "does not match"),
        ({"Webhook-Signature": "é"}, "does not match"),
        ({"Webhook-Timestamp": "soon"}, "whole seconds"),
        ({"Webhook-Timestamp": "nan"}, "whole seconds"),
        ({"Webhook-Timestamp": "9" * 30}, "whole seconds"),
        ({"Webhook-Timestamp": "-1"}, "whole seconds"),
        ({"Webhook-Timestamp": "0"}, "five minutes"),
    ],
)
def test_a_bad_header_is_named(change, words):
    with pytest.raises(SourceError, match=words) as caught:
        verify(SECRET, signed() | change, BODY, NOW)
    assert caught.value.permanent


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_delivery_cannot_be_played_again(minutes):
    with pytest.raises(SourceError, match="five minutes"):
        verify(SECRET, signed(at=NOW + timedelta(minutes=minutes)), BODY, NOW)


def test_body_and_secret_must_be_the_right_ones():
    with pytest.raises(SourceError, match="does not match"):
        verify(SECRET, signed(), BODY + b" ", NOW)
    with pytest.raises(SourceError, match="does not match"):
        verify("whsec_" + "A" * 32, signed(), BODY, NOW)
    with pytest.raises(SourceError, match="not UTF-8"):
        verify(SECRET, signed(), b"\xff\xfe", NOW)
    with pytest.raises(SourceError, match="1 MiB"):
        verify(SECRET, signed(), b"x" * (LARGEST + 1), NOW)


def test_one_mention_or_many():
    (item,) = parse(BODY, NOW)
    assert item.text == "Sunog sa pier — Niño"
    full = {
        "external_id": "x1",
        "text": "Hi",
        "url": "https://x.example/1",
        "author": "Ana",
        "author_url": "https://x.example/ana",
        "title": None,
        "published_at": "2026-11-23T10:00:00+08:00",
        "language": "fil",
    }
    one, two = parse(json.dumps({"mentions": [full, {"text": "Ho"}]}).encode(), NOW)
    assert (one.external_id, one.published_at) == ("x1", datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert (two.text, two.published_at) == ("Ho", None)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "one mention, or"),
        (b'"text"', "one mention, or"),
        (b"null", "one mention, or"),
        (b'{"mentions": {}}', "one mention, or"),
        (b'{"mentions": [], "text": "x"}', "one mention, or"),
        (b'{"mentions": []}', "1 to 500"),
        (json.dumps({"mentions": [{"text": "x"}] * 501}).encode(), "1 to 500 mentions, not 501"),
        (b"{}", "^text: must not be empty"),
        (b'{"text": "  "}', "^text: must not be empty"),
        (b'{"text": 5}', "^text: must be text"),
        (b'{"mentions": [{"text": "x"}, 5]}', r"^mentions\[1\]: must be an object"),
        (b'{"mentions": [{"text": "x"}, {}]}', r"^mentions\[1\]\.text: must not be empty"),
        (b'{"text": "x", "txet": "y"}', "^txet: there is no such field"),
        (b'{"text": "x", "url": "javascript:alert(1)"}', "^url: must be an address"),
        (b'{"text": "x", "author_url": "ftp://x.example"}', "^author_url: must be an address"),
        (b'{"text": "x", "author": ["a"]}', "^author: must be text"),
        (b'{"text": "x", "published_at": "yesterday"}', "^published_at: must be a time"),
        (
            b'{"text": "x", "published_at": "2026-11-23T10:00:00"}',
            "^published_at: must be a time with its zone",
        ),
        (json.dumps({"text": "x" * 20_001}).encode(), "^text: must not be longer than 20000"),
    ],
)
def test_a_bad_body_points_at_its_field(body, words):
    with pytest.raises(SourceError, match=words) as caught:
        parse(body, NOW)
    assert caught.value.permanent


def test_half_characters_are_taken_out():
    (item,) = parse(b'{"text": "a\\ud800b\\u0000c", "external_id": "i\\udfff"}', NOW)
    assert (item.text, item.external_id) == ("abc", "i")
