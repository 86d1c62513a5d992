"""Statements by e-mail: asked for, confirmed, sent once, left in one click; nobody learns who reads along."""

import re
import smtplib
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core import mail
from django.test import Client

from responses.errors import Invalid
from responses.publishing import lettering, releasing, subscribing, subscription_views
from responses.publishing.models import Letter, Publication, Subscriber
from tenants import context
from tenants.models import Domain

from .making import approved, newsroom

HOME = "/newsroom/isla/"
LINK = re.compile(r"http://localhost:8000(/newsroom/isla/letters/\S+)")


def ask(client, email="ana@reader.example", **more):
    return client.post(f"{HOME}subscribe/", {"email": email, **more})


def path_in(letter, what):
    return next(path for path in LINK.findall(letter.body) if path.endswith(f"/{what}/"))


class TestPages:
    def test_from_the_newsroom_to_confirmed(self, client, brands):
        assert f'action="{HOME}subscribe/"' in client.get(HOME).content.decode()
        answer = ask(client)
        assert (answer.status_code, answer["Location"]) == (303, f"{HOME}subscribed/")
        assert "Look into your mailbox" in client.get(answer["Location"]).content.decode()
        [letter] = mail.outbox
        assert letter.to == ["ana@reader.example"]
        path = path_in(letter, "confirm")
        for _look in range(3):  # a mail scanner follows every link
            page = client.get(path)
            assert "Yes, write to me" in page.content.decode()
        with context.inside(brands.isla):
            assert not Subscriber.objects.get().is_confirmed
        assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store, private", "no-referrer")
        assert "From now on" in client.post(path).content.decode()
        with context.inside(brands.isla):
            assert Subscriber.objects.get().is_confirmed

    def test_whoever_is_known_gets_the_same_answer_and_no_second_letter(self, client, brands, now):
        first, second = ask(client), ask(client)
        assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
        with context.inside(brands.isla):
            subscribing.confirm(Subscriber.objects.get(), now=now)
        ask(client, "Ana@READER.example".replace("Ana", "ana"))
        assert len(mail.outbox) == 1

    @pytest.mark.parametrize(
        "typed",
        ["", "ana", "ana@", "a b@c.example", "ana@x.example\nBcc: all@x.example", "a" * 300 + "@x.example"],
    )
    def test_what_is_no_address_is_said_to_be_none_and_kept(self, client, brands, typed):
        answer = ask(client, typed)
        assert answer.status_code == 422
        assert "not an e-mail address" in answer.content.decode()
        assert mail.outbox == []

    def test_a_robot_gets_the_same_answer_and_nothing_happens(self, client, brands):
        assert ask(client, website="https://spam.example").status_code == 303
        assert mail.outbox == []

    def test_one_place_cannot_have_letters_written_without_end(self, client, brands):
        statuses = [ask(client, f"reader{number}@x.example").status_code for number in range(25)]
        assert statuses[:20] == [303] * 20
        assert statuses[20:] == [429] * 5
        assert len(mail.outbox) == 20

    def test_in_filipino(self, client, brands):
        answer = ask(client, language="fil")
        assert 'lang="fil"' in client.get(answer["Location"]).content.decode()
        with context.inside(brands.isla):
            assert Subscriber.objects.get().language == "fil"

    def test_a_link_of_another_brand_or_made_up_leads_nowhere(self, client, brands):
        ask(client)
        path = path_in(mail.outbox[0], "confirm")
        wrong_ones = [
            path.replace("isla", "luzon"),
            path.replace("confirm", "leave"),
            f"{path[:-12]}xxx/confirm/",
            *(f"{HOME}letters/{token}/leave/" for token in ("9-x", "-", f"{'9' * 40}-x", "١-x")),
        ]
        for wrong in wrong_ones:
            assert client.post(wrong).status_code == 404, wrong


@pytest.fixture
def readers(isla, now):
    """Two who confirmed, one who did not, one who left."""
    made = {}
    for name in ("ana", "ben", "carla", "dino"):
        made[name] = Subscriber.objects.create(email=f"{name}@reader.example", asked_at=now)
    for name in ("ana", "ben", "dino"):
        subscribing.confirm(made[name], now=now)
    subscribing.leave(made["dino"], now=now)
    return made


@pytest.fixture
def publication(isla, by, now):
    statement = approved(
        by, now, {newsroom(): "All are safe.\n\nNext update at 17:00."}, title="Fire\non MV Amihan"[:4]
    )
    [row] = releasing.queue(statement, by=by.lea, now=now)
    releasing.release_due(now)
    return Publication.objects.get(pk=row.pk)


class TestLetters:
    def test_each_who_confirmed_gets_it_once_however_often_it_is_asked(self, readers, publication, now):
        assert lettering.write(publication, now=now) == 2
        assert lettering.write(publication, now=now) == 2
        assert lettering.send_due(now) == 2
        assert lettering.send_due(now) == 0
        assert sorted(letter.to[0] for letter in mail.outbox) == ["ana@reader.example", "ben@reader.example"]
        assert lettering.counts(publication) == {"sent": 2}

    def test_what_a_letter_says_and_how_it_is_left(self, readers, publication, now, client, brands):
        lettering.write(publication, now=now)
        lettering.send_due(now)
        letter = mail.outbox[0]
        raw = message_from_bytes(letter.message().as_bytes())
        assert letter.body.startswith("All are safe.\n\nNext update at 17:00.")
        assert raw["Message-ID"].startswith(f"<{publication.key}.")
        assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = path_in(letter, "leave")
        assert raw["List-Unsubscribe"].strip() == f"<http://localhost:8000{path}>"
        context.leave()
        one_click = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
        assert one_click.status_code == 200
        with context.inside(brands.isla):
            assert Subscriber.objects.exclude(confirmed_at=None).count() == 1

    def test_the_same_letter_has_the_same_name(self, readers, publication, now):
        lettering.write(publication, now=now)
        letter = Letter.objects.select_related("subscriber").first()
        names = {lettering.letter_of(letter).extra_headers["Message-ID"] for _time in range(2)}
        assert len(names) == 1

    def test_it_names_the_brands_own_host(self, readers, publication, now, isla):
        Domain.objects.create(tenant=isla, domain="news.isla.example", is_primary=True)
        lettering.write(publication, now=now)
        lettering.send_due(now)
        assert "https://news.isla.example/letters/" in mail.outbox[0].body

    def test_who_left_meanwhile_gets_none(self, readers, publication, now):
        lettering.write(publication, now=now)
        subscribing.leave(readers["ana"], now=now)
        lettering.send_due(now)
        assert [letter.to for letter in mail.outbox] == [["ben@reader.example"]]

    @pytest.mark.parametrize(
        ("fault", "state"),
        [
            (smtplib.SMTPRecipientsRefused({"ana@reader.example": (450, b"later")}), "queued"),
            (smtplib.SMTPRecipientsRefused({"ana@reader.example": (550, b"nobody")}), "failed"),
            (smtplib.SMTPSenderRefused(451, b"later", "us"), "queued"),
            (smtplib.SMTPDataError(452, b"full"), "queued"),
            (smtplib.SMTPDataError(554, b"spam"), "failed"),
            (smtplib.SMTPServerDisconnected("cut"), "unknown"),
            (TimeoutError("slow"), "unknown"),
        ],
    )
    def test_only_what_was_refused_for_certain_goes_again(
        self, readers, publication, now, monkeypatch, fault, state
    ):
        def refuse(self, messages):
            raise fault

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        lettering.write(publication, now=now)
        lettering.send_due(now)
        assert {letter.state for letter in Letter.objects.all()} == {state}
        monkeypatch.undo()
        lettering.send_due(now + timedelta(minutes=3))
        assert len(mail.outbox) == (2 if state == "queued" else 0)

    def test_a_mail_server_that_is_away_is_tried_later_and_later_and_then_no_more(
        self, readers, publication, now, monkeypatch
    ):
        def away(self):
            raise ConnectionRefusedError("away")

        monkeypatch.setattr("django.core.mail.backends.base.BaseEmailBackend.open", away)
        lettering.write(publication, now=now)
        at, waits = now, []
        while queued := Letter.objects.filter(state="queued").order_by("due_at").first():
            waits.append(queued.due_at - at)
            at = queued.due_at
            lettering.send_due(at)
        assert waits == sorted(waits)
        assert {letter.state for letter in Letter.objects.all()} == {"failed"}

    def test_a_sender_that_dies_on_it_sends_it_once_or_never(self, readers, publication, now):
        lettering.write(publication, now=now)
        next(iter(lettering.claimed(now, 1, [publication.pk])))  # and is killed
        lettering.send_due(now + timedelta(minutes=1))
        assert len(mail.outbox) == 1
        lettering.send_due(now + timedelta(minutes=11))
        assert len(mail.outbox) == 1
        assert lettering.counts(publication) == {"sent": 1, "unknown": 1}


def test_addresses_nobody_confirmed_are_forgotten(isla, now):
    subscribing.ask("ana@reader.example", "en", now=now)
    assert subscribing.forget(now + timedelta(days=6)) == 0
    assert subscribing.forget(now + timedelta(days=8)) == 1
    with pytest.raises(Invalid):
        subscribing.ask("nobody", "en", now=now)


def test_behind_a_proxy_each_reader_has_a_limit_of_their_own(client, brands, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    near, far = {"X-Forwarded-For": "1.1.1.1, 203.0.113.5"}, {"X-Forwarded-For": "203.0.113.6"}
    form = {"email": "ana@reader.example"}
    for _time in range(subscription_views.FROM_ONE_PLACE):
        client.post(f"{HOME}subscribe/", form, headers=near)
    assert client.post(f"{HOME}subscribe/", form, headers=near).status_code == 429
    assert client.post(f"{HOME}subscribe/", form, headers=far).status_code == 303
