"""Frames that make no sense are left out, and the stream goes on after them."""

import pytest
from atproto_core.cbor import decode_dag_multi

from responses.monitoring.stream.frames import Damaged, stream_at
from responses.monitoring.stream.hearing import Listener

JETSTREAM = "ws://stream.example/subscribe"
FIREHOSE = "ws://stream.example/xrpc/com.atproto.sync.subscribeRepos"
COMMIT = b"\xa2\x61t\x67#commit\x62op\x01"  # the header of a frame with a commit, as CBOR
DEEP = 200_000
JSON = '{"kind": "commit", "time_us": 7, "commit": {"record": %s}}'
POST = JSON % '{"text": "The ferry is late"}, "operation": "create", "collection": "app.bsky.feed.post"'


@pytest.mark.parametrize(
    ("url", "frame"),
    [
        (JETSTREAM, JSON % ("[" * DEEP + "]" * DEEP)),
        (JETSTREAM, '{"a":' * DEEP),
        (FIREHOSE, COMMIT + b"\x81" * DEEP + b"\x01"),
        (FIREHOSE, b"\x81" * DEEP),
        (FIREHOSE, COMMIT),
    ],
)
def test_what_lies_too_deep_is_damaged(url, frame):
    with pytest.raises(Damaged):
        stream_at(url).read(frame)


def test_a_listener_goes_on_after_a_frame_that_lies_too_deep():
    listener = Listener(JETSTREAM)
    listener.note("[" * DEEP)
    listener.note(POST)
    assert [post.text for post in listener.posts] == ["The ferry is late"]
    assert listener.place == "7"


def test_deeds_that_are_none_are_left_out():
    frame = COMMIT + b"\xa2\x63ops\x82\x01\x80\x63seq\x05"  # {"ops": [1, []], "seq": 5}
    assert decode_dag_multi(frame)[1] == {"ops": [1, []], "seq": 5}
    heard = stream_at(FIREHOSE).read(frame)
    assert (heard.items, heard.place) == ((), "5")
