"""What decides how often the team is called: the noise budget, and the authors that always ring."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import see_other
from responses.errors import Refused

from . import budgeting, recognising
from .alert_forms import AuthorForm, BudgetForm
from .models import NamedAuthor
from .views_alerts import allowed, quietness


@may(May.LISTEN)
def budget(request):
    """How many alerts a week the team is willing to look at."""
    kept = budgeting.budget()
    known = {"per_week": kept.per_week, "version": kept.version if kept.pk else None}
    form, now, status = BudgetForm(request.POST or None, initial=known), timezone.now(), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                budgeting.set_budget(**form.cleaned_data, by=acting(request), now=now)
                messages.success(request, _("The budget has been saved."))
                return see_other("responses:alerts", request.brand.slug)
            except Refused as refusal:
                form.refuse(refusal, kept)
                status = refusal.status
    shown = {**quietness(form, now), "now": now}
    return render(request, "monitoring/budget.html", shown, status=status)


@may(May.SEE)
def authors(request):
    """Whom Tugon looks out for."""
    shown = {"rows": NamedAuthor.objects.all(), "now": timezone.now(), **allowed(request)}
    return render(request, "monitoring/authors.html", shown)


@may(May.LISTEN)
def author_new(request):
    """Somebody more to look out for."""
    return author_page(request, AuthorForm(request.POST or None), None)


@may(May.LISTEN)
def author(request, pk):
    """One named author, to be changed."""
    found = get_object_or_404(NamedAuthor, pk=pk)
    return author_page(request, AuthorForm.about(found, request.POST or None), found)


def author_page(request, form: AuthorForm, found: NamedAuthor | None):
    """Show or save; what is refused keeps what was typed."""
    if request.method == "POST" and form.is_valid() and kept(request, form, found):
        return see_other("responses:authors", request.brand.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "monitoring/author.html", {"author": found, "form": form}, status=status)


def kept(request, form: AuthorForm, found: NamedAuthor | None) -> bool:
    deed = {"by": acting(request), "now": timezone.now(), **form.fields_of_author()}
    try:
        if found is None:
            recognising.add_author(**deed)
        else:
            found.version = form.cleaned_data["version"] or found.version
            recognising.change_author(found, **deed)
    except Refused as refusal:
        form.refuse(refusal, found)
        return False
    messages.success(request, _("Tugon looks out for %(name)s.") % {"name": deed["name"]})
    return True


@may(May.LISTEN)
@require_POST
def author_remove(request, pk):
    """No longer looked out for; alerts raised before stay."""
    found = get_object_or_404(NamedAuthor, pk=pk)
    recognising.remove_author(found, by=acting(request), now=timezone.now())
    messages.success(request, _("Tugon no longer looks out for %(name)s.") % {"name": found.name})
    return see_other("responses:authors", request.brand.slug)
