"""Findings beside the text, overruling one, and what the lint goes by: rules and talking points."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, typed
from responses.errors import Invalid, Refused
from responses.incidents.models import Incident

from . import grounding, lint_rules, overruling, querysets, showing_lint
from .forms import WordingForm
from .linting import shipped
from .linting.wording import title
from .models import Statement
from .views import as_typed, known_type, number, page_of
from .writing_forms import PointForm, RuleForm
from .writing_models import LintRule, Overruling, TalkingPoint


@may(May.WRITE)
@require_POST
def statement_lint(request):
    """The findings of what stands in the form now. Saves nothing."""
    statement = Statement.objects.filter(pk=number(request.POST.get("statement"))).first()
    incident = statement and statement.incident
    if statement is None:
        incident = Incident.objects.filter(pk=number(request.POST.get("incident"))).first()
    form = WordingForm(request.POST, channels=querysets.channels())
    found = showing_lint.while_writing(
        **as_typed(form),
        type=statement.type if statement else known_type(request.POST.get("type")),
        statement=statement,
        incident=incident,
    )
    context = {"lint": found, "statement": statement, "typed": True, "now": timezone.now()}
    return render(request, "statements/findings.html", context)


@may(May.WRITE)
@require_POST
@refusals
def statement_overrule(request, pk):
    """Let a finding of the saved text stand, with a reason."""
    statement = get_object_or_404(Statement, pk=pk)
    overruling.overrule(
        statement,
        mark=typed(request, "mark"),
        reason=typed(request, "reason"),
        by=acting(request),
        now=timezone.now(),
    )
    messages.success(request, _("It may stand. Reviewers and the client read your reason."))
    return see_other(page_of(request, "statement", pk))


@may(May.WRITE)
@require_POST
@refusals
def statement_restore(request, pk, overruled):
    """Take an overruling back."""
    found = get_object_or_404(Overruling, pk=overruled, statement=pk)
    overruling.restore(found, by=acting(request), now=timezone.now())
    messages.success(request, _("The finding counts again."))
    return see_other(page_of(request, "statement", pk))


# --- the brand's rules


@may(May.SEE)
@require_safe
def lint_rules_page(request):
    return rules_page(request)


def rules_page(request, form=None, status=200):
    off = lint_rules.turned_off()
    context = {
        "own": lint_rules.own(),
        "shipped": [{"name": name, "title": title(name), "off": off.get(name)} for name in shipped.names()],
        "form": form or RuleForm(),
        "may_plan": request.standing.may(May.PLAN),
        "now": timezone.now(),
    }
    return render(request, "statements/lint_rules.html", context, status=status)


@may(May.PLAN)
@require_POST
def lint_rule_add(request):
    form = RuleForm(request.POST)
    if form.is_valid():
        try:
            lint_rules.add_rule(**form.given, by=acting(request), now=timezone.now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. It holds for everything that is written from now on."))
            return see_other(page_of(request, "lint_rules"))
    return rules_page(request, form, status=422)


@may(May.PLAN)
def lint_rule(request, pk):
    """One rule of the brand's own, to be changed."""
    rule = get_object_or_404(lint_rules.own(), pk=pk)
    form = RuleForm(request.POST or None, initial=RuleForm.of(rule))
    form.fields["kind"].disabled = True
    if request.method == "POST" and form.is_valid():
        rule.version = form.cleaned_data["version"] or rule.version
        given = {name: value for name, value in form.given.items() if name != "kind"}
        try:
            lint_rules.change_rule(rule, by=acting(request), now=timezone.now(), **given)
        except Refused as refusal:
            form.refuse(refusal, rule)
        else:
            messages.success(request, _("Saved. It holds for everything that is written from now on."))
            return see_other(page_of(request, "lint_rules"))
    context = {"form": form, "rule": rule}
    return render(request, "statements/lint_rule.html", context, status=422 if form.errors else 200)


@may(May.PLAN)
@require_POST
@refusals
def lint_rule_remove(request, pk):
    """Remove a rule of the brand's own, or turn a shipped one on again."""
    rule = get_object_or_404(LintRule, pk=pk)
    lint_rules.remove_rule(rule, by=acting(request), now=timezone.now())
    said = _("The rule is on again.") if rule.kind == LintRule.Kind.OFF else _("The rule has been removed.")
    messages.success(request, said)
    return see_other(page_of(request, "lint_rules"))


@may(May.PLAN)
@require_POST
@refusals
def lint_rule_off(request):
    """Do without one that ships."""
    reason, name = typed(request, "reason"), typed(request, "shipped")
    lint_rules.turn_off(name, reason=reason, by=acting(request), now=timezone.now())
    messages.success(request, _("The rule is off for this brand."))
    return see_other(page_of(request, "lint_rules"))


# --- what may be said


@may(May.SEE)
@require_safe
def points(request):
    return points_page(request, incident_asked(request.GET))


def incident_asked(data):
    return Incident.objects.filter(pk=number(data.get("incident"))).first()


def points_page(request, incident, form=None, status=200):
    context = {
        "incident": incident,
        "incidents": Incident.objects.all()[:50],
        "points": grounding.points(incident),
        "form": form or PointForm(initial={"kind": "fact", "incident": incident and incident.pk}),
        "may_write": request.standing.may(May.WRITE),
        "now": timezone.now(),
    }
    return render(request, "statements/points.html", context, status=status)


@may(May.WRITE)
@require_POST
def point_add(request):
    form, incident = PointForm(request.POST), incident_asked(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            grounding.add_point(
                kind=data["kind"],
                text=data["text"],
                origin=data["origin"],
                incident=incident,
                by=acting(request),
                now=timezone.now(),
            )
        except Invalid as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Written down. Statements are measured by it from now on."))
            return see_other(points_url(request, incident))
    return points_page(request, incident, form, status=422)


def points_url(request, incident):
    return page_of(request, "points") + (f"?incident={incident.pk}" if incident else "")


@may(May.WRITE)
@require_POST
@refusals
def point_remove(request, pk):
    point = get_object_or_404(TalkingPoint.objects.select_related("incident"), pk=pk)
    grounding.remove_point(point, by=acting(request), now=timezone.now())
    messages.success(request, _("Taken back."))
    return see_other(points_url(request, point.incident))
