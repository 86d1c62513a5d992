"""The editor's own requests: keep what is typed, say who else is there, let go of what was kept."""

from django.http import QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import see_other
from responses.errors import Refused

from . import illustrating, image_fields, keeping, querysets, tongues
from .models import Statement

TYPED = ("title", "language", "other", "note", "type", "incident")


def typed_in(post) -> dict[str, str]:
    """What a person types, field by field; what only the form needs is left out."""
    names = [
        name
        for name in post
        if name in TYPED or name.startswith(("text_", "title_")) or image_fields.is_one(name)
    ]
    return {name: post[name] for name in names}


def saved_in(statement: Statement) -> dict[str, str]:
    latest = statement.latest
    texts = {f"text_{pk}": text for pk, text in querysets.texts(latest).items()}
    images = image_fields.as_fields(illustrating.of(latest))
    saved = {"title": latest.title, "language": latest.language, **texts, **images}
    for language, title in latest.titles.items():
        saved |= {"other": language, f"title_{language}": title}
        beside = tongues.texts_of(latest, language)
        saved |= {f"text_{pk}_{language}": text for pk, text in beside.items()}
    return saved


def base_of(request) -> int:
    """The revision that the page was opened with."""
    base = request.POST.get("base", "")
    return int(base) if base.isdecimal() and len(base) < 9 else 0


def slot_in(post) -> str:
    """Where the text of a page for a new statement lies, as the page says."""
    return keeping.slot_of(QueryDict(post["slot"][:200]) if post.get("slot") else post)


def asked_for(request):
    """What the address of a new statement names; when it names nothing, what was typed last."""
    if {"template", "type", "incident"} & request.GET.keys():
        return request.GET
    last = keeping.not_begun(acting(request).id).first()
    return QueryDict(last.slot) if last else request.GET


def around(request, form, slot: str | None) -> dict:
    """What the page for a new statement says of itself when it keeps: where, and how it was opened."""
    if slot is None:  # sent once and shown again: as it said then
        slot, shown = slot_in(request.POST), request.POST.get("shown", "")
    else:
        shown = keeping.digest(form.initial)
    return {"slot": slot, "shown": shown, "beside": beside(request, slot)}


def beside(request, slot: str) -> list[dict]:
    """The person's other texts that are not begun, for the page to lead to them."""
    found = keeping.not_begun(acting(request).id).exclude(slot=slot)
    labels = dict(Statement.Type.choices)
    return [
        {
            "slot": one.slot,
            "label": labels.get(one.fields.get("type")),
            "title": one.fields.get("title", ""),
            "at": one.changed_at,
        }
        for one in found
    ]


@may(May.WRITE)
@require_POST
def statement_keep(request, pk=None):
    """Called by the editor a second after the last key, and twice a minute."""
    statement = get_object_or_404(Statement, pk=pk) if pk else None
    by, now, base = acting(request), timezone.now(), request.POST.get("base", "")
    refusal = None
    try:
        copy = kept_now(request, statement, by, now)
    except Refused as error:
        copy, refusal = None, error
    saved = saved_in(statement) if statement else {}
    latest = statement.latest if statement else None
    context = {
        "copy": copy,
        "refusal": refusal,
        "statement": statement,
        "is_unsaved": copy is not None and keeping.differs(copy.fields, saved),
        "others": keeping.others(statement, by.id, saved, now) if statement else [],
        "moved_on": latest if latest and base and base != str(latest.number) else None,
    }
    return render(request, "statements/kept.html", context)


def kept_now(request, statement, by, now):
    """A page for a new statement in which nobody wrote keeps nothing: it may be open twice."""
    fields = typed_in(request.POST)
    if statement is not None:
        return keeping.keep(statement, fields, base=base_of(request), by=by, now=now)
    slot = slot_in(request.POST)
    if keeping.digest(fields) == request.POST.get("shown"):
        return keeping.mine(None, by.id, slot)
    return keeping.keep(None, fields, base=0, by=by, now=now, slot=slot)


@may(May.WRITE)
@require_POST
def statement_let_go(request, pk=None):
    """Back to what is saved."""
    statement = get_object_or_404(Statement, pk=pk) if pk else None
    slot = "" if statement else slot_in(request.POST)
    keeping.drop(statement, acting(request).id, slot)
    if statement is None:
        return see_other(f"{reverse('responses:statement_new', args=[request.brand.slug])}?{slot}")
    return see_other("responses:statement", request.brand.slug, pk)
