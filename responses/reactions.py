"""What follows from what, across slices. Each reaction may run twice and changes nothing the second time."""

from responses.core import history
from responses.core.actors import TUGON
from responses.core.models import Event
from responses.errors import Refused
from responses.incidents import lifecycle
from responses.incidents.models import Incident
from responses.monitoring import driving, noticing
from responses.monitoring.models import Alert
from responses.monitoring.states import ALERT_LIVE
from responses.publishing import deciding, releasing
from responses.statements import calling, hurrying
from responses.statements.glass_models import Glass
from responses.statements.models import Statement, Step
from tenants import context, jobs

from . import due
from .pipeline import on


@on("mention.ingested")
def gather_into_stories(event, now):
    """What was taken in is gathered into stories and weighed by a job of its own: an alert does not wait."""
    jobs.enqueue("gather_stories", context.here())


@on("mention.ingested")
def notice_what_came_in(event, now):
    """A flood is noticed seconds after it came in, not at the next round of the clock."""
    noticing.look_soon(now=now)
    driving.keep_fresh(now=now)


@on("alert.raised", "alert.held")
def draw_what_drives_it(event, now):
    """Keep with the alert what it looked like, and who and what made it."""
    alert = Alert.objects.select_related("rule").filter(pk=event.subject_id).first()
    if alert is not None:
        driving.illustrate(alert, now=now)


@on("alert.raised")
def open_what_the_rule_says(event, now):
    """A match of a rule that opens incidents becomes one at once, unless a person was quicker."""
    alert = Alert.objects.select_related("rule").filter(pk=event.subject_id).first()
    if alert is None or alert.kind != Alert.Kind.MATCH or not (alert.rule and alert.rule.opens_incident):
        return
    if alert.status in ALERT_LIVE and not Incident.objects.filter(alert=alert).exists():
        lifecycle.open_incident(title=alert.title, severity=alert.severity, alert=alert, by=TUGON, now=now)


@on("statement.approved")
def publish_what_is_approved(event, now):
    """Approved means out, unless somebody wants to press the button or it was taken back meanwhile."""
    statement = Statement.objects.get(pk=event.subject_id)
    if statement.release_on_approval and statement.status == Statement.Status.APPROVED:
        queue(statement, event, now)


def queue(statement, event, now) -> None:
    """Into the outbox, or an alarm in the history: it may have been changed or withdrawn since the event.

    A refusal is an answer, so it is not tried again and holds up nothing that happened after it.
    """
    try:
        releasing.queue(statement, by=TUGON, now=now)
    except Refused as refused:
        kind, because = "publication.blocked", {"event": event.seq}
        if Event.objects.filter(kind=kind, subject_type="statement", data__contains=because).exists():
            return
        told = {
            "statement": statement.pk,
            "title": statement.title,
            "reason": str(refused.message),
            "alarm": True,
        }
        history.record(
            kind, by=TUGON, now=now, subject=statement, incident=event.incident_id, **told, **because
        )


@on("statement.review_voided", "statement.withdrawn", "glass.regretted")
def call_back_what_no_longer_stands(event, now):
    """What is still queued of a wording that was edited or withdrawn stays in."""
    deciding.call_back(now=now)


@on("publication.sent", "publication.resolved", "publication.cancelled")
def conclude_the_statement(event, now):
    """When all of it is out, the statement is published."""
    releasing.conclude(event.data["statement"], now=now)


@on("review.step_opened", "review.deputies_called")
def call_those_who_decide(event, now):
    """Everybody whose turn it is gets a letter, the client with a link of their own."""
    calling.call(step_of(event), now=now, even_if_failed=False)


@on("review.reminded")
def remind_those_who_decide(event, now):
    hurrying.write_reminders(step_of(event), now)


@on("review.escalated")
def tell_those_above(event, now):
    hurrying.write_above(step_of(event), now)


def step_of(event) -> Step:
    return Step.objects.select_related("review__revision__statement__incident").get(pk=event.subject_id)


@on("glass.broken")
def let_out_what_stood_by(event, now):
    """Two named people let it out."""
    queue(Glass.objects.select_related("statement").get(pk=event.subject_id).statement, event, now)


@on("glass.asked", "glass.broken")
def write_of_the_glass(event, now):
    """The other named people hear that somebody asks, everybody that it is broken: by a job of its own."""
    due.by(now)
    jobs.enqueue("send_alarms", context.here())


@on("incident.resolved", "incident.reopened", "incident.contained")
def say_on_the_newsroom_how_it_stands(event, now):
    """The public page says what goes on and what is over."""
    jobs.enqueue("rewrite_newsroom", context.here())
