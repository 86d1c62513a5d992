"""The desk's pages of comments: read them beside the text, add one, answer, settle, apply or decline."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, typed
from responses.errors import Refused

from . import commenting, comparing, querysets, states, suggesting
from .commenting_forms import RemarkForm
from .models import Statement
from .showing_comments import Doors, Kept, Panel, Reader, panel

PAGES = {"review": "responses:review", "statement": "responses:statement"}  # to come back to


def doors(brand, statement) -> Doors:
    def of(name):
        return lambda comment: reverse(name, args=[brand.slug, statement.pk, comment.pk])

    add = reverse("responses:comment_add", args=[brand.slug, statement.pk])
    return Doors(add, of("responses:comment_act"), of("responses:suggestion_act"))


def reader(request, statement) -> Reader:
    return Reader(
        person_id=acting(request).id,
        is_client=not commenting.is_inside(request.standing),
        may_write=statement.status in states.EDITABLE,
        speaks=commenting.speaks_to_client(request.standing),
        may_edit=statement.status in states.EDITABLE and request.standing.may(May.WRITE),
    )


def beside(request, revision, page="", form=None, kept=None) -> Panel:
    """The comments of the statement beside this wording, for whoever of the agency looks."""
    statement = revision.statement
    comments = commenting.readable(request.standing).filter(statement=statement)
    given = {"form": form, "page": page, "kept": kept}
    return panel(revision, comments, doors(request.brand, statement), reader(request, statement), **given)


@may(May.SEE)
@require_safe
def comments(request, pk):
    """The text with everything that was said about it."""
    return comments_page(request, get_object_or_404(Statement, pk=pk))


def comments_page(request, statement, form=None, kept=None, status=200, revision=None):
    revision = revision or statement.latest
    earlier = comparing.compare(revision, request.GET.get("against"), None)
    shown = beside(request, revision, "comments", form, kept)
    context = {
        "statement": statement,
        "revision": revision,
        "comments": shown,
        "before": earlier.before,
        "comparison": earlier,
        "rows": comparing.rows(earlier.before, revision, shown.places),
        "titles": querysets.titles(earlier.before, revision),
        "review": querysets.last_review(statement),
        "now": timezone.now(),
    }
    return render(request, "statements/comments.html", context, status=status)


@may(May.SEE)
@require_POST
def comment_add(request, pk):
    """A refusal shows the text with the form as it was typed."""
    statement = get_object_or_404(Statement, pk=pk)
    revision = revision_meant(request, statement)
    variants = list(revision.variants.select_related("channel"))
    speaks = commenting.speaks_to_client(request.standing)
    is_client = not commenting.is_inside(request.standing)
    form = RemarkForm(request.POST, variants=variants, is_client=is_client, speaks=speaks)
    if form.is_valid():
        try:
            made = commenting.comment(revision, **form.remark, by=acting(request), now=timezone.now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return back(request, pk, made)
    return comments_page(request, statement, form, status=422, revision=revision)


def revision_meant(request, statement):
    """The one its writer had before their eyes."""
    number = request.POST.get("revision", "")
    if number.isdecimal() and len(number) < 10:
        return get_object_or_404(statement.revisions, number=int(number))
    return statement.latest


def back(request, pk, comment):
    """To the page one came from, at the thread."""
    name = PAGES.get(request.POST.get("page", ""), "responses:comments")
    return see_other(f"{reverse(name, args=[request.brand.slug, pk])}#comment-{comment.pk}")


@may(May.SEE)
@require_POST
@refusals
def comment_act(request, pk, comment):
    """Answer it, resolve it, reopen it."""
    found = get_object_or_404(commenting.readable(request.standing), pk=comment, statement=pk)
    told = {"by": acting(request), "now": timezone.now()}
    deed = request.POST.get("do", "")
    if deed in ("resolve", "reopen"):
        (commenting.resolve if deed == "resolve" else commenting.reopen)(found, **told)
        return back(request, pk, found)
    try:
        commenting.reply(found, text=request.POST.get("text", ""), **told)
    except Refused as refusal:
        kept = Kept(found.pk, request.POST.get("text", ""), refusal.message)
        return comments_page(request, found.statement, kept=kept, status=refusal.status)
    return back(request, pk, found)


@may(May.WRITE)
@require_POST
@refusals
def suggestion_act(request, pk, comment):
    """Put the suggested words in, or leave the text as it is."""
    found = get_object_or_404(commenting.readable(request.standing), pk=comment, statement=pk)
    told = {"by": acting(request), "now": timezone.now()}
    if request.POST.get("do") == "decline":
        suggesting.decline(found, reason=typed(request, "reason"), **told)
        messages.success(request, _("Declined. The text stays as it is."))
        return back(request, pk, found)
    judged = found.statement.status in (states.IN_REVIEW, states.APPROVED)
    revision = suggesting.apply(found, **told)
    words = _("Saved as revision %(number)d.")
    if judged:
        words = _("Saved as revision %(number)d. The review is void: send the new text to review.")
    (messages.warning if judged else messages.success)(request, words % {"number": revision.number})
    return back(request, pk, found)
