"""What each kind of event says, in words. A kind has its fullest sentence first; the one whose blanks the
event can fill is told. Values are escaped by `timeline`, so a sentence is plain text with blanks."""

from django.utils.translation import gettext_lazy as _

from .sentences_publishing import PUBLISHING, PUBLISHING_WORDS
from .sentences_reviewing import REVIEWING
from .sentences_writing import WRITING, WRITING_WORDS

SENTENCES = {
    "mention.ingested": (
        _("%(new)s new mentions came in from %(title)s"),
        _("%(new)s new mentions came in"),
        _("New mentions came in"),
    ),
    "mention.corrected": (
        _("%(who)s says that “%(title)s” is %(tone)s; it was read as %(tone_before)s"),
        _("%(who)s corrected how a mention is read"),
    ),
    "source.added": (_("%(who)s added the source %(title)s"), _("%(who)s added a source")),
    "source.changed": (_("%(who)s changed the source %(title)s"), _("%(who)s changed a source")),
    "source.paused": (_("%(who)s paused the source %(title)s"), _("%(who)s paused a source")),
    "source.resumed": (_("%(who)s resumed the source %(title)s"), _("%(who)s resumed a source")),
    "source.stopped": (
        _("The source %(title)s has stopped: %(error)s"),
        _("The source %(title)s has stopped"),
        _("A source has stopped"),
    ),
    "source.failed": (
        _("The source %(title)s could not be read: %(error)s"),
        _("The source %(title)s could not be read"),
        _("A source could not be read"),
    ),
    "source.recovered": (_("The source %(title)s can be read again"), _("A source can be read again")),
    "source.removed": (_("%(who)s removed the source %(title)s"), _("%(who)s removed a source")),
    "rule.added": (_("%(who)s added the rule %(title)s"), _("%(who)s added a rule")),
    "rule.changed": (_("%(who)s changed the rule %(title)s"), _("%(who)s changed a rule")),
    "rule.removed": (_("%(who)s removed the rule %(title)s"), _("%(who)s removed a rule")),
    "mention.triaged": (
        _("%(who)s marked %(count)s mentions as “%(state)s”"),
        _("%(who)s went through mentions"),
    ),
    "view.saved": (_("%(who)s saved the view %(title)s"), _("%(who)s saved a view")),
    "view.removed": (_("%(who)s removed the view %(title)s"), _("%(who)s removed a view")),
    "query.saved": (_("%(who)s saved the query %(title)s"), _("%(who)s saved a query")),
    "query.changed": (_("%(who)s changed the saved query %(title)s"), _("%(who)s changed a saved query")),
    "query.removed": (_("%(who)s removed the saved query %(title)s"), _("%(who)s removed a saved query")),
    "exclusion.added": (
        _("%(who)s excluded %(title)s: %(reason)s"),
        _("%(who)s excluded %(title)s"),
        _("%(who)s added an exclusion"),
    ),
    "exclusion.removed": (
        _("%(who)s no longer excludes %(title)s"),
        _("%(who)s removed an exclusion"),
    ),
    "alert.raised": (
        _("Alert raised: %(title)s, level %(severity)s"),
        _("Alert raised: %(title)s"),
        _("An alert was raised"),
    ),
    "alert.acknowledged": (
        _("%(who)s acknowledged the alert %(title)s"),
        _("%(who)s acknowledged the alert"),
    ),
    "alert.dismissed": (
        _("%(who)s dismissed the alert: %(reason)s"),
        _("%(who)s dismissed the alert"),
    ),
    "alert.escalated": (_("%(who)s turned the alert into an incident"),),
    "alert.held": (
        _("Over the week's budget, so nobody was called: %(title)s"),
        _("An alert was held: the week's budget is used up"),
    ),
    "alert.snoozed": (_("%(who)s snoozed the alert %(title)s"), _("%(who)s snoozed an alert")),
    "alert.woken": (_("The alert %(title)s is back"), _("An alert is back")),
    "budget.changed": (
        _("%(who)s set the budget to %(per_week)s alerts a week"),
        _("%(who)s changed how many alerts a week are looked at"),
    ),
    "author.named": (
        _("%(who)s put the author %(title)s on the list"),
        _("%(who)s put an author on the list"),
    ),
    "author.changed": (
        _("%(who)s changed what is known of the author %(title)s"),
        _("%(who)s changed an author on the list"),
    ),
    "author.removed": (
        _("%(who)s took the author %(title)s off the list"),
        _("%(who)s took an author off the list"),
    ),
    "incident.opened": (
        _("%(who)s opened incident %(number)s at level %(severity)s, protocol %(protocol)s"),
        _("%(who)s opened incident %(number)s at level %(severity)s"),
        _("%(who)s opened the incident"),
    ),
    "incident.acknowledged": (_("%(who)s acknowledged the incident"),),
    "incident.contained": (_("%(who)s called the incident contained"),),
    "incident.resolved": (
        _("%(who)s resolved the incident: %(resolution)s"),
        _("%(who)s resolved the incident"),
    ),
    "incident.reopened": (
        _("%(who)s reopened the incident: %(reason)s"),
        _("%(who)s reopened the incident"),
    ),
    "incident.severity_changed": (
        _("%(who)s changed the level from %(before)s to %(after)s: %(reason)s"),
        _("%(who)s changed the level to %(after)s"),
        _("%(who)s changed the level"),
    ),
    "incident.part_given": (
        _("%(who)s gave %(person)s the part of %(function)s"),
        _("%(who)s took the part of %(function)s"),
        _("%(who)s gave out a part"),
    ),
    "incident.noted": (_("%(who)s noted: %(text)s"), _("%(who)s wrote a note")),
    "task.added": (_("%(who)s added the task %(title)s"), _("%(who)s added a task")),
    "task.done": (_("%(who)s finished %(title)s"), _("%(who)s finished a task")),
    "task.skipped": (
        _("%(who)s skipped %(title)s: %(reason)s"),
        _("%(who)s skipped %(title)s"),
        _("%(who)s skipped a task"),
    ),
    "task.reopened": (_("%(who)s put %(title)s back on the list"), _("%(who)s put a task back on the list")),
    "task.assigned": (
        _("%(who)s gave %(title)s to %(person)s"),
        _("%(who)s gave out %(title)s"),
        _("%(who)s gave out a task"),
    ),
    "protocol.changed": (
        _("%(who)s changed the protocol %(title)s"),
        _("%(who)s changed a protocol"),
    ),
    "statement.drafted": (
        _("%(who)s drafted the %(type)s %(title)s"),
        _("%(who)s drafted %(title)s"),
        _("%(who)s drafted a statement"),
    ),
    "statement.revised": (
        _("%(who)s wrote revision %(revision)s of %(title)s"),
        _("%(who)s revised %(title)s"),
        _("%(who)s revised a statement"),
    ),
    "statement.submitted": (
        _("%(who)s sent revision %(revision)s of %(title)s to review"),
        _("%(who)s sent %(title)s to review"),
        _("%(who)s sent a statement to review"),
    ),
    "statement.approved": (
        _("Revision %(revision)s of %(title)s is approved by all"),
        _("%(title)s is approved by all"),
        _("The statement is approved by all"),
    ),
    "statement.changes_requested": (
        _("%(who)s asked for changes to %(title)s: %(comment)s"),
        _("%(who)s asked for changes: %(comment)s"),
        _("%(who)s asked for changes"),
    ),
    "statement.review_voided": (
        _("%(who)s edited %(title)s, so its review is void"),
        _("%(who)s edited the text, so its review is void"),
    ),
    "statement.withdrawn": (_("%(who)s withdrew %(title)s"), _("%(who)s withdrew a statement")),
    "statement.published": (
        _("%(title)s is public: %(channels)s"),
        _("%(title)s is public"),
        _("A statement is public"),
    ),
    "review.step_opened": (
        _("%(title)s waits for a decision: %(function)s"),
        _("A decision is waited for: %(function)s"),
        _("A decision is waited for"),
    ),
    "review.step_passed": (
        _("%(who)s approved revision %(revision)s of %(title)s"),
        _("%(who)s approved %(title)s"),
        _("%(who)s approved"),
    ),
    **REVIEWING,
    "review.link_sent": (
        _("A link to decide was sent to %(person)s"),
        _("A link to decide was sent"),
    ),
    "review.link_failed": (
        _("The link for %(person)s could not be sent: %(error)s"),
        _("A link to decide could not be sent"),
    ),
    "review.letter_sent": (
        _("%(person)s was told by e-mail that a decision waits"),
        _("People were told by e-mail that a decision waits"),
    ),
    "review.letter_failed": (
        _("The letter to %(person)s could not be sent: %(error)s"),
        _("A letter about a decision could not be sent"),
    ),
    "review.passed": (_("The review is passed"),),
    "review.returned": (_("The review ended: changes are asked for"),),
    "review.step_returned": (_("%(who)s gave the text back"),),
    "review.step_cancelled": (_("A review step was cancelled"),),
    "review.voided": (_("The review is void"),),
    "statement.reopened": (_("%(who)s took %(title)s up again"), _("%(who)s took a statement up again")),
    **WRITING,
    **PUBLISHING,
    "key.created": (_("%(who)s made the API key %(title)s"), _("%(who)s made an API key")),
    "key.revoked": (_("%(who)s revoked the API key %(title)s"), _("%(who)s revoked an API key")),
}

# Words that events keep as codes, told in the reader's language.
WORDS = {
    "lead": _("lead"),
    "voice": _("spokesperson"),
    "legal": _("legal"),
    "scribe": _("scribe"),
    "client": _("client"),
    "agency": _("agency lead"),
    "crisis": _("crisis lead"),
    "named": _("named people"),
    **WRITING_WORDS,
    **PUBLISHING_WORDS,
    "new": _("new"),
    "seen": _("seen"),
    "set_aside": _("set aside"),
    "negative": _("negative"),
    "neutral": _("neutral"),
    "positive": _("positive"),
}
CODED = {"function", "type", "tone", "tone_before", "state", "point_kind"}  # the blanks that hold such a code
LEVELS = {"severity", "before", "after"}  # the blanks that hold a level, 0 to 4

DECISIONS = {
    "alert.acknowledged",
    "alert.dismissed",
    "alert.escalated",
    "incident.opened",
    "incident.acknowledged",
    "incident.contained",
    "incident.resolved",
    "incident.reopened",
    "incident.severity_changed",
    "incident.part_given",
    "statement.submitted",
    "statement.approved",
    "statement.changes_requested",
    "statement.withdrawn",
    "finding.overruled",
    "version.still_right",
    "review.step_passed",
    "review.approved_in_part",
    "review.passed_in_silence",
    "review.step_agreed",
    "glass.asked",
    "glass.broken",
    "glass.upheld_in_part",
    "glass.upheld",
    "glass.regretted",
    "publication.resolved",
    "publication.again_asked",
    "statement.scheduled",
    "publication.cancelled",
    "task.skipped",
}
PUBLIC = {"statement.published", "publication.sent"}
TROUBLE = {
    "source.failed",
    "source.stopped",
    "review.link_failed",
    "review.letter_failed",
    "review.reminder_failed",
    "review.escalation_failed",
    "review.escalated",
    "review.blocked",
    "glass.asked",
    "glass.broken",
    "glass.regretted",
    "glass.second_failed",
    "glass.alarm_failed",
    "publication.failed",
    "publication.unknown",
    "publication.blocked",
    "channel.troubled",
    "publication.changed_outside",
    "publication.gone_outside",
    "statement.changes_requested",
}
GOOD = {
    "incident.contained",
    "incident.resolved",
    "statement.approved",
    "review.step_passed",
    "review.passed_in_silence",
    "review.step_agreed",
    "glass.upheld",
    "task.done",
    "source.recovered",
    "channel.recovered",
    "publication.same_again",
}
