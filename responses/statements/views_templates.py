"""The brand's templates: the list, one more, a change, out of use and back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused

from . import skeletons, templating
from .models import Statement
from .views import known_type, page_of
from .writing_forms import TemplateForm
from .writing_models import StatementTemplate


@may(May.SEE)
@require_safe
def templates(request):
    context = {
        "templates": StatementTemplate.objects.order_by("-is_active", "type", "name"),
        "may_write": request.standing.may(May.WRITE),
        "now": timezone.now(),
    }
    return render(request, "statements/templates.html", context)


@may(May.WRITE)
def template_new(request):
    """It begins with the skeleton of its type, so that nothing that belongs in it is forgotten."""
    if request.method != "POST":
        type, language = known_type(request.GET.get("type")), request.brand.language
        body = skeletons.skeleton(type, "newsroom", language)
        return page(request, TemplateForm(initial={"type": type, "language": language, "body": body}))
    return saved(request, TemplateForm(request.POST), templating.add_template)


@may(May.WRITE)
def template(request, pk):
    found = get_object_or_404(StatementTemplate, pk=pk)
    if request.method != "POST":
        initial = {name: getattr(found, name) for name in (*templating.FIELDS, "version")}
        return page(request, TemplateForm(initial=initial), found)

    def change(**given):
        found.version = form.cleaned_data["version"] or found.version
        templating.change_template(found, **given)

    form = TemplateForm(request.POST)
    return saved(request, form, change, found)


def saved(request, form, deed, found=None):
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in templating.FIELDS}
        try:
            deed(**given, by=acting(request), now=timezone.now())
        except Refused as refusal:
            form.refuse(refusal, found)
        else:
            messages.success(request, _("The template is saved."))
            return see_other(page_of(request, "statement_templates"))
    return page(request, form, found, status=422)


def page(request, form, found=None, status=200):
    context = {
        "form": form,
        "template": found,
        "variables": templating.VARIABLES.items(),
        "types": Statement.Type.choices,
    }
    return render(request, "statements/template.html", context, status=status)


@may(May.WRITE)
@require_POST
@refusals
def template_use(request, pk):
    """Retire it (`to` is retired) or take it into use again."""
    found = get_object_or_404(StatementTemplate, pk=pk)
    is_active = request.POST.get("to") != "retired"
    templating.use_template(found, is_active, by=acting(request), now=timezone.now())
    said = _("The template is in use again.") if is_active else _("The template is retired.")
    messages.success(request, said)
    return see_other(page_of(request, "statement_templates"))
