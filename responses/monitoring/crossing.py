"""A story that reaches a platform it had not been on: what was said in one place is now said in another."""

from datetime import timedelta

from django.db.models import Max

from . import alerting
from .models import Alert, Mention, Story

MENTIONS_ENOUGH = 3  # two people who say the same are no story yet
FRESH = timedelta(hours=24)
LEVEL = 1  # unless the rules that matched its mentions say more


def consider_crossing(story: Story, before_platforms, *, now) -> Alert | None:
    """Raise it, or let the story's live alert grow; returns the alert only when it is new.

    Called when mentions joined the story, in their transaction and with the platforms as they were
    before. Once it was decided, the same story rings only for a platform that no alert of its has named.
    """
    known = told_before(story).union(before_platforms)
    reached = [name for name in story.platforms if name not in known]
    if not before_platforms or not reached or not told_by_the_brand(story, now):
        return None
    alert = alerting.gathering(now, story=story, kind=Alert.Kind.CROSSING)
    if alert is not None:
        known = alert.why.get("reached", [])
        more = max(story.mention_count - alert.mention_count, 0)
        alerting.grow(alert, now, more, **why(story, [*known, *reached]))
        return None
    return raise_crossing(story, reached, now)


def told_before(story: Story) -> set[str]:
    """The platforms that alerts of this story have named, whatever became of them."""
    whys = Alert.objects.filter(story=story, kind=Alert.Kind.CROSSING).values_list("why", flat=True)
    return {name for why in whys for name in why.get("reached", ())}


def told_by_the_brand(story: Story, now) -> bool:
    return (
        story.mention_count >= MENTIONS_ENOUGH
        and story.last_at > now - FRESH
        and Mention.objects.filter(story=story, is_own=True, is_excluded=False).exists()
    )


def raise_crossing(story: Story, reached: list[str], now) -> Alert | None:
    of_rules = Mention.objects.filter(story=story).aggregate(level=Max("matches__rule__severity"))["level"]
    alert = alerting.raise_once(
        kind=Alert.Kind.CROSSING,
        story=story,
        title=story.title[:200],
        severity=max(of_rules or 0, LEVEL),
        why=why(story, reached),
        mention_count=story.mention_count,
        first_mention_id=story.first_mention_id,
        now=now,
    )
    if alert is not None:
        alerting.announce(alert, now=now)
    return alert


def why(story: Story, reached: list[str]) -> dict:
    """On which platforms it was, which it has reached, and how many mentions that makes."""
    were = [name for name in story.platforms if name not in reached]
    return {"were": were, "reached": reached, "count": story.mention_count}
