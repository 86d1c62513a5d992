"""No spelling of an address leads into the network Tugon runs in."""

import socket
import threading

import pytest

from responses.monitoring.fetching import Limits, fetch
from responses.monitoring.guarding import is_public, origin
from responses.monitoring.sources.base import SourceError
from tests.monitoring.addresses import ODD, PRIVATE, REFUSED, Resolver


@pytest.mark.parametrize("url", PRIVATE)
def test_every_way_to_write_a_private_address_is_refused(url, connected_to):
    with pytest.raises(SourceError, match="private network") as caught:
        fetch(url, limits=Limits(seconds=2))
    assert caught.value.permanent
    assert connected_to == []


@pytest.mark.parametrize("url", REFUSED + ODD)
def test_what_is_no_plain_web_address_is_refused(url, connected_to):
    with pytest.raises(SourceError):
        fetch(url, limits=Limits(seconds=2))
    assert connected_to == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["2606:2800:220:1::1", "::1"],
        ["93.184.216.34", "fe80::1%lo"],
        ["93.184.216.34", "::ffff:10.0.0.1"],
    ],
)
def test_one_private_answer_among_several_refuses_all(monkeypatch, connected_to, addresses):
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(addresses))
    with pytest.raises(SourceError, match="private network"):
        fetch("http://feeds.example/")
    assert connected_to == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_is_looked_up_once_and_the_answer_is_pinned(monkeypatch, connected_to, scheme):
    resolver = Resolver(["93.184.216.34"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with pytest.raises(SourceError, match="does not answer"):
        fetch(f"{scheme}://feeds.example/")
    assert (resolver.asked, set(connected_to)) == (1, {"93.184.216.34"})


def test_a_resolver_that_never_answers_does_not_hold_us(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: release.wait(60) and [])
    with pytest.raises(SourceError):
        fetch("http://feeds.example/", limits=Limits(seconds=0.3))
    assert not release.is_set(), "the resolver still waits, and we do not"
    release.set()


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_public_internet_is_open(address):
    assert is_public(address)


def test_an_origin_names_its_port():
    assert origin("HTTPS://Example.com/feed?x") == "https://example.com:443"
    assert origin("http://[::1]:8001/") == "http://[::1]:8001"
