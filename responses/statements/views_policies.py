"""Who approves what: the brand's review policies, and people's deputies."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may, people_who_may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused
from responses.incidents.forms import people_of

from . import deputising, groups, policies, policy_words
from .policy_forms import DeputyForm, PolicyForm, PolicyStepForms, typed
from .policy_models import Deputy, ReviewPolicy
from .views import page_of

FIELDS = ("name", "types", "from_severity", "channels", "second_factor", "is_active", "version")


@may(May.SEE)
@require_safe
def review_policies(request):
    holders = groups.Holders()
    context = {
        "policies": [told(policy, holders) for policy in ReviewPolicy.objects.all()],
        "shipped": policy_words.strip(policies.shipped().steps),
        "may_govern": request.standing.may(May.GOVERN),
        "now": timezone.now(),
    }
    return render(request, "statements/policies.html", context)


def told(policy, holders=None) -> dict:
    return {
        "policy": policy,
        "scope": policy_words.scope(policy),
        "order": policy_words.order(policy.steps),
        "strip": policy_words.strip(policy.steps),
        "lacking": policy_words.lacking(policy.steps, holders) if policy.is_active else [],
    }


@may(May.GOVERN)
def review_policy_new(request):
    form = PolicyForm(request.POST or None)
    steps = [typed(step) for step in policies.shipped().steps]
    return edit(request, None, form, step_forms(request, steps))


@may(May.GOVERN)
def review_policy(request, pk):
    found = get_object_or_404(ReviewPolicy, pk=pk)
    form = PolicyForm(request.POST or None, initial={name: getattr(found, name) for name in FIELDS})
    return edit(request, found, form, step_forms(request, [typed(step) for step in found.steps]))


def step_forms(request, steps):
    people = people_who_may(request.brand, May.SEE)
    data = request.POST or None
    return PolicyStepForms(data, initial=steps, prefix="steps", form_kwargs={"people": people})


def edit(request, found, form, steps):
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and steps.is_valid():
            try:
                return saved(request, found, form, steps)
            except Refused as refusal:
                form.refuse(refusal, found)
                status = refusal.status
    context = {"form": form, "steps": steps, "policy": found, "now": timezone.now()}
    if found:
        context |= told(found)
    return render(request, "statements/policy.html", context, status=status)


def saved(request, found, form, steps):
    if found:
        found.version = form.cleaned_data["version"] or found.version
    given = {**form.given, "steps": steps.steps}
    policy = policies.save_policy(found, **given, by=acting(request), now=timezone.now())
    for words in policy_words.lacking(policy.steps):
        messages.warning(request, words)
    messages.success(request, _("Saved. Reviews that are running keep the steps they began with."))
    return see_other(page_of(request, "review_policies"))


# --- deputies


@may(May.SEE)
def deputies(request):
    """Everybody names their own; whoever says who approves may do it for others too."""
    governs, now = request.standing.may(May.GOVERN), timezone.now()
    form = DeputyForm(
        request.POST or None,
        initial={"person": request.user.pk},
        for_whom=people_of(request.brand) if governs else [request.user],
        people=people_of(request.brand),
    )
    if request.method == "POST" and form.is_valid():
        try:
            deputising.name_deputy(**form.cleaned_data, by=acting(request), now=now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The deputy is named."))
            return see_other(page_of(request, "deputies"))
    rows = [
        (one, one.is_away(now), governs or one.person_id == acting(request).id)
        for one in Deputy.objects.all()
    ]
    context = {"form": form, "rows": rows, "now": now}
    return render(request, "statements/deputies.html", context, status=422 if form.errors else 200)


@may(May.SEE)
@require_POST
@refusals
def deputy_let_go(request, pk):
    deputising.let_go(get_object_or_404(Deputy, pk=pk), by=acting(request), now=timezone.now())
    messages.success(request, _("Nobody stands in any more."))
    return see_other(page_of(request, "deputies"))
