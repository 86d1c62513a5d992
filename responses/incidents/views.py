"""Pages of incidents: the list, opening one, and the room in which it is run."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, unchanged
from responses.errors import Refused
from responses.monitoring.models import Alert

from . import lifecycle, room, states
from .forms import MoveForm, NoteForm, OpenForm, PartForm, SeverityForm, TaskForm, people_of
from .models import Incident
from .volume import volume

RESOLVED_SHOWN = 50


@may(May.SEE)
def incidents(request):
    """Live ones first, the worst on top; the resolved below. The board links to one by its number."""
    if asked := Incident.objects.filter(number=number(request.GET.get("number"))).first():
        return see_other("responses:incident", request.brand.slug, asked.pk)
    now = timezone.now()
    over = Incident.objects.filter(status=states.RESOLVED).order_by("-resolved_at")[:RESOLVED_SHOWN]
    shown = {"live": room.live_rows(now), "over": over, "now": now}
    return render(request, "incidents/incidents.html", shown | allowed(request))


@may(May.OPEN)
def incident_new(request):
    """Open an incident, from ?alert=ID or from nothing but a sentence."""
    if request.method == "POST":
        return open_as_typed(request)
    alert = Alert.objects.filter(pk=number(request.GET.get("alert"))).first()
    if alert and (opened := Incident.objects.filter(alert=alert).first()):
        return see_other("responses:incident", request.brand.slug, opened.pk)
    known = {"title": alert.name, "severity": alert.severity, "alert": alert.pk} if alert else {}
    return render(request, "incidents/incident_new.html", {"form": OpenForm(initial=known), "alert": alert})


def open_as_typed(request):
    form, alert, status = OpenForm(request.POST), None, 422
    if form.is_valid():
        typed = dict(form.cleaned_data)
        alert_id = typed.pop("alert")
        alert = get_object_or_404(Alert, pk=alert_id) if alert_id else None
        try:
            opened = lifecycle.open_incident(**typed, alert=alert, by=acting(request), now=timezone.now())
            return see_other("responses:incident", request.brand.slug, opened.pk)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.status
    return render(request, "incidents/incident_new.html", {"form": form, "alert": alert}, status=status)


@may(May.SEE)
def incident(request, pk):
    """The room. A poll of one of its regions is answered with that region, or with nothing new."""
    found = found_or_404(pk)
    if request.htmx and request.method == "GET" and "part" in request.GET:
        return region(request, found)
    return show_room(request, found)


def region(request, found):
    """`live` (clocks change by the minute) or `volume` (changes only when something happened)."""
    part = "volume" if request.GET["part"] == "volume" else "live"
    now = timezone.now()
    etag = etag_of(part, request, now)
    if request.GET.get("seen") == etag:
        return HttpResponse(status=204, headers={"ETag": f'"{etag}"'})
    if answer := unchanged(request, etag):
        return answer
    shown = volume_shown(found, now) if part == "volume" else live_shown(request, found, now)
    shown |= {"incident": found, "now": now, f"{part}_etag": etag} | allowed(request)
    response = render(request, f"incidents/incident.html#{part}", shown)
    response["ETag"], response["Cache-Control"] = f'"{etag}"', "private, no-cache"
    return response


def etag_of(part, request, now) -> str:
    minute = f"{now:%j%H%M}-{tab(request)}" if part == "live" else ""
    return f"{part}-{room.head_of_history()}-{request.LANGUAGE_CODE}-{minute}"


def tab(request) -> str:
    return request.GET.get("tab", "everything")


def live_shown(request, found, now, people=None) -> dict:
    people = people_of(request.brand) if people is None else people
    return room.live(found, request.brand, people, tab(request), now)


def volume_shown(found, now) -> dict:
    return {"volume": volume(found, now)}


def show_room(request, found, status=200, **bound):
    """The whole room; `bound` are forms that were refused and keep what was typed."""
    now, people = timezone.now(), people_of(request.brand)
    fresh = {
        "move_form": MoveForm(seen=found),
        "severity_form": SeverityForm(seen=found),
        "part_form": PartForm(people=people),
        "note_form": NoteForm(),
        "task_form": TaskForm(people=people),
    }
    shown = live_shown(request, found, now, people) | volume_shown(found, now) | fresh | bound
    etags = {f"{part}_etag": etag_of(part, request, now) for part in ("live", "volume")}
    shown |= {"incident": found, "now": now, "opened_by": room.opened_by(found)} | etags | allowed(request)
    return render(request, "incidents/incident.html", shown, status=status)


def allowed(request) -> dict:
    """What the person sees buttons for."""
    may_do = request.standing.may_do
    return {f"can_{what}": what in may_do for what in ("open", "run", "triage", "write", "plan")}


def found_or_404(pk) -> Incident:
    found = room.find(pk)
    if found is None:
        raise Http404
    return found


def number(text):
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


# --- deeds of the room


@may(May.TRIAGE)
@require_POST
@refusals
def incident_acknowledge(request, pk):
    found = get_object_or_404(Incident, pk=pk)
    found.version = number(request.POST.get("version")) or found.version
    lifecycle.acknowledge(found, by=acting(request), now=timezone.now())
    return see_other("responses:incident", request.brand.slug, pk)


@may(May.RUN)
@require_POST
def incident_move(request, pk):
    """Contain, resolve (in words) or reopen."""
    found = found_or_404(pk)
    return deed(request, found, "move_form", MoveForm(request.POST, seen=found), move)


def move(form, by, now):
    found, typed = form.as_seen(), form.cleaned_data
    if typed["to"] == "contain":
        return lifecycle.contain(found, by=by, now=now)
    if typed["to"] == "reopen":
        return lifecycle.reopen(found, reason=typed["words"], by=by, now=now)
    return lifecycle.resolve(found, resolution=typed["words"], by=by, now=now)


@may(May.RUN)
@require_POST
def incident_severity(request, pk):
    def change(form, by, now):
        lifecycle.set_severity(form.as_seen(), by=by, now=now, **chosen(form, "severity", "reason"))

    found = found_or_404(pk)
    return deed(request, found, "severity_form", SeverityForm(request.POST, seen=found), change)


@may(May.RUN)
@require_POST
def incident_part(request, pk):
    def give(form, by, now):
        lifecycle.give_part(found, by=by, now=now, **chosen(form, "function", "person"))

    found = found_or_404(pk)
    return deed(request, found, "part_form", PartForm(request.POST, people=people_of(request.brand)), give)


@may(May.TRIAGE)
@require_POST
def incident_note(request, pk):
    def write(form, by, now):
        lifecycle.note(found, form.cleaned_data["text"], by=by, now=now)

    found = found_or_404(pk)
    return deed(request, found, "note_form", NoteForm(request.POST), write)


def chosen(form, *names) -> dict:
    return {name: form.cleaned_data[name] for name in names}


def deed(request, found, name, form, act):
    """Do it and look at the room again; or show the room with the form as it was typed and why not."""
    status = 422
    if form.is_valid():
        try:
            act(form, acting(request), timezone.now())
            return see_other("responses:incident", request.brand.slug, found.pk)
        except Refused as refusal:
            refuse(form, refusal)
            status = refusal.status
    return show_room(request, found_or_404(found.pk), status, **{name: form})


def refuse(form, refusal):
    if hasattr(form, "refuse"):
        form.refuse(refusal)
    else:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
