"""The pages of incidents as people use them: who gets in, what is kept, what polling costs."""

import html
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from responses.core.models import Event
from responses.incidents import lifecycle, tasks
from responses.incidents.models import Incident, Protocol


def at(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


@pytest.fixture
def task(incident):
    return incident.tasks.first()


def addresses(incident, task, protocol):
    """name → (address, method, who may)."""
    everyone = {"tess", "ramon", "lea", "paolo", "ana", "ong"}
    runs, triages = {"tess", "ramon", "lea"}, {"tess", "ramon", "lea", "paolo"}
    return {
        "incidents": (at("incidents"), "get", everyone),
        "incident": (at("incident", incident.pk), "get", everyone),
        "new": (at("incident_new"), "get", triages),
        "acknowledge": (at("incident_acknowledge", incident.pk), "post", triages),
        "note": (at("incident_note", incident.pk), "post", triages),
        "move": (at("incident_move", incident.pk), "post", runs),
        "severity": (at("incident_severity", incident.pk), "post", runs),
        "part": (at("incident_part", incident.pk), "post", runs),
        "task_add": (at("task_add", incident.pk), "post", runs),
        "task_move": (at("task_move", task.pk), "post", runs),
        "task_assign": (at("task_assign", task.pk), "post", runs),
        "protocols": (at("protocols"), "get", everyone),
        "protocol": (at("protocol", protocol.pk), "get", everyone),
        "protocol saved": (at("protocol", protocol.pk), "post", runs),
        "protocol_new": (at("protocol_new"), "get", runs),
        "history": (at("history"), "get", everyone),
        "history_verify": (at("history_verify"), "post", everyone),
    }


STAFF = ["tess", "ramon", "lea", "paolo", "ana", "ong"]
OUTSIDE = ["marta", "nilo", "jun", "charlie", "kara", "nobody"]


@pytest.mark.parametrize("name", STAFF + OUTSIDE)
def test_who_gets_in(name, incident, task, protocol, sign_in):
    client = sign_in(name)
    for page, (address, method, allowed) in addresses(incident, task, protocol).items():
        status = getattr(client, method)(address).status_code
        if name in allowed:
            assert status in {200, 303, 422, 302}, (page, status)
        else:
            assert status == (403 if name in STAFF else 404), (page, status)


def test_an_incident_of_another_brand_is_not_there(incident, sign_in):
    client = sign_in("lea")
    assert client.get(reverse("responses:incident", args=["luzon", incident.pk])).status_code == 404


def test_the_lists_say_what_to_do_when_empty(isla, sign_in):
    Protocol.objects.all().delete()
    client = sign_in("lea")
    assert "Nothing is burning" in client.get(at("incidents")).content.decode()
    assert "No protocol yet" in client.get(at("protocols")).content.decode()


def test_the_worst_is_on_top_and_the_resolved_below(incident, sign_in, by, now):
    lifecycle.open_incident(title="A late bus", severity=1, by=by.lea, now=now)
    over = lifecycle.open_incident(title="An old matter", severity=3, by=by.lea, now=now)
    lifecycle.resolve(over, resolution="It went away.", by=by.lea, now=now)
    page = sign_in("ana").get(at("incidents")).content.decode()
    assert page.index("Fire on MV Amihan") < page.index("A late bus") < page.index("It went away.")


def test_the_board_leads_to_the_room_by_the_incident_s_number(incident, sign_in):
    response = sign_in("lea").get(at("incidents"), {"number": incident.number})
    assert response["Location"] == at("incident", incident.pk)
    assert sign_in("lea").get(at("incidents"), {"number": "9" * 17}).status_code == 200


def test_opening_from_an_alert(alert, protocol, sign_in):
    client = sign_in("paolo")
    page = client.get(at("incident_new") + f"?alert={alert.pk}")
    assert page.context["form"]["title"].value() == "Fire on MV Amihan"
    assert page.context["form"]["severity"].value() == 4
    typed = {"title": "Fire on the Amihan", "severity": "4", "alert": alert.pk, "summary": "", "protocol": ""}
    answer = client.post(at("incident_new"), typed)
    opened = Incident.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, at("incident", opened.pk))
    again = client.post(at("incident_new"), typed)
    assert again.status_code == 409
    assert f"incident {opened.number} already" in again.content.decode()
    assert 'value="Fire on the Amihan"' in again.content.decode()
    assert client.get(at("incident_new") + f"?alert={alert.pk}")["Location"] == at("incident", opened.pk)


def test_opening_keeps_what_was_typed(isla, sign_in):
    answer = sign_in("lea").post(at("incident_new"), {"title": " ", "summary": "Smoke seen", "severity": "3"})
    assert answer.status_code == 422
    assert "Smoke seen" in answer.content.decode()
    assert not Incident.objects.exists()


def test_through_its_life_on_the_page(incident, sign_in):
    client, version = sign_in("lea"), incident.version
    steps = [
        ("incident_acknowledge", {}, "acknowledged"),
        ("incident_move", {"to": "contain"}, "contained"),
        ("incident_move", {"to": "resolve", "words": "The fire is out."}, "resolved"),
        ("incident_move", {"to": "reopen", "words": "It smokes again."}, "acknowledged"),
    ]
    for name, typed, status in steps:
        answer = client.post(at(name, incident.pk), typed | {"version": version})
        assert answer.status_code == 303
        incident.refresh_from_db()
        assert incident.status == status
        version = incident.version
        assert client.get(at("incident", incident.pk)).status_code == 200


def test_resolving_without_words_shows_the_form_again(incident, sign_in):
    answer = sign_in("lea").post(at("incident_move", incident.pk), {"to": "resolve", "words": " "})
    assert answer.status_code == 422
    assert answer.context["move_form"].errors["words"]
    incident.refresh_from_db()
    assert incident.status == "open"


@pytest.mark.parametrize("to", ["contain", "resolve", "reopen"])
def test_who_comes_second_is_told_and_keeps_the_words(to, incident, sign_in, by, now):
    if to != "reopen":
        lifecycle.resolve(Incident.objects.get(pk=incident.pk), resolution="x", by=by.ramon, now=now)
    typed = {"to": to, "words": "The long <b>story</b>", "version": incident.version}
    answer = sign_in("lea").post(at("incident_move", incident.pk), typed)
    page = answer.content.decode()
    assert answer.status_code in {409, 412}
    assert "The long &lt;b&gt;story&lt;/b&gt;" in page and "was not saved" in page
    assert answer.context["move_form"].non_field_errors()[0] in html.unescape(page)


def test_a_task_for_an_incident_that_is_over_by_now_is_not_lost(incident, sign_in, by, now):
    lifecycle.resolve(Incident.objects.get(pk=incident.pk), resolution="x", by=by.ramon, now=now)
    page = sign_in("lea").post(at("task_add", incident.pk), {"title": "Call the mayor"}).content.decode()
    assert "Call the mayor" in page and "Reopen it to add tasks" in page


def test_reopening_on_an_old_version_keeps_the_reason(incident, sign_in, by, now):
    version = incident.version
    lifecycle.resolve(Incident.objects.get(pk=incident.pk), resolution="x", by=by.ramon, now=now)
    typed = {"to": "reopen", "words": "It smokes again", "version": version}
    answer = sign_in("lea").post(at("incident_move", incident.pk), typed)
    assert answer.status_code == 412
    assert 'value="It smokes again"' in answer.content.decode()


def test_a_change_of_level_on_an_old_version_is_refused_once(incident, sign_in, by, now):
    client = sign_in("lea")
    typed = {"severity": "2", "reason": "Only smoke after all", "version": incident.version}
    lifecycle.acknowledge(Incident.objects.get(pk=incident.pk), by=by.paolo, now=now)
    answer = client.post(at("incident_severity", incident.pk), typed)
    assert answer.status_code == 412
    assert 'value="Only smoke after all"' in answer.content.decode()
    form = answer.context["severity_form"]
    again = client.post(at("incident_severity", incident.pk), typed | {"version": form["version"].value()})
    assert again.status_code == 303
    incident.refresh_from_db()
    assert incident.severity == 2


def test_notes_parts_and_tasks_from_the_room(incident, sign_in, people):
    client = sign_in("lea")
    posts = [
        ("incident_note", {"text": "<b>The mayor</b> called"}),
        ("incident_part", {"function": "client", "person": people.marta.pk}),
        ("task_add", {"title": "Call the mayor back", "owner": people.ana.pk, "minutes": "20"}),
    ]
    for name, typed in posts:
        assert client.post(at(name, incident.pk), typed).status_code == 303
    page = client.get(at("incident", incident.pk)).content.decode()
    assert "&lt;b&gt;The mayor&lt;/b&gt; called" in page
    assert "<b>The mayor" not in page
    assert "Marta" in page
    assert "Call the mayor back" in page


def test_a_stranger_gets_no_part(incident, sign_in, people):
    typed = {"function": "client", "person": people.charlie.pk}
    assert sign_in("lea").post(at("incident_part", incident.pk), typed).status_code == 422
    assert not incident.parts.filter(function="client").exists()


def test_ticking_a_box_with_and_without_htmx(incident, task, sign_in):
    client = sign_in("lea")
    typed = {"to": "done", "version": task.version}
    answer = client.post(at("task_move", task.pk), typed, follow=True)
    assert answer.redirect_chain == [(at("incident", incident.pk) + "#checklist", 303)]
    task.refresh_from_db()
    assert task.status == "done"
    swapped = client.post(
        at("task_move", task.pk),
        {"to": "todo", "version": task.version},
        follow=True,
        headers={"HX-Request": "true"},
    )
    page = swapped.content.decode()
    assert page.startswith('<div class="live" id="live"')
    stale = client.post(at("task_move", task.pk), typed, headers={"HX-Request": "true"})
    assert stale.status_code == 412


def test_a_poll_is_answered_only_when_something_happened(incident, sign_in, by, now):
    client, live = sign_in("ana"), at("incident", incident.pk) + "?part=volume"
    first = client.get(live, headers={"HX-Request": "true"})
    etag = first["ETag"]
    assert first.content.decode().startswith("<section")
    assert client.get(live, headers={"HX-Request": "true", "If-None-Match": etag}).status_code == 304
    seen = live + "&seen=" + etag.strip('"')
    assert client.get(seen, headers={"HX-Request": "true"}).status_code == 204
    lifecycle.note(incident, "News", by=by.lea, now=now)
    assert client.get(seen, headers={"HX-Request": "true"}).status_code == 200


def test_the_tabs_choose_what_the_timeline_tells(incident, sign_in, by, now):
    lifecycle.note(incident, "Only a note", by=by.lea, now=now)
    client, room = sign_in("ana"), at("incident", incident.pk)
    assert "Only a note" in client.get(room).content.decode()
    assert "Only a note" not in client.get(room + "?tab=decisions").content.decode()
    assert "Nothing has gone public yet" in client.get(room + "?tab=public").content.decode()


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_room_costs_the_same_however_much_happened(incident, sign_in, by, now):
    client, room = sign_in("lea"), at("incident", incident.pk)
    few = queries(client, room)
    for number in range(12):
        lifecycle.note(incident, f"note {number}", by=by.lea, now=now + timedelta(minutes=number))
        tasks.add_task(incident, title=f"task {number}", owner=by.ana, by=by.lea, now=now)
    assert queries(client, room) == few
    assert few <= 32


def test_the_list_costs_the_same_however_many_there_are(incident, sign_in, by, now):
    client = sign_in("lea")
    few = queries(client, at("incidents"))
    for number in range(6):
        lifecycle.open_incident(title=f"Case {number}", severity=3, by=by.lea, now=now)
    assert queries(client, at("incidents")) == few


def test_a_protocol_is_edited_without_javascript(protocol, sign_in):
    client, address = sign_in("lea"), at("protocol", protocol.pk)
    page = client.get(address)
    data = {
        "name": "Fire at sea", "description": "", "from_severity": "3", "is_active": "on",
        "version": page.context["form"]["version"].value(),
        "steps-TOTAL_FORMS": "4", "steps-INITIAL_FORMS": "3",
        "steps-0-title": "Stop scheduled posts", "steps-0-role": "duty_monitor", "steps-0-ORDER": "3",
        "steps-1-title": "Holding statement out", "steps-1-ORDER": "1", "steps-1-due_minutes": "25",
        "steps-2-title": "Close the books", "steps-2-ORDER": "2", "steps-2-DELETE": "on",
        "steps-3-title": "Call the port", "steps-3-ORDER": "",
    }  # fmt: skip
    more = client.post(address, data | {"more": "3"})
    assert more.status_code == 200
    assert len(more.context["steps"].forms) >= 7
    assert "Call the port" in more.content.decode()
    assert client.post(address, data).status_code == 303
    titles = list(protocol.steps.values_list("position", "title", "due_minutes"))
    assert titles == [
        (1, "Holding statement out", 25),
        (2, "Stop scheduled posts", None),
        (3, "Call the port", None),
    ]
    stale = client.post(address, data)
    assert stale.status_code == 412
    assert "Call the port" in stale.content.decode()


@pytest.mark.parametrize(("name", "steps"), [("General crisis", "One"), ("", "One"), ("New one", "")])
def test_a_protocol_that_does_not_hold(name, steps, isla, sign_in):
    data = {
        "name": name, "from_severity": "2", "is_active": "on", "description": "kept text",
        "steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0", "steps-0-title": steps,
    }  # fmt: skip
    answer = sign_in("lea").post(at("protocol_new"), data)
    assert answer.status_code == 422
    assert "kept text" in answer.content.decode()


def test_a_wrong_order_is_said_where_it_stands(isla, sign_in):
    data = {
        "name": "New one", "from_severity": "2", "is_active": "on", "description": "",
        "steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0", "steps-0-title": "One", "steps-0-ORDER": "1.5",
    }  # fmt: skip
    answer = sign_in("lea").post(at("protocol_new"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Enter a whole number." in page and "A step is not right yet" in page


def test_history_is_verified_in_words(incident, sign_in):
    client = sign_in("ong")
    page = client.get(at("history")).content.decode()
    assert "opened incident" in page
    count = Event.objects.count()
    answer = client.post(at("history_verify")).content.decode()
    assert f"All {count} lines are as they were written" in answer


def leads(page) -> dict:
    """Where a page's own links lead from the address that it was drawn at; and where a language is chosen."""
    html, address = page.content.decode(), page.wsgi_request.build_absolute_uri()
    found = re.findall(r'(?:href|hx-get)="(\?[^"]*|/b/isla/(?:history|incidents)/[^"]*)"', html)
    back = re.findall(r'name="next" value="([^"]*)"', html)
    return {link: urljoin(address, unescape(link)) for link in found + back}


def test_a_verified_history_leads_on(incident, sign_in, monkeypatch):
    monkeypatch.setattr("responses.core.views.PER_PAGE", 1)
    client = sign_in("ong")
    page = client.post(at("history_verify"))
    found = leads(page)
    assert [link for link in found if "tab=decisions" in link] and [
        link for link in found if "before=" in link
    ]
    assert {client.get(address).status_code for address in found.values()} == {200}


def test_a_refused_form_in_the_room_leads_on_however_often_it_was_refused(incident, sign_in):
    client, address = sign_in("lea"), at("incident_severity", incident.pk)
    for stood_at in (at("incident", incident.pk), address):
        page = client.post(address, {"severity": "2"}, headers={"Referer": f"http://testserver{stood_at}"})
        assert page.status_code == 422
        found = leads(page)
        assert [link for link in found if "tab=decisions" in link]
        assert found[at("incident", incident.pk)], "the language leads back to the room"
        assert {client.get(address).status_code for address in found.values()} == {200}


def test_a_stale_tick_on_a_refused_room_leads_back_to_the_room(incident, task, sign_in):
    answer = sign_in("lea").post(
        at("task_move", task.pk),
        {"to": "done", "version": task.version + 1},
        headers={"Referer": f"http://testserver{at('incident_severity', incident.pk)}"},
    )
    assert answer.status_code == 302 and "severity" not in answer["Location"]
