"""Whatever a stranger's server does, reading it ends soon, in little memory, with a sentence."""

import tracemalloc
from datetime import UTC, datetime

import pytest

from responses.monitoring.fetching import USER_AGENT, Limits, fetch, parse_retry_after
from responses.monitoring.sources.base import SourceError
from tests.monitoring.hostile import FEED, serve


def get(server, path, **kwargs):
    return fetch(server.origin + path, allow=[server.origin], **kwargs)


def test_reads_what_is_there(hostile):
    answer = get(hostile, "/feed")
    assert (answer.status, answer.body, answer.etag) == (200, FEED, '"v1"')
    assert answer.content_type == "application/rss+xml"
    assert (answer.url, answer.moved_to) == (hostile.origin + "/feed", "")
    assert hostile.seen[0][1]["User-Agent"] == USER_AGENT


def test_asks_only_for_what_changed(hostile):
    first = get(hostile, "/feed")
    again = get(hostile, "/feed", etag=first.etag, last_modified=first.last_modified)
    assert (again.status, again.body, again.not_modified) == (304, b"", True)
    assert hostile.seen[1][1]["If-Modified-Since"] == first.last_modified


def test_unpacks_gzip(hostile):
    assert get(hostile, "/gzip").body == FEED


def test_keeps_no_cookies(hostile):
    get(hostile, "/cookie")
    assert all("Cookie" not in headers for _path, headers in hostile.seen)


@pytest.mark.parametrize("path", ["/endless", "/bomb"])
def test_stops_at_the_size_limit_counted_after_unpacking(hostile, path):
    tracemalloc.start()
    with pytest.raises(SourceError, match="larger than 5"):
        get(hostile, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * 1024 * 1024


def test_a_bomb_is_put_out_long_before_it_is_read(hostile):
    with pytest.raises(SourceError, match="larger than 5"):
        get(hostile, "/bomb")
    assert hostile.sent < 1024 * 1024


@pytest.mark.parametrize("path", ["/drip", "/headerdrip"])
def test_a_slow_drip_does_not_hold_us(hostile, path):
    """The server would drip for ever: that there is an answer at all is the point."""
    with pytest.raises(SourceError, match="took longer than"):
        get(hostile, path, limits=Limits(seconds=0.6))


@pytest.mark.parametrize("path", ["/cut", "/notgzip"])
def test_a_damaged_answer_is_not_taken_for_whole(hostile, path):
    with pytest.raises(SourceError, match="damaged"):
        get(hostile, path)


def test_what_is_no_http_at_all(hostile):
    with pytest.raises(SourceError):
        get(hostile, "/garbage")


@pytest.mark.parametrize(
    ("status", "permanent", "words"),
    [
        (401, False, "password"),
        (403, False, "does not let"),
        (404, False, "nothing at this address"),
        (410, True, "gone for good"),
        (418, False, "cannot use"),
        (429, False, "less often"),
        (500, False, "has a fault"),
        (503, False, "busy"),
    ],
)
def test_each_refusal_has_its_sentence(hostile, status, permanent, words):
    with pytest.raises(SourceError, match=words) as caught:
        get(hostile, f"/status/{status}")
    assert (caught.value.permanent, caught.value.retry_after) == (permanent, 120)
    assert str(status) in caught.value.message


@pytest.mark.parametrize(
    ("status", "moves"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
def test_only_a_permanent_redirect_moves_the_source(hostile, status, moves):
    answer = get(hostile, f"/to/{status}//feed")
    assert answer.body == FEED
    assert answer.url == hostile.origin + "/feed"
    assert answer.moved_to == (hostile.origin + "/feed" if moves else "")


def test_after_a_passing_redirect_nothing_is_permanent(hostile):
    assert get(hostile, "/to/302//to/301//feed").moved_to == ""
    assert get(hostile, "/to/301//to/302//feed").moved_to == hostile.origin + "/to/302//feed"


@pytest.mark.parametrize("path", ["/loop", "/to/302//to/302//to/302//to/302//feed"])
def test_three_redirects_are_enough(hostile, path):
    with pytest.raises(SourceError, match="without end"):
        get(hostile, path)
    assert len(hostile.seen) == 4


def test_a_redirect_to_nowhere(hostile):
    with pytest.raises(SourceError, match="does not say where"):
        get(hostile, "/nowhere")


def test_the_body_of_a_redirect_is_not_read(hostile):
    assert get(hostile, "/endlessredirect", limits=Limits(seconds=5)).body == FEED


def test_a_password_in_a_redirect_goes_nowhere(hostile):
    target = hostile.origin.replace("http://", "http://user:secret@") + "/feed"
    assert get(hostile, f"/to/302/{target}").body == FEED
    assert all("Authorization" not in headers for _path, headers in hostile.seen)


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "//localhost/",
    ],
)
def test_a_redirect_into_the_network_is_refused(hostile, target):
    with pytest.raises(SourceError, match="private network") as caught:
        get(hostile, f"/to/302/{target}")
    assert caught.value.permanent


def test_a_redirect_to_a_neighbour_of_an_allowed_origin_is_refused(hostile):
    with pytest.raises(SourceError, match="ports 80 and 443"):
        get(hostile, "/to/302/http://127.0.0.1:1/")
    with pytest.raises(SourceError, match="http:// or https://"):
        get(hostile, "/to/302/file:///etc/passwd")


def test_without_leave_loopback_is_not_read(hostile):
    with pytest.raises(SourceError, match="ports 80 and 443"):
        fetch(hostile.origin + "/feed")
    assert hostile.seen == []


def test_a_server_that_is_not_there():
    with pytest.raises(SourceError, match="does not answer"):
        fetch("http://127.0.0.1:9/", allow=["http://127.0.0.1:9"])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("99999999999999999999", 86400),
        ("Mon, 23 Nov 2026 12:05:00 GMT", 300),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_retry_after_in_both_forms(value, seconds):
    assert parse_retry_after(value, datetime(2026, 11, 23, 12, tzinfo=UTC)) == seconds


SECRET = {"Authorization": "Bearer hush", "X-Api-Key": "hush", "Accept": "application/json"}


def test_sends_headers_a_form_or_json(hostile):
    get(hostile, "/feed", headers=SECRET)
    get(hostile, "/gzip", data={"grant_type": "client_credentials", "q": "ñ"})
    get(hostile, "/gzip", json={"identifier": "isla"})
    assert hostile.seen[0][1]["Authorization"] == "Bearer hush"
    assert hostile.seen[0][1]["User-Agent"] == USER_AGENT
    assert hostile.bodies == [b"grant_type=client_credentials&q=%C3%B1", b'{"identifier": "isla"}']


def test_a_secret_goes_to_the_origin_it_was_meant_for_only(hostile):
    with serve() as stranger:
        fetch(
            f"{hostile.origin}/to/302/{stranger.origin}/feed",
            allow=[hostile.origin, stranger.origin],
            headers=SECRET,
        )
        [(path, headers)] = stranger.seen
    assert path == "/feed"
    assert "hush" not in str(headers)
    assert headers["Accept"] == "application/json"
    get(hostile, "/to/302//feed", headers=SECRET)
    assert hostile.seen[-1][1]["Authorization"] == "Bearer hush", "the same origin is no stranger"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_is_sent_is_not_handed_on(hostile, status):
    with pytest.raises(SourceError, match="another address"):
        get(hostile, f"/to/{status}//feed", data={"password": "hush"})
    assert len(hostile.seen) == 1


@pytest.mark.parametrize("given", [{"headers": SECRET}, {"data": {"password": "hush"}}])
def test_a_secret_is_not_sent_in_the_open(given):
    with pytest.raises(SourceError, match="only to addresses with https") as caught:
        fetch("http://news.example/", **given)
    assert caught.value.permanent


def test_what_an_api_says_about_its_refusal_is_kept_for_the_adapter(hostile):
    with pytest.raises(SourceError) as caught:
        get(hostile, "/complaint/short")
    assert (caught.value.said, caught.value.headers["x-reset"]) == ({"error": "rate_limited"}, "7")
    assert "rate_limited" not in caught.value.message
    with pytest.raises(SourceError) as caught:
        get(hostile, "/complaint/long")
    assert (caught.value.said, caught.value.status) == ({}, 429)
