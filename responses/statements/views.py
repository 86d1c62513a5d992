"""The writer's pages: the list, a new statement, the editor and what happens when two write at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, typed
from responses.errors import Conflict, Refused
from responses.incidents.models import Incident

from . import (
    breaking,
    comparing,
    drafting,
    following,
    keeping,
    lagging,
    policies,
    policy_words,
    querysets,
    showing_lint,
    skeletons,
    states,
    templating,
    tongues,
    views_commenting,
    views_images,
    views_keeping,
    views_tongues,
)
from .forms import NewForm, WordingForm
from .models import Statement

SHOW = ("open", "done", "all")


def page_of(request, name, *args):
    return reverse(f"responses:{name}", args=[request.brand.slug, *args])


def number(text) -> int | None:
    """An id from a query string, or None when it is not one."""
    return int(text) if (text or "").isdecimal() and len(text) < 19 else None


@may(May.SEE)
@require_safe
def statements(request):
    incident = Incident.objects.filter(pk=number(request.GET.get("incident"))).first()
    show = request.GET.get("show") if request.GET.get("show") in SHOW else "all" if incident else "open"
    found = querysets.listed(incident and incident.pk, show)
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "incident": incident,
        "incidents": Incident.objects.filter(statements__isnull=False).distinct(),
        "show": show,
        "now": timezone.now(),
        "may_write": request.standing.may(May.WRITE),
    }
    return render(request, "statements/statements.html", context)


# --- a new one


@may(May.WRITE)
@refusals
def statement_new(request):
    channels = querysets.channels()
    if request.FILES:
        return views_images.statement_images(request)
    if request.method == "POST":
        if "both" in request.POST:
            return new_page(request, views_tongues.both(NewForm, request.POST, channels))
        return begin(request, NewForm(request.POST, channels=channels))
    asked = views_keeping.asked_for(request)
    incident = Incident.objects.filter(pk=number(asked.get("incident"))).first()
    template = querysets.template_in_use(number(asked.get("template")))
    type = type_asked(asked.get("type") or (template and template.type), incident)
    slot = keeping.slot_of({**asked.dict(), "type": type})
    kept = keeping.mine(None, acting(request).id, slot)
    initial = start(request, type, incident, channels, template) | (kept.fields if kept else {})
    form = NewForm(initial=initial, channels=channels)
    return new_page(request, form, slot=slot, template=template, restored=kept)


def type_asked(asked, incident):
    """What the tab says; else a holding statement, and an update once something was said in public."""
    if asked in Statement.Type.values:
        return asked
    spoken = incident and incident.statements.filter(status=states.PUBLISHED).exists()
    return Statement.Type.UPDATE if spoken else Statement.Type.HOLDING


def start(request, type, incident, channels, template=None) -> dict:
    """What the empty page holds: the template filled, else the skeleton of the type."""
    language = template.language if template else request.brand.language
    if template:
        texts = templating.fields_of(template, channels, incident, now=timezone.now())
    else:
        taken = [c for c in channels if tongues.speaks(c, language, language)]
        texts = {f"text_{c.pk}": skeletons.skeleton(type, c.kind, language) for c in taken}
    title = incident.title if incident else ""
    return {"type": type, "incident": incident and incident.pk, "title": title, "language": language, **texts}


def begin(request, form):
    if form.is_valid():
        incident = form.cleaned_data["incident"]
        try:
            statement = drafting.draft(
                **form.wording,
                type=known_type(form.cleaned_data["type"]),
                incident=get_object_or_404(Incident, pk=incident) if incident else None,
                by=acting(request),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            keeping.drop(None, acting(request).id, views_keeping.slot_in(request.POST))
            messages.success(request, _("Saved as revision 1."))
            return see_other(page_of(request, "statement", statement.pk))
    return new_page(request, form, status=422)


def known_type(type):
    return type if type in Statement.Type.values else Statement.Type.HOLDING


def new_page(request, form, status=200, template=None, restored=None, slot=None):
    type = known_type(form["type"].value())
    incident = Incident.objects.filter(pk=number(str(form["incident"].value() or ""))).first()
    context = {
        "form": form,
        "types": Statement.Type.choices,
        "type": type,
        "incident": incident,
        "template": template,
        "templates": querysets.templates_in_use(type),
        "lint": showing_lint.while_writing(type=type, incident=incident, **as_typed(form)),
        "restored": restored,
        **views_keeping.around(request, form, slot),
        "pictures_at": views_images.pictures_at(request),
        "keep_url": page_of(request, "statement_keep_new"),
        "let_go_url": page_of(request, "statement_let_go_new"),
    }
    return render(request, "statements/new.html", context, status=status)


# --- the editor


@may(May.SEE)
@require_safe
def statement(request, pk):
    statement = get_object_or_404(Statement.objects.select_related("incident"), pk=pk)
    saved, kept = views_keeping.saved_in(statement), keeping.mine(statement, acting(request).id)
    restored = kept if kept and keeping.differs(kept.fields, saved) else None
    base = restored.base if restored else statement.latest.number
    initial = saved | (restored.fields if restored else {}) | {"base": base}
    form = WordingForm(initial=initial, channels=querysets.channels())
    return editor(request, statement, form, restored=restored)


def as_typed(form) -> dict:
    """The language and the texts as they stand in the form."""
    also = {form.second: form.typed_in(form.second)} if form.second else {}
    return {"language": form.first, "texts": form.typed_in(form.first), "also": also}


def findings_of(statement, form) -> dict:
    given = {"type": statement.type, "statement": statement, "incident": statement.incident}
    return showing_lint.while_writing(**given, **as_typed(form))


def editor(request, statement, form, status=200, restored=None):
    latest, review = statement.latest, querysets.last_review(statement)
    open_text = statement.status in states.EDITABLE and not drafting.is_leaving(statement)
    may_edit = open_text and request.standing.may(May.WRITE)
    plan = policies.choose(latest)
    context = {
        "statement": statement,
        "latest": latest,
        "glass": breaking.current(statement, timezone.now()) if statement.stands_by else None,
        "plan": plan,
        "plan_words": policy_words.order(plan.steps),
        "form": form,
        "rows": comparing.rows(None, latest),
        "revisions": querysets.revisions_of(statement),
        "followed_by": list(statement.followed_by.order_by("created_at", "pk")),
        "may_follow": following.is_spoken(statement) and request.standing.may(May.WRITE),
        "review": review,
        "steps": querysets.steps_of(review, timezone.now()) if review else [],
        "dropped": [one.channel for one in tongues.leading(latest) if not one.channel.is_active],
        "gaps": skeletons.gaps(latest.variants.values_list("text", flat=True)),
        "lags": lagging.of_revision(latest),
        "now": timezone.now(),
        "may_edit": may_edit,
        "lint": findings_of(statement, form) if may_edit else None,
        "may_submit": may_submit(statement, latest, review) and request.standing.may(May.WRITE),
        "comments": views_commenting.beside(request, latest, "statement"),
        "comparison": comparing.compare(latest, None, None),
        "restored": restored,
        **views_images.of_revisions(request, None, latest),
        "keep_url": page_of(request, "statement_keep", statement.pk),
        "let_go_url": page_of(request, "statement_let_go", statement.pk),
    }
    return render(request, "statements/statement.html", context, status=status)


def may_submit(statement, latest, review) -> bool:
    asked_already = review is not None and review.revision_id == latest.pk
    return states.IN_REVIEW in states.STATEMENT_MOVES[statement.status] and not asked_already


@may(May.WRITE)
def statement_save(request, pk):
    """Save a revision; a refusal keeps every word, a conflict shows both texts."""
    statement = get_object_or_404(Statement.objects.select_related("incident"), pk=pk)
    if request.method != "POST":
        return redirect(page_of(request, "statement", pk))
    if request.FILES:  # chosen and not yet added: it comes along, and asks for its words
        return views_images.statement_images(request, pk=pk)
    channels = querysets.channels()
    if "both" in request.POST:
        return editor(request, statement, views_tongues.both(WordingForm, request.POST, channels, statement))
    form = WordingForm(request.POST, channels=channels)
    if form.is_valid():
        try:
            return saved(request, statement, form)
        except Conflict as conflict:
            return both_texts(request, statement, form, conflict)
        except Refused as refusal:
            form.refuse(refusal)
    return editor(request, statement, form, status=422)


def saved(request, statement, form):
    before = statement.latest.number
    was_judged = statement.status in (states.IN_REVIEW, states.APPROVED)
    revision = drafting.revise(
        statement,
        base=form.cleaned_data["base"] or 0,
        note=form.cleaned_data["note"],
        by=acting(request),
        now=timezone.now(),
        **form.wording,
    )
    keeping.drop(statement, acting(request).id)
    if revision.number <= before:
        messages.info(request, _("Nothing was changed, so there is no new revision."))
    elif was_judged:
        words = _("Saved as revision %(number)d. The review is void: send the new text to review.")
        messages.warning(request, words % {"number": revision.number})
    else:
        messages.success(request, _("Saved as revision %(number)d.") % {"number": revision.number})
    return see_other(page_of(request, "statement", statement.pk))


def both_texts(request, statement, form, conflict):
    """What the writer typed beside what was saved meanwhile, and what that changed."""
    latest = statement.latest
    base = statement.revisions.filter(number=form.cleaned_data["base"] or 0).first()
    sides = querysets.side_by_side(base, latest)
    theirs = {(channel.pk, language): (old, new) for channel, old, new, language in sides}
    rows = [
        {**row, "old": old, "new": new}
        for row in form.variants()
        for old, new in [theirs.get((row["channel"].pk, row["language"]), ("", ""))]
    ]
    context = {
        "statement": statement,
        "latest": latest,
        "form": form,
        "rows": rows,
        **views_images.of_revisions(request, base, latest),
        "titles": querysets.titles(None, latest),
        "refusal": conflict,
    }
    return render(request, "statements/conflict.html", context, status=conflict.status)


@may(May.WRITE)
@require_POST
@refusals
def statement_withdraw(request, pk):
    statement = get_object_or_404(Statement, pk=pk)
    drafting.withdraw(statement, by=acting(request), now=timezone.now(), reason=typed(request, "reason"))
    messages.success(request, _("The statement is withdrawn."))
    return see_other(page_of(request, "statements"))
