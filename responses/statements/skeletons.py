"""Where a writer starts: for each type the sentences that belong in it, with [gaps] to fill."""

import re

from django.utils import translation
from django.utils.translation import gettext_lazy as _

GAP = re.compile(r"\[[^\]\[\n]{1,80}\]|\{[a-z_]{1,40}\}")  # and the variables of a template
SKELETONS = {
    "holding": _(
        "At [time] on [day], [what happened] at [place].\n\n"
        "What we know for certain: [confirmed facts only].\n\n"
        "What we are doing now: [actions under way].\n\n"
        "We are sorry for [the fear, the wait, the harm]. People who need help can reach us at [contact].\n\n"
        "We will speak again by [time]."
    ),
    "full": _(
        "On [day] at [time], [what happened] at [place].\n\n"
        "[Who was affected], and this is how they are now: [confirmed facts].\n\n"
        "We are sorry. [What we regret, in plain words].\n\n"
        "What we have done: [actions]. What we do next: [actions, and by when].\n\n"
        "The cause: [what is confirmed, or who is looking into it].\n\n"
        "Contact: [number, address]. Next update: [time]."
    ),
    "update": _(
        "Update of [time], [day].\n\n"
        "New since our last word: [facts].\n\n"
        "Still not known: [what, and who is finding out].\n\n"
        "We will speak again by [time]. Contact: [number]."
    ),
    "apology": _(
        "We are sorry. On [day], [what we did or failed to do], and [whom it harmed, and how].\n\n"
        "This was our responsibility.\n\n"
        "To make it right we [what we do for those harmed, and by when].\n\n"
        "So that it does not happen again we [what changes, and by when].\n\n"
        "Those affected can reach us at [contact]."
    ),
    "correction": _(
        "On [day] we said: “[what was wrong]”. That was not right.\n\n"
        "The fact is: [what is right, and how we know].\n\n"
        "We are sorry for the error. Questions: [contact]."
    ),
    "denial": _(
        "It is being said that [the claim]. This is not true.\n\n"
        "The fact is: [what is right]. [Who checked it], and it can be seen at [where].\n\n"
        "We understand why people ask. Questions: [contact]."
    ),
    "resolution": _(
        "[What happened] is over since [time] on [day].\n\n"
        "What we found: [cause]. What we changed: [actions].\n\n"
        "Those affected: [what they get, and how].\n\n"
        "Thank you to [who helped]. Contact: [number]."
    ),
    "notice": _(
        "If you [bought, use, booked] [what] [from when to when], please read this.\n\n"
        "[What is wrong, and for whom it matters].\n\n"
        "What to do now: [one clear step]. Do not [what to leave].\n\n"
        "We are sorry for [the trouble, the worry]. We [what we do for you, and by when].\n\n"
        "Questions: [number, hours]."
    ),
    "memo": _(
        "Dear colleagues,\n\n"
        "[Day, time]: [what happened, in one sentence]. I know that [what this is like for you].\n\n"
        "What we know: [confirmed facts]. What we are doing: [actions].\n\n"
        "Questions from the press go to [name, number]. Please do not speak or post for the company.\n\n"
        "I will write again by [time]. Ask me or [name] anything before that."
    ),
    "qa": _(
        "Q: What happened?\nA: [what, where, when].\n\n"
        "Q: Who is affected?\nA: [confirmed facts].\n\n"
        "Q: Why did it happen?\nA: [what is confirmed, or who is looking into it and until when].\n\n"
        "Q: What are you doing?\nA: [actions, and by when]. We are sorry for [the harm].\n\n"
        "Q: What should I do now?\nA: [one clear step]. [contact]"
    ),
    "retraction": _(
        "On [day] we published “[title]”. We take it back.\n\n"
        "Why: [what was wrong, and how we know].\n\n"
        "What holds instead: [confirmed facts, or when we will speak again].\n\n"
        "We are sorry for the error. Questions: [contact]."
    ),
}
SHORT = {
    "holding": _(
        "[What happened] at [place], [time]. We [what we do now]. We speak again by [time]. [contact]"
    ),
    "full": _("[What happened, who is affected, what we do]. We are sorry. The full statement: [link]"),
    "update": _("Update [time]: [what is new]. Next word by [time]."),
    "apology": _("We are sorry for [what we did]. We [what we do to make it right]. More: [link]"),
    "correction": _("Correction: [what is right]. What we said on [day] was wrong. We are sorry."),
    "denial": _(
        "It is not true that [the claim]. The fact: [what is right]. Please do not pass it on. [link]"
    ),
    "resolution": _("[What happened] is over since [time]. [What those affected do now]. Thank you."),
    "notice": _(
        "[What] [from when to when]: please [one clear step]. We are sorry for the trouble. [contact]"
    ),
    "memo": _("For our staff: [what happened]. We [what we do]. The press asks [name]. More by [time]."),
    "qa": _("What people ask about [what happened], with our answers: [link]"),
    "retraction": _("We take back what we said on [day] about [what]: [why]. We are sorry."),
}


def skeleton(type: str, channel_kind: str, language: str) -> str:
    """The text to start from, in the statement's language."""
    with translation.override(language):
        return str((SKELETONS if channel_kind == "newsroom" else SHORT)[type])


def gaps(texts) -> list[str]:
    """What is still to be filled in, each once."""
    return list(dict.fromkeys(gap for text in texts for gap in GAP.findall(text)))
