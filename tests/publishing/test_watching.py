"""What is out is looked at now and then; what somebody changed or deleted there is told, once."""

import pytest
from django.urls import reverse

from responses import due
from responses.core.models import Event
from responses.publishing import deciding, releasing, watching
from responses.publishing.channels.base import ChannelError
from responses.publishing.models import Publication
from responses.publishing.watching import LOOKS
from tenants import context

from .making import TEXT, approved


@pytest.fixture
def out(isla, by, now, outside):
    """One publication that stands there."""
    [publication] = releasing.queue(approved(by, now), by=by.lea, now=now)
    releasing.release_due(now)
    publication.refresh_from_db()
    return publication


def looked(publication, at):
    watching.look_due(at)
    publication.refresh_from_db()
    return publication


def told():
    kinds = list(watching.KINDS.values())
    return list(Event.objects.filter(kind__in=kinds).order_by("seq").values_list("kind", flat=True))


def test_it_is_looked_at_five_times_and_then_left(out, now):
    moments = []
    while out.look_at:
        moments.append(out.look_at - out.published_at)
        looked(out, out.look_at)
        assert (out.outside, out.looked_at) == ("same", out.published_at + moments[-1])
    assert [round(each.total_seconds()) for each in moments] == [each.total_seconds() for each in LOOKS]
    assert told() == []


def test_changed_there_it_is_told_once_with_what_it_says_now(out, outside):
    outside.public[str(out.key)] = ["We deny everything."]
    looked(out, out.look_at)
    assert (out.outside, out.outside_text, out.status) == ("changed", "We deny everything.", "published")
    looked(out, out.look_at)
    [event] = Event.objects.filter(kind="publication.changed_outside")
    assert (event.data["alarm"], event.data["found"]) == (True, "We deny everything.")
    outside.public[str(out.key)] = ["We deny it again."]
    looked(out, out.look_at)
    assert told() == ["publication.changed_outside"] * 2


def test_deleted_there_and_back_again(out, outside):
    words = outside.public.pop(str(out.key))
    looked(out, out.look_at)
    assert out.outside == "gone"
    outside.public[str(out.key)] = words
    looked(out, out.look_at)
    assert out.outside == "same"
    assert told() == ["publication.gone_outside", "publication.same_again"]


def test_another_kind_of_blank_is_no_change(out, outside):
    outside.public[str(out.key)] = [TEXT.replace(" ", "\u00a0") + "\n"]
    assert looked(out, out.look_at).outside == "same"


def test_what_cannot_be_read_is_neither_gone_nor_changed(out, outside):
    outside.reads = ChannelError("Down.")
    before = out.look_at
    looked(out, before)
    assert (out.outside, told()) == ("", [])
    assert out.look_at > before


def test_a_channel_that_cannot_be_read_back_is_not_looked_at(out, outside):
    outside.readable = False
    looked(out, out.look_at)
    assert (out.outside, out.look_at, out.looked_at) == ("", None, None)


def test_one_that_only_a_person_saw_is_not_gone_for_not_being_found(isla, by, now, outside):
    [publication] = releasing.queue(approved(by, now), by=by.lea, now=now)
    outside.says = [ChannelError("No answer.", unknown=True)]
    releasing.release_due(now)
    standing = outside.public.pop(str(publication.key))
    publication.refresh_from_db()
    deciding.decide_unknown(publication, "out", reason="I saw it.", by=by.lea, now=now)
    publication.refresh_from_db()
    assert looked(publication, publication.look_at).outside == ""
    outside.public[str(publication.key)] = standing
    looked(publication, publication.look_at)
    assert (publication.outside, publication.external_id) == ("same", str(publication.key))


def test_the_brand_is_woken_for_it(out, isla):
    assert watching.next_due_at(out.published_at) == out.published_at + LOOKS[0]
    due.work(isla, out.look_at)
    assert watching.to_be_looked_at(out.look_at).exists(), "the work is a job of its own"


def test_the_desk_sees_it(sign_in, brands, by, now, outside):
    with context.inside(brands.isla):
        [publication] = releasing.queue(approved(by, now), by=by.lea, now=now)
        releasing.release_due(now)
        outside.public[str(publication.key)] = ["We deny everything."]
        publication.refresh_from_db()
        watching.look_due(publication.look_at)
    client = sign_in("ana")
    page = client.get(reverse("responses:publication", args=["isla", publication.pk])).content.decode()
    assert "changed there" in page
    assert "deny" in page
    trouble = client.get(reverse("responses:publications", args=["isla"]) + "?show=trouble").content.decode()
    assert "changed there" in trouble
    with context.inside(brands.isla):
        assert Publication.objects.get().status == "published"
