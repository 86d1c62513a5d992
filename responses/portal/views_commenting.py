"""The client's word on a stretch of the text, by account and by link. Deciding is another matter.

Only what was said to the client is here, and about texts that reached them: `commenting.for_client`.
"""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from agency.access import by_link, may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused
from responses.statements import commenting, links
from responses.statements.commenting_forms import RemarkForm
from responses.statements.showing_comments import Kept

from . import access, views, views_link


@may(May.PORTAL)  # whether they may speak, the deed says: an observer may be a deputy
@require_POST
@refusals
def comment(request, pk):
    """Add one, answer one, resolve or reopen one: the button says which. What was typed is never lost."""
    step = get_object_or_404(access.shown_steps(), pk=pk)
    page = reverse("portal:decision", args=[request.brand.slug, pk])

    def again(status, **kept):
        return views.decision_page(request, step, status=status, **kept)

    by, statement = acting(request), step.review.revision.statement_id
    try:
        commenting.refuse_silent(request.standing, by.id, statement, timezone.now())
    except Refused as refusal:
        return again(refusal.status, refusal=refusal)
    return act(request, step, by, page, again)


# No CSRF token, for the reason given at views_link.link.
@csrf_exempt
@by_link
@require_POST
@views_link.for_its_reader
def link_comment(request, found, token):
    """The same by the link of a letter; it stays good for the decision."""
    now = timezone.now()
    try:
        links.refuse_dead(found, now)
    except Refused as refusal:
        return views_link.over(request, found, refusal)

    def again(status, **kept):
        return views_link.page(request, found, token, now, status=status, **kept)

    page = reverse("portal:link", args=[request.brand.slug, token])
    try:
        return act(request, found.step, links.actor_of(found), page, again)
    except Refused as refusal:
        return again(refusal.status, refusal=refusal)


def act(request, step, by, page, again):
    """Do what was asked, then back to the page at the thread; a refusal shows it again as it was typed."""
    if request.POST.get("do", "add") == "add":
        return add(request, step.review.revision, by, page, again)
    mine = commenting.for_client().filter(statement=step.review.revision.statement_id)
    pk = request.POST.get("on", "")
    found = get_object_or_404(mine, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
    told = {"by": by, "now": timezone.now()}
    deed = request.POST["do"]
    if deed in ("resolve", "reopen"):
        (commenting.resolve if deed == "resolve" else commenting.reopen)(found, **told)
        return to(page, found)
    text = request.POST.get("text", "")
    try:
        commenting.reply(found, text=text, **told)
    except Refused as refusal:
        return again(refusal.status, kept=Kept(found.pk, text, refusal.message))
    return to(page, found)


def add(request, revision, by, page, again):
    variants = list(revision.variants.select_related("channel"))
    form = RemarkForm(request.POST, variants=variants, is_client=True)
    if form.is_valid():
        try:
            made = commenting.comment(revision, **form.remark, by=by, now=timezone.now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return to(page, made)
    return again(422, remark=form)


def to(page, comment):
    return see_other(f"{page}#comment-{comment.pk}")
