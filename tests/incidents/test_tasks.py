"""The checklist: allowed and refused moves, owners, and adding lines."""

from datetime import timedelta

import pytest

from responses.core.models import Event
from responses.errors import Conflict, Invalid, NotAllowed
from responses.incidents import lifecycle, tasks
from responses.incidents.models import Task

ACTS = {"finish": tasks.finish, "skip": tasks.skip, "reopen_task": tasks.reopen_task}
MOVES = {
    "todo": {"finish": "done", "skip": "skipped"},
    "done": {"reopen_task": "todo"},
    "skipped": {"reopen_task": "todo"},
}


@pytest.mark.parametrize("before", MOVES)
@pytest.mark.parametrize("act", ACTS)
def test_the_table_of_moves(before, act, incident, by, now):
    task = incident.tasks.first()
    Task.objects.filter(pk=task.pk).update(status=before)
    task.refresh_from_db()
    after = MOVES[before].get(act)
    if after is None:
        with pytest.raises(NotAllowed):
            ACTS[act](task, by=by.lea, now=now)
    else:
        ACTS[act](task, by=by.lea, now=now)
        assert task.closed_by == ("Lea" if after != "todo" else "")
        assert Event.objects.order_by("seq").last().incident_id == incident.pk
    task.refresh_from_db()
    assert task.status == (after or before)


def test_a_line_is_added_at_the_end(incident, by, now):
    due_at = now + timedelta(minutes=20)
    task = tasks.add_task(
        incident, title=" Call the mayor ", owner=by.paolo, due_at=due_at, by=by.lea, now=now
    )
    assert [t.title for t in incident.tasks.all()][-1] == "Call the mayor"
    assert (task.owner_name, task.due_at) == ("Paolo", due_at)
    with pytest.raises(Invalid):
        tasks.add_task(incident, title=" ", by=by.lea, now=now)


def test_a_resolved_incident_takes_no_new_tasks(incident, by, now):
    lifecycle.resolve(incident, resolution="Over", by=by.lea, now=now)
    with pytest.raises(NotAllowed):
        tasks.add_task(incident, title="One more", by=by.lea, now=now)


def test_a_task_gets_an_owner_and_loses_it(incident, by, now):
    task = incident.tasks.first()
    tasks.assign(task, person=by.ana, by=by.lea, now=now)
    assert task.owner_name == "Ana"
    tasks.assign(task, person=None, by=by.lea, now=now)
    assert task.owner_id == ""
    tasks.finish(task, by=by.lea, now=now)
    with pytest.raises(NotAllowed):
        tasks.assign(task, person=by.ana, by=by.lea, now=now)


def test_two_people_tick_the_same_box(incident, by, now):
    task, same = incident.tasks.first(), incident.tasks.first()
    tasks.finish(task, by=by.lea, now=now)
    with pytest.raises(Conflict):
        tasks.finish(same, by=by.paolo, now=now)
    assert Event.objects.filter(kind="task.done").count() == 1
