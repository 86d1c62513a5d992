"""Mail comes in by the mail server's pipe and by a provider's signed post, to its own brand and once."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from responses import due as dues
from responses.monitoring import health, mailbox, mailing, ruling, sourcing
from responses.monitoring.mailing import Forbidden, NobodyHere, NotAllowed
from responses.monitoring.models import Delivery, Mention, Source
from responses.monitoring.receiving import Receipt
from responses.monitoring.sources import mailed
from responses.monitoring.sources.webhook import _of_bytes
from tenants import context
from tests.forking import ROOT, environment
from tests.monitoring import letters
from tests.monitoring.letters import HTML, letter

DOMAIN = "in.tugon.example"


@pytest.fixture(autouse=True)
def domain(settings):
    settings.TUGON_MAIL_DOMAIN = DOMAIN


def add(by, now, **config):
    return sourcing.add_source(kind="email", name="Clippings", config=config, by=by.lea, now=now)


@pytest.fixture
def source(brands, by, now):
    with context.inside(brands.isla):
        return add(by, now)


@pytest.fixture
def address(brands, source):
    with context.inside(brands.isla):
        return mailing.address_of(source)


def box(brand, source, now):
    with context.inside(brand):
        return mailbox.box_of(Source.objects.get(pk=source.pk), now)


def mentions(brand):
    with context.inside(brand):
        return list(Mention.objects.order_by("pk"))


# --- the address


def test_a_mail_is_stored_classified_matched_and_counted(brands, source, address, by, now):
    with context.inside(brands.isla):
        ruling.add_rule(name="Late", query="late", by=by.lea, now=now)
    raw = letter("Ang tagal! The ferry is late again — Niño".encode(), Content_Type=letters.PLAIN)
    assert mailing.deliver(address, raw, now=now) == Receipt(1, 0)
    (mention,) = mentions(brands.isla)
    assert (mention.author, mention.title) == ("Ana Cruz <ana@balita.example>", "Ferry")
    with context.inside(brands.isla):
        assert (mention.sentiment, mention.matches.count()) == ("negative", 1)
    today = box(brands.isla, source, now)
    assert (today.taken, today.refused, today.taken_at) == (1, 0, now)


def test_the_address_may_be_written_as_forms_and_servers_write_it(address, brands, now):
    local = address.partition("@")[0]
    for number, way in enumerate(
        [address.upper(), f"<{address}>", local, address.replace("+", "."), address.replace("+", "_")]
    ):
        assert mailing.deliver(way, letter(mid=b"<n%d@x>" % number), now=now).stored == 1


def test_who_does_not_know_the_address_does_not_get_in(address, brands, source, now):
    local = address.partition("@")[0]
    slug, rest = local.split("+")
    word = rest[-16:]
    wrong = [
        *("", "@", "isla@in.example", f"{slug}+{source.pk}@{DOMAIN}", f"luzon+{rest}@{DOMAIN}"),
        *(f"nowhere+{rest}@x", f"{slug}+{source.pk + 1}-{word}@x", f"{slug}+{'9' * 18}-{word}@x"),
        *(f"{slug}+{source.pk}-{'a' * 16}@x", f"{local}x@x", f"{slug}+٣-{word}@x", f"{slug}\x00+{rest}@x"),
        local.replace("-", "", 1),
    ]
    for each in wrong:
        with pytest.raises(NobodyHere):
            mailing.deliver(each, letter(), now=now)
    assert not mentions(brands.isla)
    today = box(brands.isla, source, now)
    assert (today.refused, today.refusal) == (
        0,
        "Somebody wrote to an address that is mistyped or from before it was renewed.",
    )


def test_two_brands_never_get_each_others(brands, by, now):
    with context.inside(brands.isla):
        mine = add(by, now)
        here = mailing.address_of(mine)
    with context.inside(brands.luzon):
        theirs = add(by, now)
        there = mailing.address_of(theirs)
    assert here != there and not here.endswith(there[-20:])
    mailing.deliver(here, letter(), now=now)
    assert len(mentions(brands.isla)) == 1 and not mentions(brands.luzon)
    for local in (here.replace("isla", "luzon"), there.replace("luzon", "isla")):
        with pytest.raises(NobodyHere):
            mailing.deliver(local, letter(mid=b"<other@x>"), now=now)
    mailing.deliver(there, letter(), now=now)
    assert len(mentions(brands.isla)) == len(mentions(brands.luzon)) == 1


def test_a_new_address_leaves_a_week_for_the_old_one(brands, source, address, by, now):
    with context.inside(brands.isla):
        sourcing.renew_secret(source, by=by.lea, now=now)
        new = mailing.address_of(source)
        assert source.previous_until == now + timedelta(days=7)
    assert new != address
    late = now + timedelta(days=6, hours=23)
    assert mailing.deliver(address, letter(mid=b"<1@x>"), now=late).stored == 1
    assert mailing.deliver(new, letter(mid=b"<2@x>"), now=late).stored == 1
    with pytest.raises(NobodyHere):
        mailing.deliver(address, letter(mid=b"<3@x>"), now=now + timedelta(days=8))
    assert "Give the sender the address" in box(brands.isla, source, now + timedelta(days=8)).todo
    with context.inside(brands.isla):
        dues.work(brands.isla, now + timedelta(days=8))
        assert Source.objects.get().previous_secret == ""


def test_a_paused_and_a_removed_source_take_nothing(brands, source, address, by, now):
    with context.inside(brands.isla):
        sourcing.pause(source, by=by.lea, now=now)
    with pytest.raises(NotAllowed):
        mailing.deliver(address, letter(), now=now)
    assert box(brands.isla, source, now).refusal == "It came while the source was paused."
    with context.inside(brands.isla):
        sourcing.remove(source, by=by.lea, now=now)
    for way in (address, f"isla+{source.pk}-{mailing.word_of('')}@x"):
        with pytest.raises(NobodyHere):
            mailing.deliver(way, letter(), now=now)
    assert not mentions(brands.isla)


# --- what becomes of it


def test_twice_is_once_by_whatever_way_it_came(brands, source, address, now):
    first = mailing.deliver(address, letter(), now=now)
    again = mailing.deliver(address, b"Received: from mx2\r\n" + letter(), now=now)
    assert (first, again, again.is_repeat) == (Receipt(1, 0), Receipt(1, 0), True)
    assert len(mentions(brands.isla)) == 1 and box(brands.isla, source, now).taken == 1


def test_only_from_the_senders_that_are_wanted(brands, by, now):
    with context.inside(brands.isla):
        source = add(by, now, senders=["ana@balita.example", "meltwater.com"])
        address = mailing.address_of(source)
    for number, sender in enumerate([b"ANA@balita.example", b"x@meltwater.com", b"x@mail.meltwater.com"]):
        raw = letter(From=sender, mid=b"<g%d@x>" % number)
        assert mailing.deliver(address, raw, now=now).stored == 1
    for sender in (
        b"ben@balita.example", b"x@notmeltwater.com", b'"ana@balita.example" <x@evil.example>',
        b"ana@balita.example, x@evil.example", b"ana@balita.example.evil.example",
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            mailing.deliver(address, letter(From=sender, mid=b"<bad@x>"), now=now)
    with pytest.raises(Forbidden):
        mailing.deliver(address, letter(From=None, mid=b"<bad@x>"), now=now)
    mailing.deliver(address, letter(From=b"ana@balita.example", mid=b"<bad@x>"), now=now)
    today = box(brands.isla, source, now)
    assert (today.taken, today.refused) == (4, 6)
    assert today.refusal == "nobody named is not among the senders whose mail is taken."


def test_bounces_are_taken_and_said_to_be_nothing(brands, source, address, now):
    receipt = mailing.deliver(address, letters.BOUNCE, now=now)
    assert (receipt.stored, receipt.why) == (0, "bounce")
    today = box(brands.isla, source, now)
    assert (today.taken, today.silent) == (1, 1)
    assert today.nothing == "It is a bounce: taken, and nothing is stored of it."
    assert mailbox.summary(today) == "1 mail taken today. Nothing was stored of 1 of them."
    assert not mentions(brands.isla)


def test_a_digest_becomes_its_links(brands, by, now):
    with context.inside(brands.isla):
        address = mailing.address_of(add(by, now, mode="links"))
    raw = letter(letters.GOOGLE_ALERT, Content_Type=HTML)
    assert mailing.deliver(address, raw, now=now) == Receipt(2, 0)
    next_day = letter(letters.GOOGLE_ALERT, Content_Type=HTML, mid=b"<m2@x>")
    assert mailing.deliver(address, next_day, now=now) == Receipt(0, 2)
    assert [mention.url for mention in mentions(brands.isla)] == [
        "https://inquirer.example/ferry",
        "https://rappler.example/refund",
    ]


def test_the_figures_are_of_the_brands_day(brands, source, address):
    night = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # a minute before midnight in Manila
    mailing.deliver(address, letter(), now=night)
    assert box(brands.isla, source, night).taken == 1
    morning = night + timedelta(minutes=2)
    today = box(brands.isla, source, morning)
    assert (today.taken, today.taken_at) == (0, night)
    mailing.deliver(address, letter(mid=b"<2@x>"), now=morning)
    assert box(brands.isla, source, morning).taken == 1


def test_health_in_words(brands, source, address, now):
    with context.inside(brands.isla):
        assert health.of(source, now).text == "Waits for its first mail."
    mailing.deliver(address, letter(), now=now)
    with context.inside(brands.isla):
        found = health.of(Source.objects.get(), now)
    assert (found.word, found.text, found.todo) == ("well", "1 mail taken today.", "")


# --- the signed door


@pytest.fixture
def post(client, source):
    def send(raw, *, message_id="msg-1", secret=source.secret, brand="isla", alter=b""):
        at = datetime.now(UTC)  # the door reads the wall clock
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": _of_bytes(secret, message_id, at, raw),
        }
        path = f"/b/{brand}/hooks/{source.pk}/mail/"
        return client.post(path, raw + alter, content_type="message/rfc822", headers=headers)

    return send


def test_a_signed_post_is_stored_once(post, brands, address):
    raw = letter("Ni\xf1o, ang tagal".encode("latin-1"), Content_Type=b"text/plain; charset=latin-1")
    told = {"stored": 1, "known": 0, "why": ""}
    assert post(raw).json() == post(raw, message_id="msg-2").json() == told
    assert mailing.deliver(address, raw, now=timezone.now()).is_repeat
    assert [mention.text for mention in mentions(brands.isla)] == ["Niño, ang tagal"]
    assert "bounce" in post(letters.BOUNCE, message_id="msg-3").json()["why"]
    with context.inside(brands.isla):
        assert Delivery.objects.count() == 2


def test_the_library_signs_alike():
    from standardwebhooks import Webhook

    secret, at = sourcing.new_secret(), datetime.now(UTC)
    assert _of_bytes(secret, "m", at, "Niño".encode()) == Webhook(secret).sign("m", at, "Niño")


def test_what_the_signed_door_refuses(post, client, brands, source, by, now, monkeypatch):
    assert post(letter(), alter=b"x").status_code == 401
    assert post(letter(), secret=sourcing.new_secret()).status_code == 401
    assert client.post(f"/b/isla/hooks/{source.pk}/mail/", b"x", content_type="x/y").status_code == 401
    assert "not signed" in box(brands.isla, source, timezone.now()).refusal
    assert post(letter(), brand="luzon").status_code == 404
    assert client.get(f"/b/isla/hooks/{source.pk}/mail/").status_code == 405
    assert client.post(f"/b/isla/hooks/{source.pk}/", b"{}", content_type="x/y").status_code == 404
    answer = post(b"no headers")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    monkeypatch.setattr(mailed, "LARGEST", 1000)
    assert post(letter(b"x" * 1000)).status_code == 413
    with context.inside(brands.isla):
        Source.objects.update(config={"senders": ["else.example"]})
    assert post(letter()).status_code == 403
    with context.inside(brands.isla):
        sourcing.pause(source, by=by.lea, now=now)
    assert post(letter()).status_code == 409
    assert not mentions(brands.isla)
    client.handler.enforce_csrf_checks = True
    assert post(letter()).status_code == 409, "no cookie is asked"


# --- the pipe, as a mail server runs it


def pipe(raw, *address, **more):
    """The exit code and what is said; several at once cost no more than the slowest."""
    return subprocess.run(
        [sys.executable, "manage.py", "receive_mail", *address],
        cwd=ROOT,
        env=environment(TUGON_MAIL_DOMAIN=DOMAIN, **more),
        input=raw,
        capture_output=True,
        timeout=120,
    )


def test_the_pipe_and_its_exit_codes(committed_brand):
    by, now = committed_brand.by, timezone.now()
    source = sourcing.add_source(kind="email", name="Clippings", config={}, by=by.lea, now=now)
    address = mailing.address_of(source)

    def outcome(raw, *address, **more):
        done = pipe(raw, *address, **more)
        return done.returncode, done.stderr.decode()

    assert outcome(letter(), address) == (os.EX_OK, "")
    assert outcome(letter(), address) == (os.EX_OK, "")
    assert Mention.objects.count() == 1
    by_header = b"Delivered-To: " + address.encode() + b"\r\n" + letter(mid=b"<2@x>")
    assert outcome(by_header) == (os.EX_OK, "")
    assert outcome(letter(mid=b"<3@x>"), RECIPIENT=address.upper()) == (os.EX_OK, "")
    assert Mention.objects.count() == 3
    code, words = outcome(b"x\n", address)
    assert code == os.EX_DATAERR and "no e-mail message" in words
    code, words = outcome(letter(b"x" * (26 * 1024 * 1024)), address)
    assert code == os.EX_DATAERR and "25 MiB" in words
    code, words = outcome(letter(), address.replace("+", "+9"))
    assert code == os.EX_NOUSER and words == "There is no such address here.\n"
    assert outcome(letter())[0] == os.EX_NOUSER
    code, words = outcome(letter(mid=b"<4@x>"), address, DATABASE_URL="postgresql://nobody@127.0.0.1:1/x")
    assert code == os.EX_TEMPFAIL and "Try again later" in words
    assert outcome(letter(), address, DJANGO_SETTINGS_MODULE="agency.settings.nowhere")[0] == os.EX_TEMPFAIL
    assert outcome(letter(), "--no-such-word")[0] == os.EX_TEMPFAIL
    assert Mention.objects.count() == 3
