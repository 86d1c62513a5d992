"""Rules: what Tugon looks for, tried on the last month before it is saved."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import see_other
from responses.errors import Invalid, Refused

from . import naming, ruling, sensitivity
from .forms import RuleForm
from .marking import LONGEST, marked
from .models import Rule
from .query import Advice, lint

RECENT = timedelta(days=7)
MOST_WOULD_SHOWN = 100


@may(May.SEE)
def rules(request):
    """All rules, with how much each found lately."""
    now = timezone.now()
    recent = Q(matches__at__gt=now - RECENT)
    rows = Rule.objects.annotate(found=Count("matches", recent), last=Max("matches__at"))
    shown = {"rows": rows.order_by("-is_active", "name"), "now": now, **allowed(request)}
    return render(request, "monitoring/rules.html", shown)


def allowed(request) -> dict:
    return {"may_listen": request.standing.may(May.LISTEN)}


@may(May.LISTEN)
def rule_new(request):
    """A new rule."""
    form = RuleForm(request.POST or None, initial={"query": request.GET.get("query", "")})
    return rule_page(request, form, None)


@may(May.LISTEN)
def rule(request, pk):
    """One rule, to be changed."""
    found = get_object_or_404(Rule, pk=pk)
    known = {name: getattr(found, name) for name in RuleForm.base_fields}
    return rule_page(request, RuleForm(request.POST or None, initial=known), found)


def rule_page(request, form: RuleForm, found: Rule | None):
    """Show, try or save. Trying never saves; what is wrong in the query is shown where it is wrong."""
    query = request.POST.get("query", form.initial.get("query", ""))
    if "lint" in request.POST:
        return render(request, "monitoring/rule.html#advice", advised(query, mistakes=True))
    shown: dict = advised(query)
    status = 200
    if request.method == "POST":
        if "try" in request.POST:
            tried, status = trial(form, query)
            shown |= tried
            if form.wrong_query and "while_typing" in request.POST:
                return HttpResponse(status=204)  # its mistake stands under the field; the sample stays
        elif "replay" in request.POST:
            tried, status = replayed(form, query, found)
            shown |= tried
        elif form.is_valid() and saved(request, form, found):
            return see_other("responses:rules", request.brand.slug)
        else:
            status = 422
    shown |= {"form": form, "rule": found, "now": timezone.now()}
    if request.htmx:
        return render(request, "monitoring/rule.html#preview", shown, status=200)
    return render(request, "monitoring/rule.html", shown, status=status)


def advised(query: str, mistakes: bool = False) -> dict:
    """Advice on the query as it is being written; its mistake too, unless the form shows that itself."""
    query = query.replace("\r\n", "\n")
    try:
        ruling.understood(query)
    except Invalid as refusal:
        mistake = {"message": refusal.message, "caret": refusal.extra["caret"]}
        return {"mistake": mistake} if mistakes and query.strip() else {}
    return {
        "advices": [
            {"place": place_of(query, each), "words": each.words} for each in lint(query, naming.known())
        ]
    }


def place_of(query: str, advice: Advice) -> str:
    """The word the advice is about."""
    return query[advice.position :].split(None, 1)[0][:40]


def trial(form: RuleForm, query: str) -> tuple[dict, int]:
    """What the query would have found in the last month."""
    try:
        preview = ruling.preview(query, now=timezone.now())
    except Invalid as refusal:
        form.caret = refusal.extra.get("caret", "")
        form.wrong_query = refusal.message
        return {}, 422
    for mention in preview.sample:
        mention.shown_title = marked(mention.title, preview.terms) if mention.title != mention.text else ""
        mention.shown_text = marked(mention.text, preview.terms, LONGEST // 2)
    return {"preview": preview}, 200


def replayed(form: RuleForm, query: str, found: Rule | None) -> tuple[dict, int]:
    """What the rule would have alerted to in the last ninety days, as sensitive as was chosen."""
    form.is_valid()
    chosen = form.cleaned_data.get("sensitivity") or Rule.Sensitivity.BALANCED
    after = form.cleaned_data.get("alert_after") or 1
    try:
        replay = sensitivity.replay(
            query=query, sensitivity=chosen, alert_after=after, rule=found, now=timezone.now()
        )
    except Invalid as refusal:
        form.caret, form.wrong_query = refusal.extra.get("caret", ""), refusal.message
        return {}, 422
    chosen_words = dict(Rule.Sensitivity.choices)[chosen]
    return {
        "replay": replay,
        "chosen": chosen_words,
        "shown_alerts": replay.alerts[::-1][:MOST_WOULD_SHOWN],
    }, 200


def saved(request, form: RuleForm, found: Rule | None) -> bool:
    deed = {"by": acting(request), "now": timezone.now(), **form.fields_of_rule()}
    try:
        if found is None:
            ruling.add_rule(**deed)
        else:
            found.version = form.cleaned_data["version"] or found.version
            ruling.change_rule(found, **deed)
    except Refused as refusal:
        form.caret = refusal.extra.get("caret", "")
        form.refuse(refusal, found)
        return False
    messages.success(request, _("The rule “%(name)s” has been saved.") % {"name": deed["name"]})
    return True


@may(May.LISTEN)
@require_POST
def rule_remove(request, pk):
    """Away with it and with its matches; alerts it raised stay."""
    found = get_object_or_404(Rule, pk=pk)
    ruling.remove_rule(found, by=acting(request), now=timezone.now())
    messages.success(request, _("The rule “%(name)s” has been removed.") % {"name": found.name})
    return see_other("responses:rules", request.brand.slug)
