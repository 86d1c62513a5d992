"""The noise budget: how many alerts a week the team is willing to look at, and what is held when it is used
up.

Only what detectors notice by themselves is ever held, and only at the levels 0 to 2. Matches and named
authors were asked for by a person; rules that open incidents, levels 3 and 4, and the silence of the last
source that still listens always ring.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from responses.core import history
from responses.core.actors import TUGON
from responses.core.transitions import change
from responses.errors import Invalid

from . import states
from .models import Alert, NoiseBudget, Source

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
LEVEL_THAT_RINGS = 3
MOST = 500
DETECTED = {
    Alert.Kind.SPIKE,
    Alert.Kind.FALL,
    Alert.Kind.BURN,
    Alert.Kind.RETURN,
    Alert.Kind.CROSSING,
    Alert.Kind.SILENT,
}


def budget() -> NoiseBudget:
    """The brand's budget; what is usual for all brands until somebody sets it."""
    return NoiseBudget.objects.order_by("pk").first() or NoiseBudget()


def spent(now) -> int:
    """How many alerts have rung within the last seven days."""
    return Alert.objects.filter(opened_at__gt=now - WEEK, opened_at__lte=now, is_held=False).count()


def holds(alert: Alert, now) -> bool:
    """Whether this new alert is one too many for the week."""
    return may_be_held(alert) and spent(now) >= budget().per_week


def may_be_held(alert: Alert) -> bool:
    if alert.kind not in DETECTED or alert.severity >= LEVEL_THAT_RINGS:
        return False
    if alert.kind == Alert.Kind.SILENT:
        others = Source.objects.filter(status=Source.Status.LISTENING).exclude(pk=alert.source_id or 0)
        return others.exclude(kind=Source.Kind.CSV).exists()
    return not (alert.rule and alert.rule.opens_incident)


def set_budget(per_week: int, *, version: int | None = None, by, now) -> NoiseBudget:
    """So many alerts a week from now on; what is held already stays held."""
    if not 1 <= per_week <= MOST:
        raise Invalid(_("Between 1 and %(most)s.") % {"most": MOST}, field="per_week")
    kept, _new = NoiseBudget.objects.get_or_create(pk=1)
    before = kept.per_week
    kept.version = version or kept.version
    change(kept, per_week=per_week)
    history.record("budget.changed", by=by, now=now, per_week=per_week, before=before)
    return kept


@dataclass(frozen=True)
class Precision:
    """Of the alerts of the last thirty days that people decided: how many they acted on."""

    acted: int
    dismissed: int

    @property
    def decided(self) -> int:
        return self.acted + self.dismissed

    @property
    def percent(self) -> int | None:
        return round(100 * self.acted / self.decided) if self.decided else None


def precision(now) -> Precision:
    recent = Alert.objects.filter(opened_at__gt=now - MONTH).exclude(handled_by=TUGON.name)
    acted = Q(status__in=[states.ACKNOWLEDGED, states.ESCALATED])
    dismissed = Q(status=states.DISMISSED)
    return Precision(**recent.aggregate(acted=Count("pk", acted), dismissed=Count("pk", dismissed)))
