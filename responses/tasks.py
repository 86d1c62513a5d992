"""What the worker runs. Every job takes the brand and ids, and may be run twice."""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from responses.publishing import lettering, newsroom_files, releasing, watching
from responses.statements import alarming, link_checks
from tenants import context, locks
from tenants.jobs import enqueue, job

from . import due, pipeline, pulse
from .monitoring import (
    alerting,
    chores,
    driving,
    introducing,
    listening,
    noticing,
    pacing,
    sharing,
    snoozing,
    stories,
)
from .monitoring.models import Rule, Source


@job
def follow(brand):
    """React to what was written into the brand's history."""
    if pipeline.follow(timezone.now()):
        pulse.refresh(brand, timezone.now())


@due.when_due
def follow_what_was_left(brand, now):
    """A job that failed or was lost is made up for."""
    if pipeline.is_behind():
        enqueue("follow", brand)


@job
def send_alarms(brand):
    """Write to those who must hear of a broken glass; what one job has no time for, the next one does."""
    if alarming.send_due(timezone.now()) and alarming.owed(timezone.now()):
        enqueue("send_alarms", brand)


@job
def tick():
    """Once a minute: send work to the brands that have something due. Visits no schema."""
    now = timezone.now()
    due.poke(now)
    sharing.forget(now)
    newsroom_files.tidy()


@job
def work_due(brand):
    """Everything of the brand's that is due now, slice by slice."""
    due.work(brand, timezone.now())


@job
def read_source(brand, source_id):
    """Read one source if it is due. A brand reads one at a time: who comes meanwhile leaves it to that one.

    The slow ones are read beside that, but one at a time in the whole house: some worker is always free.
    """
    source = due_source(source_id)
    if source is None or not brand.works:
        return
    slow = pacing.is_slow(source)
    with locks.tried(*(locks.SLOW_SOURCE, 0) if slow else (locks.SLOW_WORK, brand.pk)) as mine:
        if mine and (source := due_source(source_id)):
            listening.read(source, now=timezone.now(), seconds=listening.READING if slow else listening.HASTY)
        elif slow and source:
            listening.put_back(source, timezone.now(), after=pacing.AGAIN)
    if mine or slow:
        go_on(brand, chores_first=True)


@job
def check_links(brand):
    """Look whether the links of the brand's statements can be followed."""
    if brand.works and link_checks.check_due(now=timezone.now()):
        enqueue("check_links", brand)


def due_source(source_id):
    return listening.due(timezone.now()).filter(pk=source_id).first()


@job
def carry_on(brand):
    """A second's work on what takes long, then to the back of the queue; one worker at a time for a brand."""
    with locks.tried(locks.SLOW_WORK, brand.pk) as mine:
        if mine and brand.works:
            chores.carry_on(timezone.now())
    if mine and brand.works:
        go_on(brand, chores_first=False)


def go_on(brand, *, chores_first: bool) -> None:
    """Poke for the brand's next slow work, sources and chores in turn.

    The lock is free by now: whoever came in vain while it was held left a row behind, which is seen here.
    """
    source_id = listening.due(timezone.now()).values_list("pk", flat=True).first()
    if chores.waiting().exists() and (chores_first or source_id is None):
        enqueue("carry_on", brand)
    elif source_id is not None:
        enqueue("read_source", brand, source_id=source_id)


@due.when_due
def carry_on_with_chores(brand, now):
    """A poke that was lost is made up for."""
    if chores.waiting().exists():
        enqueue("carry_on", brand)


@due.when_due
def read_due(brand, now):
    """Send a job for the first due source, which goes on with the others; hourly, look for silent ones."""
    if (source_id := listening.due(now).values_list("pk", flat=True).first()) is not None:
        enqueue("read_source", brand, source_id=source_id)
    if cache.add(f"silence-{now:%Y%m%d%H}", True, timedelta(hours=1).total_seconds()):
        alerting.note_silence(now=now)


@due.comes_next
def silence_is_looked_for(now):
    """Once an hour while anybody listens, at a minute of the brand's own so that not all come at once."""
    if not somebody_listens():
        return None
    hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return hour + timedelta(minutes=context.here().pk % 60)


BATCHES = 10  # gathered by one job: another brand's jobs come in between
LOOK_AGAIN = timedelta(seconds=30)


@job
def gather_stories(brand):
    """Gather what was taken in into stories; what one job has no time for, the next one does."""
    now = timezone.now()
    try:
        done = [stories.gather(now) for _batch in range(BATCHES) if stories.is_behind()]
    except stories.Busy:  # whoever is at it may have looked before ours came in
        due.note_next(brand, now.replace(second=0, microsecond=0) + 2 * LOOK_AGAIN)
        return
    if len(done) == BATCHES:
        enqueue("gather_stories", brand)


@due.when_due
def gather_what_was_left(brand, now):
    """A job that was lost is made up for."""
    if stories.is_behind():
        enqueue("gather_stories", brand)


@due.when_due
def notice(brand, now):
    """Look at every rule and the brand as a whole, and wake what was snoozed until now."""
    snoozing.wake_due(now=now)
    if noticing.is_due(now) and somebody_listens():
        noticing.look(now=now)
        driving.keep_fresh(now=now)


@due.comes_next
def noticing_comes_next(now):
    """Every five minutes while anybody listens, at seconds of the brand's own; and when an alert wakes."""
    moments = [snoozing.next_waking()]
    if somebody_listens():
        five = now.replace(minute=now.minute - now.minute % 5, second=context.here().pk % 60, microsecond=0)
        moments.append(five + timedelta(minutes=5))
    return min((at for at in moments if at is not None), default=None)


def somebody_listens() -> bool:
    return Source.objects.filter(status=Source.Status.LISTENING).exists()


@job
def name_authors(brand):
    """Find out who wrote what the stream has just brought."""
    introducing.introduce(timezone.now())


@job
def match_past(brand, rule_id):
    """Have a new or changed rule look at the last month, bit by bit."""
    rule = Rule.objects.filter(pk=rule_id, is_active=True).first()
    if rule is not None:
        chores.match_past_later(rule, now=timezone.now())


@job
def release_publications(brand):
    """Send what is queued and read back what is unknown; what one job has no time for, the next one does."""
    if not brand.works:
        return
    now = timezone.now()
    if releasing.release_due(now) and releasing.is_due(now):
        enqueue("release_publications", brand)


@job
def rewrite_newsroom(brand):
    """The brand's name, colour or language changed, or it was suspended or taken up again."""
    newsroom_files.rewrite(brand)


@job
def look_after_publications(brand):
    """Read back what is out, now and then, and say when somebody changed or deleted it there."""
    now = timezone.now()
    if brand.works and watching.look_due(now) and watching.to_be_looked_at(now).exists():
        enqueue("look_after_publications", brand)


@job
def send_letters(brand):
    """Send what subscribers are owed; what one job has no time for, the next one does."""
    now = timezone.now()
    if brand.works and lettering.send_due(now) and lettering.waiting(now).exists():
        enqueue("send_letters", brand)
