"""Storms as they break: each subject's spike detector, kept between looks, run up to this very minute.

What the detector has learnt is kept only up to SETTLED before now. The time since is gone through anew at
each look, with the counts as they are known by then: a feed that is read late, or a minute that is not
over yet, changes nothing that is kept, and an alarm comes as soon as the mentions are there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .models import Baseline
from .seasons import Season
from .spikes import ALARM, SENSITIVITY, Detector, Why
from .subjects import FIVE, HOUR, Subject, five

SETTLED = timedelta(hours=3)
LEARNT_FROM = timedelta(days=28)  # of a new rule's past; an older state than that is begun anew
FRESH = timedelta(hours=24)  # what broke out before that, while nobody looked, is no news
KEPT_EVERY = timedelta(hours=1)
RECENT = timedelta(hours=6)  # of which the counts of all rules are read at once
TIMES_SEASON = 1.5  # a busy Monday is no storm: the hour is so many times what its hour of the week brings


@dataclass(frozen=True)
class Surge:
    """A storm that broke out in the five minutes from `at`, and the figures of that moment."""

    at: datetime
    why: Why


def surge(
    subject: Subject, baseline: Baseline, season: Callable[[], Season], recent: dict, now
) -> Surge | None:
    """The last storm that broke out lately, if any; what was learnt is put into the baseline, not saved.

    `recent` holds the counts of the hours since RECENT, for rules whose past is known already.
    """
    since = beginning(subject, baseline, now)
    if since is None:
        return None
    is_new = not baseline.state
    detector = Detector(baseline.state or None, subject.sensitivity)
    counts = recent if since >= now - RECENT else subject.fives(since, now + FIVE)
    settled = max(five(now - SETTLED), since)
    is_due = is_new or settled - since >= KEPT_EVERY
    if not is_due and too_few(subject, baseline, counts):
        return None
    found = run(detector, since, settled, counts)
    if is_due:
        baseline.state = detector.state() | {"of": subject.fingerprint}
        baseline.upto_at = settled
    found = run(detector, settled, five(now) + FIVE, counts) or (None if is_new else found)
    if found is None or found.at < now - FRESH or is_seasonal(found, counts, season()):
        return None
    return found


def beginning(subject: Subject, baseline: Baseline, now) -> datetime | None:
    """From when on there is something to learn; None when nothing was ever said."""
    is_its_own = baseline.state.get("of") == subject.fingerprint
    if is_its_own and baseline.upto_at and baseline.upto_at > now - LEARNT_FROM:
        return baseline.upto_at
    baseline.state, baseline.upto_at = {}, None
    first = subject.first()
    return None if first is None or first >= now else five(max(first, now - LEARNT_FROM))


def too_few(subject: Subject, baseline: Baseline, counts: dict) -> bool:
    """Whether so little was said that no moment of it can be a storm: then it need not be gone through."""
    return sum(baseline.state["counts"]) + sum(counts.values()) < SENSITIVITY[subject.sensitivity][1]


def run(detector: Detector, since, until, counts: dict) -> Surge | None:
    """Take the detector from one moment to another; the last alarm on the way."""
    found, at = None, since
    while at < until:
        if detector.update(at, counts.get(at, 0)) >= ALARM:
            found = Surge(at, detector.why())
        at += FIVE
    return found


def is_seasonal(found: Surge, counts: dict, season: Season) -> bool:
    """Whether the hour that ends with the alarm brings no more than such an hour of the week does."""
    if not season.is_known:
        return False
    place = (found.at - season.hours.first) // HOUR
    last = sum(counts.get(found.at - n * FIVE, 0) for n in range(12))
    return last < TIMES_SEASON * season.usual(place)
