"""Whether what is counted agrees with the rows."""

from responses.monitoring.counting import TONES, hour_of
from responses.monitoring.models import HourCount, Match, Mention, RuleHour, SourceHour


def tallied(rows, *keys):
    """An hour of which all was taken out again says what one says that is not there."""
    told = {tuple(getattr(row, key) for key in keys): [getattr(row, tone) for tone in TONES] for row in rows}
    return {key: counts for key, counts in told.items() if any(counts)}


def expected(pairs):
    """key → counts per tone, from (key, sentiment)."""
    found = {}
    for key, tone in pairs:
        found.setdefault(key, [0, 0, 0])[TONES.index(tone)] += 1
    return found


def assert_counts_agree():
    """Every table of hours says what counting the rows says."""
    own = list(Mention.objects.filter(is_own=True, is_excluded=False))
    assert tallied(HourCount.objects.all(), "hour") == expected(
        ((hour_of(each.published_at),), each.sentiment) for each in own
    )
    assert tallied(SourceHour.objects.all(), "source_id", "hour") == expected(
        ((each.source_id, hour_of(each.published_at)), each.sentiment) for each in own
    )
    assert tallied(RuleHour.objects.all(), "rule_id", "hour") == expected(
        ((match.rule_id, hour_of(match.at)), match.mention.sentiment)
        for match in Match.objects.select_related("mention")
    )
