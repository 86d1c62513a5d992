"""Other words for a stretch of the text: one click puts them in as a new revision, or declines them.

Who puts them in writes a revision, and whose words they are wrote part of the text too: neither may then
approve it. Like every edit it voids a review that runs.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from responses.errors import Forbidden, NotAllowed

from . import commenting, drafting, entitling, groups, policies, reviewing, states
from .commenting_models import Comment
from .models import Channel, Revision, Statement
from .wording import Wording

SHOWN = 80  # letters of a passage in a message


@transaction.atomic
def apply(suggestion: Comment, *, by, now) -> Revision:
    """Put the suggested words into the latest text, if what they replace still stands there."""
    statement = suggestion.statement
    reviewing.lock(statement)  # two who press at once: the second finds it applied
    suggestion.refresh_from_db()
    refuse_settled(suggestion, by)
    latest = statement.latest
    (language, first), *others = with_suggestion(suggestion, Wording.of(latest)).items()
    revision = drafting.revise(
        statement,
        base=latest.number,
        language=language,
        **first,
        also=dict(others),
        by=by,
        now=now,
        note=_("With words by %(name)s") % {"name": suggestion.by_name},
    )
    if revision.pk == latest.pk:
        raise NotAllowed(_("This would change nothing."))
    commenting.settle(suggestion, states.APPLIED, "suggestion.applied", by=by, now=now, applied_in=revision)
    return revision


def with_suggestion(suggestion, wording: Wording) -> dict[str, dict]:
    """Each version by its language, as drafting takes it, the suggested words in their place."""
    versions = {each.language: each.given | {"texts": in_use(each.by_channel)} for each in wording.versions}
    texts = versions.get(suggestion.variant.language, {}).get("texts", {})
    channel = suggestion.variant.channel_id
    text = texts.get(channel, "")
    place = commenting.place_in(suggestion, text)
    if place is None:
        raise NotAllowed(
            _("“%(words)s” does not stand there any more. Change the text by hand, or decline this.")
            % {"words": suggestion.quote[:SHOWN]}
        )
    if not place.is_sure:
        raise NotAllowed(
            _("“%(words)s” stands there more than once now. Change the text by hand, or decline this.")
            % {"words": suggestion.quote[:SHOWN]}
        )
    texts[channel] = text[: place.start] + suggestion.replacement + text[place.end :]
    return versions


def in_use(texts: dict[int, str]) -> dict[int, str]:
    """As the editor does: a channel that is not in use any more is left out of the next revision."""
    used = set(Channel.objects.filter(pk__in=texts, is_active=True).values_list("pk", flat=True))
    return {pk: text for pk, text in texts.items() if pk in used}


def decline(suggestion: Comment, *, by, now, reason="") -> Comment:
    """Leave the text as it is; who suggested it reads why, if that is said."""
    suggestion.refresh_from_db()
    refuse_settled(suggestion, by)
    reason = commenting.clean(reason, "reason", 300)
    return commenting.settle(
        suggestion, states.DECLINED, "suggestion.declined", by=by, now=now, reason=reason
    )


def refuse_settled(suggestion, by) -> None:
    if not suggestion.is_suggestion:
        raise NotAllowed(_("This is a comment, not a suggestion. Resolve it."))
    if commenting.side_of(by) == commenting.CLIENT:
        raise Forbidden(_("The agency's writers change the text."))
    about = {"name": suggestion.moved_by_name}
    if suggestion.status == states.APPLIED:
        raise NotAllowed(_("%(name)s has applied this already.") % about)
    if suggestion.status == states.DECLINED:
        raise NotAllowed(_("%(name)s has declined this. Reopen it first.") % about)


# --- said before the click


@dataclass(frozen=True)
class Effect:
    """What putting it in does to the review, and to whom."""

    voids: bool
    also: str  # whose words they are, when that is not the reader
    left_without: list[str]  # the functions for which nobody who may decide would be left


def effects(statement: Statement, suggestions, person_id: str) -> dict[int, Effect]:
    """For each suggestion, as this person would apply it now."""
    if not suggestions:
        return {}
    writers = entitling.authors(statement.pk) | {person_id}
    plan = policies.choose(statement.latest)
    asked = [group for step in plan.steps for group in groups.read(step["groups"])]
    people = {group.function: set(groups.holders(group)) for group in asked}
    return {one.pk: effect(statement, one, person_id, writers, people) for one in suggestions}


def effect(statement, suggestion, person_id, writers, people) -> Effect:
    then = writers | {suggestion.by_id}
    return Effect(
        voids=statement.status in (states.IN_REVIEW, states.APPROVED),
        also=suggestion.by_name if suggestion.by_id != person_id else "",
        left_without=[
            str(groups.Function(function).label) for function, who in people.items() if not who - then
        ],
    )
