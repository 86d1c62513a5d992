"""The checklist in the room: add, tick off, skip, put back, hand over."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Invalid

from . import tasks
from .forms import AssignForm, TaskForm, people_of
from .models import Task
from .views import deed, found_or_404, number

MOVES = {"done": tasks.finish, "skipped": tasks.skip, "todo": tasks.reopen_task}


@may(May.RUN)
@require_POST
def task_add(request, pk):
    def add(form, by, now):
        typed = form.cleaned_data
        due_at = form.due_at(now)
        tasks.add_task(found, title=typed["title"], owner=typed["owner"], due_at=due_at, by=by, now=now)

    found = found_or_404(pk)
    return deed(request, found, "task_form", TaskForm(request.POST, people=people_of(request.brand)), add)


@may(May.RUN)
@require_POST
@refusals
def task_move(request, pk):
    """`to` is done, skipped or todo."""
    task = seen(request, pk)
    act = MOVES.get(request.POST.get("to"))
    if act is None:
        raise Invalid(_("A task can be done, skipped or put back."))
    act(task, by=acting(request), now=timezone.now())
    return back(request, task)


@may(May.RUN)
@require_POST
@refusals
def task_assign(request, pk):
    task = seen(request, pk)
    form = AssignForm(request.POST, people=people_of(request.brand), seen=task)
    if not form.is_valid():
        raise Invalid(" ".join(form.errors.get("person", form.non_field_errors())), field="person")
    tasks.assign(task, person=form.cleaned_data["person"], by=acting(request), now=timezone.now())
    return back(request, task)


def seen(request, pk) -> Task:
    """The task at the version the person had before their eyes."""
    task = get_object_or_404(Task, pk=pk)
    task.version = number(request.POST.get("version")) or task.version
    return task


def back(request, task):
    """To the room; to its live region only when htmx asked."""
    response = see_other("responses:incident", request.brand.slug, task.incident_id)
    if request.htmx:
        response["Location"] += "?part=live"
    else:
        response["Location"] += "#checklist"
    return response
