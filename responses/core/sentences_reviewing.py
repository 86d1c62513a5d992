"""Sentences of policies, deputies, and of what happens while nobody answers."""

from django.utils.translation import gettext_lazy as _

REVIEWING = {
    "statement.seen": (
        _("%(who)s opened revision %(revision)s of %(title)s"),
        _("%(who)s opened a text that waits for a decision"),
    ),
    "review.link_opened": (
        _("The link sent to %(person)s was opened, by them or by a mail scanner"),
        _("A link to decide was opened"),
    ),
    "review.approved_in_part": (
        _("%(who)s approved revision %(revision)s of %(title)s for %(for_whom)s; others are still asked"),
        _("%(who)s approved revision %(revision)s of %(title)s; others are still asked"),
        _("%(who)s approved; others are still asked"),
    ),
    "review.passed_in_silence": (
        _("Nobody objected to revision %(revision)s of %(title)s in time, so it goes on"),
        _("Nobody objected in time"),
    ),
    "review.step_agreed": (
        _("All who are still asked have approved revision %(revision)s of %(title)s, so it goes on"),
        _("All who are still asked have approved"),
    ),
    "review.blocked": (
        _("The stored text is not the one that was written. Do not approve; tell the agency."),
    ),
    "review.reminded": (
        _("Half of the time is over: %(people)s are reminded of %(title)s"),
        _("Half of the time to decide is over"),
    ),
    "review.deputies_called": (
        _("Three quarters of the time are over: the deputies are called for %(title)s: %(people)s"),
        _("Three quarters of the time to decide are over"),
    ),
    "review.escalated": (
        _("Nobody has decided on %(title)s in time: %(people)s are told"),
        _("Nobody has decided in time"),
    ),
    "review.reminder_sent": (_("%(person)s was reminded by e-mail"), _("A reminder was sent")),
    "review.reminder_failed": (
        _("The reminder to %(person)s could not be sent: %(error)s"),
        _("A reminder could not be sent"),
    ),
    "review.escalation_sent": (
        _("%(person)s was told by e-mail that nobody has decided in time"),
        _("Those above were told by e-mail"),
    ),
    "review.escalation_failed": (
        _("%(person)s could not be told that nobody has decided in time: %(error)s"),
        _("Those above could not be told"),
    ),
    "policy.changed": (
        _("%(who)s changed the review policy %(title)s"),
        _("%(who)s changed a review policy"),
    ),
    "deputy.named": (
        _("%(who)s named %(deputy)s as the deputy of %(person)s"),
        _("%(who)s named a deputy"),
    ),
    "deputy.let_go": (
        _("%(who)s ended the deputyship of %(deputy)s for %(person)s"),
        _("%(who)s ended a deputyship"),
    ),
    "glass.rule_changed": (
        _("%(who)s said who may break the glass: %(people)s"),
        _("%(who)s said that nobody may break the glass"),
    ),
    "glass.asked": (
        _("%(who)s asks to let %(title)s out at once: %(reason)s"),
        _("%(who)s asks to break the glass"),
    ),
    "glass.broken": (
        _("The glass is broken: %(people)s let %(title)s out, the last because: %(reason)s"),
        _("The glass is broken"),
    ),
    "glass.lapsed": (
        _("Nobody came second in time for %(title)s, so the glass stays whole"),
        _("The glass stays whole"),
    ),
    "glass.upheld_in_part": (
        _("%(who)s approved %(title)s afterwards: %(function)s"),
        _("%(who)s approved it afterwards"),
    ),
    "glass.upheld": (
        _("%(title)s is approved afterwards by all; %(who)s was the last"),
        _("It is approved afterwards"),
    ),
    "glass.regretted": (
        _("%(who)s says that %(title)s should not have gone out: %(reason)s"),
        _("%(who)s says that it should not have gone out"),
    ),
    "glass.second_sent": (_("%(person)s was asked by e-mail to come second"), _("The second was asked")),
    "glass.second_failed": (
        _("%(person)s could not be asked to come second: %(error)s"),
        _("The second could not be asked"),
    ),
    "glass.alarm_sent": (
        _("%(person)s was told by e-mail that the glass is broken"),
        _("People were told that the glass is broken"),
    ),
    "glass.alarm_failed": (
        _("%(person)s could not be told that the glass is broken: %(error)s"),
        _("Somebody could not be told that the glass is broken"),
    ),
}
