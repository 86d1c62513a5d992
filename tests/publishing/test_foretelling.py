"""The saved times are told wherever somebody decides or waits, and what was called off can still go out."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from api import keys
from api.scopes import Scope
from responses import pipeline
from responses.core import timeline
from responses.core.models import Event
from responses.errors import NotAllowed
from responses.publishing import deciding, releasing, requeuing, scheduling
from responses.publishing.models import Publication
from responses.statements import reviewing
from responses.statements.models import Step
from responses.templatetags.going import hour_words
from tenants import context

from .making import TEXT, approved, channel, drafted

HOUR = timedelta(hours=1)


def plain(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def portal(name, *args):
    return reverse(f"portal:{name}", args=["isla", *args])


def desk(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


class TestTold:
    @pytest.fixture
    def at(self):
        """An hour on another day, so that the day is said: 20:00 in Manila."""
        return (timezone.now() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)

    @pytest.fixture
    def waits(self, brands, by, at, outside):
        """With the client; one channel has a time, the other has none."""
        now = timezone.now()
        with context.inside(brands.isla):
            statement = drafted(by, now, {channel(): TEXT, channel(name="second"): TEXT})
            scheduling.schedule(statement, {channel(name="second").pk: at}, by=by.lea, now=now)
            review = reviewing.submit(statement, by=by.ana, now=now, release_on_approval=True)
            self.decide(review, Step.Function.AGENCY, by.lea, now)
            statement.client_step = review.steps.get(function=Step.Function.CLIENT)
        return statement

    @staticmethod
    def decide(review, function, person, now):
        given = {"revision_hash": review.revision.hash, "verdict": "approved", "by": person, "now": now}
        reviewing.decide(review.steps.get(function=function), **given)

    def test_to_all_who_decide_and_to_the_client_afterwards(self, sign_in, brands, by, waits, at):
        hour = f"{at.day} {at:%b} at 20:00, Manila time"
        told = f"fake: at once; second: {hour}"
        lea = sign_in("lea")
        for page in ("statement", "review"):
            assert f"When it goes out – {told}" in plain(lea.get(desk(page, waits.pk)))
        page, marta = portal("decision", waits.client_step.pk), sign_in("marta")
        assert f"Once approved it goes out: {told}." in plain(marta.get(page))
        asked = plain(marta.get(page, {"do": "approve"}))
        assert f"goes out on: {told}." in asked and "goes out at once" not in asked
        now = timezone.now()
        with context.inside(brands.isla):
            self.decide(waits.client_step.review, Step.Function.CLIENT, by.marta, now)
        assert f"It goes out: {told}." in plain(marta.get(page))
        with context.inside(brands.isla):
            pipeline.follow(now)
            releasing.release_due(now)
            row = Publication.objects.get(status="queued")
            line = timeline.line(Event.objects.filter(kind="publication.queued", subject_id=row.pk).get())
        assert f"It goes out: second: {hour}." in plain(marta.get(page))
        lea = sign_in("lea")
        assert f"goes out {hour}" in plain(lea.get(desk("publication", row.pk)))
        assert f"goes out {at.day} {at:%b}, 20:00" in plain(lea.get(desk("publications")))
        assert "and goes out" in line.text

    def test_what_was_called_off_does_not_go_out_now(self, sign_in, brands, by, waits):
        now = timezone.now()
        with context.inside(brands.isla):
            self.decide(waits.client_step.review, Step.Function.CLIENT, by.marta, now)
            for row in releasing.queue(waits, by=by.lea, now=now):
                deciding.cancel(row, by=by.lea, now=now)
        page = plain(sign_in("marta").get(portal("decision", waits.client_step.pk)))
        assert "The agency called it off for now." in page and "It goes out now" not in page

    def test_by_the_link_of_a_letter(self, client, brands, by, waits, at):
        mail.outbox.clear()
        with context.inside(brands.isla):
            pipeline.follow(timezone.now())
            shown = waits.latest.hash
        message = next(one for one in mail.outbox if one.to == ["marta@isla.example"])
        path = re.search(r"https?://[^/\s]+(/\S+?/link/\S+)", message.body)[1]
        hour = f"{at.day} {at:%b} at 20:00, Manila time"
        assert f"second: {hour}" in plain(client.get(path))
        given = {"revision_hash": shown, "verdict": "approved", "name": "Marta"}
        done = client.post(path, given)
        assert done.status_code == 303
        assert f"It goes out: fake: at once; second: {hour}." in plain(client.get(done["Location"]))


def test_the_hour_is_the_brands_and_the_day_is_named_unless_it_is_today():
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert hour_words(at, at - 10 * HOUR, "Asia/Manila") == "today at 20:00, Manila time"
    assert hour_words(at, at - 30 * HOUR, "America/New_York") == "23 Nov at 07:00, New York time"


class TestCalledOff:
    def called_off(self, by, now):
        statement = approved(by, now, {channel(): TEXT, channel(name="second"): TEXT})
        for row in releasing.queue(statement, by=by.lea, now=now):
            deciding.cancel(row, by=by.lea, now=now, reason="Not today.")
        return statement

    def test_it_goes_out_after_all_and_once(self, isla, by, now, outside):
        statement = self.called_off(by, now)
        keys = set(Publication.objects.values_list("key", flat=True))
        releasing.queue(statement, by=by.lea, now=now)
        pipeline.follow(now)  # nor does the reaction that publishes what is approved
        assert releasing.release_due(now) == 0 and outside.calls == []
        scheduling.schedule(statement, {channel(name="second").pk: now + HOUR}, by=by.lea, now=now)
        for _twice in range(2):
            releasing.queue(statement, by=by.lea, now=now, again=True)
        assert releasing.release_due(now) == 1
        assert releasing.release_due(now + HOUR) == 1
        pipeline.follow(now + HOUR)
        statement.refresh_from_db()
        assert statement.status == "published" and len(outside.calls) == 2
        assert set(Publication.objects.values_list("key", flat=True)) == keys

    def test_one_that_was_tried_never_goes_again(self, isla, by, now, outside):
        statement = self.called_off(by, now)
        for row in Publication.objects.all():
            row.attempts.create(token=1, started_at=now, outcome="failed")
        assert not requeuing.waits_again(statement)
        with pytest.raises(NotAllowed):
            releasing.queue(statement, by=by.lea, now=now, again=True)

    def test_one_of_several_called_off_stays_off(self, isla, by, now, outside):
        statement = approved(by, now, {channel(): TEXT, channel(name="second"): TEXT})
        rows = releasing.queue(statement, by=by.lea, now=now)
        deciding.cancel(rows[0], by=by.lea, now=now)
        releasing.queue(statement, by=by.lea, now=now, again=True)
        assert Publication.objects.get(pk=rows[0].pk).status == "cancelled"

    def test_the_pages_lead_to_the_button(self, sign_in, brands, by, now, outside):
        with context.inside(brands.isla):
            statement = self.called_off(by, now)
            field = f"at_{channel().pk}"
        release, rows = desk("statement_release", statement.pk), desk("statement_publications", statement.pk)
        assert release not in sign_in("ana").get(rows).content.decode()
        lea = sign_in("lea")
        assert release in lea.get(rows).content.decode()
        later = scheduling.typed(timezone.now() + timedelta(days=2), "Asia/Manila")
        saved = lea.post(desk("statement_schedule", statement.pk), {field: later})
        assert saved["Location"] == release
        assert 'name="again"' in lea.get(release).content.decode()
        assert lea.post(release, {field: later, "again": "1"}).status_code == 303
        with context.inside(brands.isla):
            assert set(Publication.objects.values_list("status", flat=True)) == {"queued"}

    def test_by_the_api_only_when_it_is_asked_for(self, client, brands, by, now, outside):
        with context.inside(brands.isla):
            statement = self.called_off(by, now)
            key = keys.issue(name="Tool", scopes=list(Scope), by=by.ramon, now=now)[1]
        body, auth = {"statement": f"stm_{statement.pk}"}, {"HTTP_AUTHORIZATION": f"Bearer {key}"}
        for given, status in ((body, "cancelled"), ({**body, "again": True}, "queued")):
            where = "/api/v1/brands/isla/publications"
            auth["HTTP_IDEMPOTENCY_KEY"] = status
            told = client.post(where, given, content_type="application/json", **auth)
            assert told.status_code < 300, told.content
            assert {one["status"] for one in told.json()["items"]} == {status}, told.content
