"""What no single mention shows: storms, falls of tone, slow burns, the return after quiet.

`look` goes through every rule that raises alerts and the brand as a whole. It runs every five minutes
while anybody listens, and after each batch that came in, so that an alarm comes seconds after the
mentions. All of a brand's looks stand in one line behind the row LOOK, so no two raise the same alert;
what one storm raised, live or decided, keeps the storm from raising another until it has been quiet for
long enough.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from responses import due as dues
from tenants import context

from . import alerting, driving, states
from .burning import burn
from .falling import Fall, fall
from .models import Alert, Baseline, Rule, Source
from .returning import first_after_quiet
from .seasons import Season
from .subjects import FIVE, HOUR, Hours, Subject, five, fives_of_rules, hour
from .surging import RECENT, surge

LOOK = "look"
NOT_SOONER = timedelta(seconds=10)  # a flood of batches is looked at so often at most
SEEN_FOR = timedelta(days=35)
QUIET = {  # so long after it was last seen, the same kind is a new one
    Alert.Kind.SPIKE: timedelta(hours=6),
    Alert.Kind.FALL: timedelta(hours=24),
    Alert.Kind.BURN: timedelta(hours=72),
}
LONGEST_QUIET = max(QUIET.values())
LATELY_ADDED = timedelta(days=14)
LOUD = 2.0  # times the usual of the hour: the storm goes on
NEW_RULES_AT_ONCE = 20  # rules whose past is read in one look; the next look takes the next


def look_soon(*, now) -> list[Alert]:
    """Look now, or in the next minute when somebody has looked just now."""
    if Baseline.objects.filter(name=LOOK, upto_at__gt=now - NOT_SOONER).exists():
        dues.note_next(context.here(), now.replace(second=0, microsecond=0) + timedelta(minutes=1))
        return []
    return look(now=now)


@transaction.atomic
def look(*, now) -> list[Alert]:
    """Look at everything once; returns the alerts that are new."""
    Baseline.objects.get_or_create(name=LOOK)
    line = Baseline.objects.select_for_update().get(name=LOOK)
    is_hourly = line.state.get("hour") != hour(now).isoformat()
    line.state, line.upto_at = {"hour": hour(now).isoformat()}, now
    line.save()
    if is_hourly:
        forget_rules_not_in_use()
    raised = [alert for watch in watches(now) for alert in watch.notice(is_hourly)]
    for alert in raised:
        alerting.announce(alert, now=now)
    return raised


def is_due(now) -> bool:
    """Whether the last look was five minutes ago."""
    return not Baseline.objects.filter(name=LOOK, upto_at__gt=now - FIVE + NOT_SOONER).exists()


def watches(now) -> list["Watch"]:
    """The rules that raise alerts, then the brand as a whole, each with what is known of it."""
    rules = Rule.objects.filter(is_active=True, raises_alert=True).order_by("pk")
    subjects = [*(Subject(rule) for rule in rules), Subject()]
    known = Baseline.objects.in_bulk([subject.key for subject in subjects])
    latest = latest_alerts(now)
    young = [subject.key for subject in subjects if subject.key not in known]
    later = set(young[NEW_RULES_AT_ONCE:])
    recent = fives_of_rules(rules, five(now - RECENT), now + FIVE)
    recent[None] = Subject().fives(five(now - RECENT), now + FIVE)
    return [
        Watch(
            subject,
            known.get(subject.key) or Baseline(name=subject.key),
            latest,
            recent.get(subject.rule_id, {}),
            now,
        )
        for subject in subjects
        if subject.key not in later
    ]


def forget_rules_not_in_use() -> None:
    """What was learnt of a rule that is gone or switched off is old by the time it comes back."""
    used = [Subject(rule).key for rule in Rule.objects.filter(is_active=True)]
    Baseline.objects.filter(name__startswith="rule:").exclude(name__in=used).delete()


def latest_alerts(now) -> dict:
    """Per rule and kind the last alert that keeps another from being raised."""
    lately = Q(status__in=states.ALERT_LIVE) | Q(last_at__gt=now - LONGEST_QUIET)
    found = Alert.objects.filter(lately).order_by("opened_at", "pk")
    return {
        (alert.rule_id, alert.kind): alert
        for alert in found
        if alert.source_id is None and not driving.is_about_a_removed_rule(alert)
    }


@dataclass
class Watch:
    """One subject at one look."""

    subject: Subject
    baseline: Baseline
    latest: dict  # alerts that keep others from being raised, by rule and kind
    recent: dict  # counts of the last hours
    now: datetime
    known: tuple[Hours, Season] | None = None

    def notice(self, is_hourly: bool) -> list[Alert]:
        """What is new about it, and what goes on."""
        if not (is_hourly or self.recent or self.baseline._state.adding or self.is_remembered):
            return []
        found = [self.storm()]
        if is_hourly or self.is_just_back:
            found.append(self.back())
        if is_hourly:
            found += [self.fall(), self.burn()]
        return [alert for alert in found if alert is not None]

    # --- what is looked for

    def storm(self) -> Alert | None:
        before = self.baseline.upto_at
        found = surge(self.subject, self.baseline, lambda: self.season, self.recent, self.now)
        if self.baseline.upto_at != before or self.baseline._state.adding:
            self.baseline.save()
        if found is None:
            self.keep_up(Alert.Kind.SPIKE)
            return None
        since = found.at + FIVE - HOUR / 4
        loudest = self.loudest(since)
        return self.tell(
            Alert.Kind.SPIKE,
            since,
            at=found.at.isoformat(),
            minutes=15,
            usual=round(found.why.usual, 2),
            count=max(loudest["count"], found.why.count),
            negative=loudest["negative"],
        )

    def back(self) -> Alert | None:
        """A rule that alerts at its first match says so in that alert itself."""
        rule = self.subject.rule
        if rule is None or rule.alert_after == 1:
            return None
        found = first_after_quiet(rule, self.now - alerting.FRESH, self.now)
        if found is None or self.subject.alerts(Alert.Kind.RETURN).filter(opened_at__gt=found.last).exists():
            return None
        return self.tell(Alert.Kind.RETURN, found.at, last=found.last.isoformat(), days=round(found.days, 1))

    def fall(self) -> Alert | None:
        hours, season = self.figures
        found = fall(hours, hours.size, self.subject.sensitivity)
        if found is None or self.is_that_storm(found):
            return None
        return self.tell(
            Alert.Kind.FALL,
            hours.at(hours.size - found.hours),
            count=found.count,
            negative=found.negative,
            hours=found.hours,
            usual=round(found.usual, 3),
        )

    def burn(self) -> Alert | None:
        hours, season = self.figures
        found = burn(hours, hours.size, self.subject.sensitivity, offset(self.now))
        if found is None or (self.subject.rule_id, Alert.Kind.SPIKE) in self.latest:
            return None  # a storm of these days has said so already
        if Source.objects.filter(created_at__gt=self.now - LATELY_ADDED).exists():
            return None  # more is heard because more is listened to
        since = self.now - timedelta(days=found.days)
        return self.tell(
            Alert.Kind.BURN, since, count=found.count, days=found.days, usual=round(found.usual, 1)
        )

    # --- telling it once

    def tell(self, kind, since, **why) -> Alert | None:
        """Raise it, unless it is the same that was raised before: then that one goes on."""
        if self.keep_up(kind, **why) or self.is_being_handled:
            return None
        said = self.subject.mentions(since, self.now + FIVE).order_by("published_at", "pk")
        alert = alerting.raise_once(
            kind=kind,
            rule=self.subject.rule,
            title=self.subject.title,
            severity=self.subject.severity,
            why={"since": since.isoformat(), "of_rule": self.subject.rule is not None, **why},
            mention_count=said.count(),
            first_mention_id=said.values_list("pk", flat=True).first(),
            now=self.now,
        )
        if alert is not None:
            self.latest[self.subject.rule_id, kind] = alert  # what is looked for next knows of it
        return alert

    def keep_up(self, kind, **why) -> bool:
        """Whether an alert stands for this already. While it goes on, it is remembered as going on."""
        alert = self.latest.get((self.subject.rule_id, kind))
        if alert is None or not (alert.is_live or alert.last_at > self.now - QUIET.get(kind, LONGEST_QUIET)):
            return False
        if why or (kind == Alert.Kind.SPIKE and alert.last_at < self.now and self.is_loud):
            self.let_grow(alert)
        return True

    def let_grow(self, alert: Alert) -> None:
        more = self.subject.mentions(alert.last_at, self.now).count() if alert.last_at < self.now else 0
        if more:
            alerting.grow(alert, self.now, more, **self.louder(alert))

    def louder(self, alert: Alert) -> dict:
        """The loudest quarter of an hour so far is what a storm's sentence tells."""
        if alert.kind != Alert.Kind.SPIKE or not alert.is_live:
            return {}
        loudest = self.loudest(alert.opened_at - HOUR)
        return loudest if loudest["count"] > alert.why.get("count", loudest["count"]) else {}

    def loudest(self, since) -> dict:
        """Of the last hours: how many in the loudest quarter of an hour, and how many of these in anger."""
        ends = {
            at: sum(self.recent.get(at - n * FIVE, 0) for n in range(3)) for at in self.recent if at > since
        }
        last = max(ends, key=lambda at: ends[at], default=five(self.now))
        said = self.subject.mentions(last - 2 * FIVE, last + FIVE)
        return {"count": ends.get(last, 0), "negative": said.filter(sentiment="negative").count()}

    @property
    def is_loud(self) -> bool:
        """Whether the last hour is still far above what such an hour brings."""
        hours, season = self.figures
        last = self.subject.mentions(self.now - HOUR, self.now + FIVE).count()
        return last > LOUD * max(season.usual(hours.size - 1), 1.0)

    @property
    def is_being_handled(self) -> bool:
        """An incident that came from this rule still gathers: it needs no second alarm."""
        rule = self.subject.rule
        if rule is None:
            return False
        handled = rule.alerts.filter(status=states.ESCALATED, last_at__gt=self.now - alerting.QUIET)
        return handled.exists()

    def is_that_storm(self, found: Fall) -> bool:
        """Whether a storm that was just told was as angry, or nearly: the fall is the same news."""
        storm = self.latest.get((self.subject.rule_id, Alert.Kind.SPIKE))
        if storm is None or not storm.why.get("count"):
            return False
        halfway = (found.negative / found.count + found.usual) / 2
        return storm.why.get("negative", 0) / storm.why["count"] > halfway

    # --- what is known of it

    @property
    def is_remembered(self) -> bool:
        """Whether there is anything to keep up to date: a rule that never matched has nothing."""
        return bool(self.baseline.state)

    @property
    def is_just_back(self) -> bool:
        """Whether it was silent for hours until just now: a look for the end of a quiet is worth it."""
        return bool(self.recent) and min(self.recent) > self.now - HOUR

    @property
    def figures(self) -> tuple[Hours, Season]:
        if self.known is None:
            hours = self.subject.hours(self.now - SEEN_FOR, self.now)
            whole = max(hours.size - 24, 0)  # today is not usual yet
            self.known = hours, Season(hours, whole, offset(self.now))
        return self.known

    @property
    def season(self) -> Season:
        return self.figures[1]


def offset(now) -> timedelta:
    """How far the brand's clocks are from UTC, in whole hours."""
    return now.astimezone(ZoneInfo(context.here().time_zone)).utcoffset() or timedelta(0)
