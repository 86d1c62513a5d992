"""Each channel at its own time, in the brand's zone; whatever stops a publication stops the scheduled one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from api import keys
from api.scopes import Scope
from responses import due, pipeline
from responses.core.models import Event
from responses.errors import Invalid, NotAllowed
from responses.publishing import deciding, releasing, scheduling, sending
from responses.publishing.models import Publication, Slot
from responses.statements import drafting
from tenants import context
from tenants.models import Wake

from .making import TEXT, approve, approved, channel, drafted

HOUR = timedelta(hours=1)


@pytest.fixture
def two(isla, by, now, outside):
    """A statement for two channels, written and not yet approved."""
    return drafted(by, now, {channel(): TEXT, channel(name="second"): TEXT})


def times(statement):
    rows = Publication.objects.filter(statement=statement).select_related("channel")
    return {row.channel.name: (row.status, row.due_at) for row in rows}


class TestDeed:
    def test_each_channel_goes_at_its_own_time(self, two, by, now, outside):
        scheduling.schedule(two, {channel(name="second").pk: now + HOUR}, by=by.lea, now=now)
        approve(two, by, now)
        pipeline.follow(now)
        releasing.release_due(now)
        assert times(two) == {
            "fake": ("published", now + timedelta(seconds=0)),
            "second": ("queued", now + HOUR),
        } or (times(two)["second"] == ("queued", now + HOUR) and times(two)["fake"][0] == "published")
        assert releasing.release_due(now + HOUR - timedelta(seconds=1)) == 0
        assert releasing.next_due_at(now) == now + HOUR
        assert Wake.objects.filter(at=now + HOUR).exists()
        assert releasing.release_due(now + HOUR) == 1
        pipeline.follow(now + HOUR)
        two.refresh_from_db()
        assert two.status == "published"

    def test_approved_too_late_it_goes_at_once(self, two, by, now, outside):
        scheduling.schedule(two, {channel().pk: now + HOUR}, by=by.lea, now=now)
        approve(two, by, now)
        rows = releasing.queue(two, by=by.lea, now=now + 2 * HOUR)
        assert {row.due_at for row in rows} == {now + 2 * HOUR}

    def test_what_waits_is_moved_or_sent_at_once(self, two, by, now, outside):
        first = channel().pk
        scheduling.schedule(
            two, {first: now + HOUR, channel(name="second").pk: now + HOUR}, by=by.lea, now=now
        )
        releasing.queue(approve(two, by, now), by=by.lea, now=now)
        scheduling.schedule(two, {first: now + 3 * HOUR}, by=by.lea, now=now)
        assert times(two)["fake"] == ("queued", now + 3 * HOUR)
        scheduling.schedule(two, {first: None}, by=by.lea, now=now)
        assert releasing.release_due(now) == 1
        assert not Slot.objects.filter(channel=first).exists()
        kinds = Event.objects.filter(subject_type="publication").values_list("kind", flat=True)
        assert list(kinds).count("publication.rescheduled") == 2

    def test_the_same_again_is_no_event(self, two, by, now):
        for _twice in range(2):
            scheduling.schedule(two, {channel().pk: now + HOUR}, by=by.lea, now=now)
        assert Event.objects.filter(kind="statement.scheduled").count() == 1

    @pytest.mark.parametrize("stop", ["withdrawn", "called off"])
    def test_what_stops_a_publication_stops_the_scheduled_one(self, two, by, now, outside, stop):
        scheduling.schedule(two, dict.fromkeys(pks(two), now + HOUR), by=by.lea, now=now)
        rows = releasing.queue(approve(two, by, now), by=by.lea, now=now)
        if stop == "withdrawn":
            drafting.withdraw(two, by=by.lea, now=now)
            pipeline.follow(now)
        else:
            for row in rows:
                deciding.cancel(row, by=by.lea, now=now, reason="Not today.")
        assert releasing.release_due(now + HOUR) == 0
        assert outside.calls == []
        assert {status for status, _at in times(two).values()} == {"cancelled"}

    def test_a_statement_that_lost_its_approval_is_not_sent_at_its_hour(self, two, by, now, outside):
        """Even when the reaction that calls it back has not run yet."""
        scheduling.schedule(two, dict.fromkeys(pks(two), now + HOUR), by=by.lea, now=now)
        releasing.queue(approve(two, by, now), by=by.lea, now=now)
        drafting.withdraw(two, by=by.lea, now=now)
        releasing.release_due(now + HOUR)
        assert outside.calls == []

    def test_times_that_do_not_hold_are_refused_at_their_field(self, two, by, now):
        first = channel().pk
        for pk, at in ((first, now), (first, now + timedelta(days=400)), (10**9, now + HOUR)):
            with pytest.raises(Invalid) as caught:
                scheduling.schedule(two, {pk: at}, by=by.lea, now=now)
            assert caught.value.field == f"times.{pk}"

    def test_what_is_out_has_no_time_any_more(self, isla, by, now, outside):
        statement = approved(by, now)
        releasing.queue(statement, by=by.lea, now=now)
        releasing.release_due(now)
        pipeline.follow(now)
        with pytest.raises(NotAllowed):
            scheduling.schedule(statement, {channel().pk: now + HOUR}, by=by.lea, now=now)

    def test_the_tick_wakes_the_brand_at_its_hour(self, two, by, now, isla, outside):
        scheduling.schedule(two, dict.fromkeys(pks(two), now + HOUR), by=by.lea, now=now)
        releasing.queue(approve(two, by, now), by=by.lea, now=now)
        due.work(isla, now)
        assert due.poke(now + HOUR - timedelta(seconds=61)) == 0 or not releasing.is_due(now)
        assert due.poke(now + HOUR) >= 1


def pks(statement):
    return list(statement.latest.variants.values_list("channel_id", flat=True))


class TestClock:
    def test_the_brands_hour_is_meant(self):
        assert scheduling.local("2026-11-23T14:05", "Asia/Manila") == datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
        assert scheduling.typed(datetime(2026, 11, 23, 6, 5, tzinfo=UTC), "Asia/Manila") == "2026-11-23T14:05"

    @pytest.mark.parametrize("written", ["2026-03-29T02:30", "tomorrow", "2026-13-01T00:00"])
    def test_an_hour_that_is_none(self, written):
        with pytest.raises(Invalid):
            scheduling.local(written, "Europe/Berlin")


class TestPages:
    def test_set_before_it_is_approved_and_shown_when_it_is_released(self, sign_in, brands, by, now, outside):
        with context.inside(brands.isla):
            statement = drafted(by, now, {channel(): TEXT})
            field = f"at_{channel().pk}"
        client, where = sign_in("lea"), reverse("responses:statement_schedule", args=["isla", statement.pk])
        assert client.post(where, {field: "2020-01-01T10:00"}).status_code == 422
        assert client.post(where, {field: "nonsense"}).status_code == 422
        far = (datetime.now(UTC) + timedelta(days=30)).replace(hour=2, minute=0)
        typed = scheduling.typed(far, "Asia/Manila")
        assert client.post(where, {field: typed}).status_code == 303
        assert typed in client.get(where).content.decode()
        with context.inside(brands.isla):
            approve(statement, by, now)
        release = reverse("responses:statement_release", args=["isla", statement.pk])
        assert typed in client.get(release).content.decode()
        assert client.post(release, {field: typed}).status_code == 303
        with context.inside(brands.isla):
            row = Publication.objects.get()
            assert row.status == "queued"
            assert scheduling.typed(row.scheduled_at, "Asia/Manila") == typed
            assert sending.post_of(row).dated_at == row.scheduled_at > row.created_at
        page = client.get(reverse("responses:publication", args=["isla", row.pk])).content.decode()
        assert "scheduled" in page

    def test_who_may_not_release_may_not_set_it(self, sign_in, brands, by, now, outside):
        with context.inside(brands.isla):
            statement = drafted(by, now, {channel(): TEXT})
        where = reverse("responses:statement_schedule", args=["isla", statement.pk])
        assert sign_in("ana").get(where).status_code == 403
        assert sign_in("charlie").get(where).status_code == 404


def test_by_the_api(client, brands, by, now, outside):
    with context.inside(brands.isla):
        statement = drafted(by, now, {channel(): TEXT})
        key = keys.issue(name="Tool", scopes=list(Scope), by=by.ramon, now=now)[1]
        place = f"chn_{channel().pk}"
    auth = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    where = f"/api/v1/brands/isla/statements/stm_{statement.pk}/schedule"
    at = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)
    body = {"times": [{"channel": place, "at": at.isoformat()}]}
    told = client.put(where, body, content_type="application/json", **auth)
    assert told.status_code == 200, told.content
    assert client.get(where, **auth).json() == told.json()
    assert told.json()["times"] == [{"channel": place, "at": at.isoformat().replace("+00:00", "Z")}]
    body = {"times": [{"channel": place, "at": "2020-01-01T00:00:00Z"}]}
    assert client.put(where, body, content_type="application/json", **auth).status_code == 422
    body = {"times": [{"channel": place, "at": None}]}
    assert client.put(where, body, content_type="application/json", **auth).json() == {"times": []}
