"""A person says what a mention's sentiment is. Their word wins, is kept, and is learnt from (teaching.py)."""

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from responses.core import history
from responses.errors import Invalid

from . import risk
from .models import Correction, HourCount, Match, Mention, RuleHour, SourceHour

CERTAIN: dict[str, float] = {
    Mention.Sentiment.NEGATIVE: -1.0,
    Mention.Sentiment.NEUTRAL: 0.0,
    Mention.Sentiment.POSITIVE: 1.0,
}


@transaction.atomic
def correct(mention: Mention, sentiment: str, *, by, now) -> Correction:
    """The mention is from now on what the person says; saying so twice changes nothing.

    Rows are locked in the order of ingesting: the mention, hours, sources' hours, rules' hours, history.
    """
    if sentiment not in Mention.Sentiment.values:
        raise Invalid(_("A mention is negative, neutral or positive."), field="sentiment")
    held = Mention.objects.select_for_update().defer("search").get(pk=mention.pk)
    last = held.corrections.first()
    if last is not None and held.sentiment == sentiment == last.after:
        return last
    before = held.sentiment
    made = Correction.objects.create(
        mention=held, before=before, after=sentiment, by_name=by.name[:120], by_id=by.user_id, at=now
    )
    for each in {id(one): one for one in (held, mention)}.values():
        each.sentiment, each.score, each.corrected_by = sentiment, CERTAIN[sentiment], made.by_name
    risk.weigh([held])
    held.save(update_fields=["sentiment", "score", "corrected_by", "risk", "risk_why"])
    if before != sentiment:
        recount(held, before, sentiment)
    told = {"title": str(held)[:80], "tone_before": before, "tone": sentiment}
    history.record("mention.corrected", by=by, now=now, subject=held, **told)
    return made


def recount(mention: Mention, before: str, after: str) -> None:
    """Take the mention out of one tone's figures and put it into the other's, wherever it was counted."""
    hour = hour_of(mention.published_at)
    counted = Q(**{f"{before}__gt": 0})
    change = {before: F(before) - 1, after: F(after) + 1}
    if mention.is_own and not mention.is_excluded:
        HourCount.objects.filter(counted, hour=hour).update(**change)
        SourceHour.objects.filter(counted, hour=hour, source=mention.source_id).update(**change)
    for rule, at in Match.objects.filter(mention=mention).order_by("rule").values_list("rule", "at"):
        RuleHour.objects.filter(counted, rule=rule, hour=hour_of(at)).update(**change)


def hour_of(at):
    return at.replace(minute=0, second=0, microsecond=0)
