"""Why each rule is there and what to do instead, in the reader's language."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .findings import Context, Finding

_L = gettext_lazy
# rule → its name, why, what to do
RULES = {
    "acknowledgement": (
        _L("says what happened"),
        _L("It does not say what happened. People read on only when they are told."),
        _L("Name it in the first sentence: fire, outage, injury; not “incident” or “issue”."),
    ),
    "facts_time": (
        _L("a fact with its time"),
        _L("No fact has a time. Without one nobody can tell old news from new."),
        _L("Say since when, or as of when, this is true."),
    ),
    "empathy": (
        _L("care for those affected"),
        _L("Nothing shows that you care about the people affected."),
        _L("Say in plain words what they are going through, and that you are sorry for it."),
    ),
    "action": (
        _L("what is being done"),
        _L("It does not say what you are doing about it."),
        _L("Name one thing that is under way or done, and who does it."),
    ),
    "next_update": (
        _L("when the next update comes"),
        _L("It does not say when you speak again, so others will speak for you."),
        _L("Give a time for the next update, and keep it."),
    ),
    "contact": (
        _L("how to reach you"),
        _L("People affected cannot see how to reach you."),
        _L("Add a number, an address or a place."),
    ),
    "update_or_contact": (
        _L("a contact or the next update"),
        _L("There is neither a contact nor a time for the next update."),
        _L("Add at least one of them."),
    ),
    "apology": (
        _L("a plain apology"),
        _L("An apology that does not say sorry is none."),
        _L("Say “we are sorry” or “we apologize”, and for what."),
    ),
    "responsibility": (
        _L("takes responsibility"),
        _L("Nobody takes responsibility."),
        _L("Say that it was wrong and that it was yours, without “but”."),
    ),
    "was_wrong": (
        _L("says what was wrong"),
        _L("A correction that does not say what was wrong corrects nothing."),
        _L("Repeat what you said, and say that it was wrong."),
    ),
    "is_right": (
        _L("says what is right"),
        _L("It does not say what is right."),
        _L("Give the right fact, and how you know it."),
    ),
    "denies": (
        _L("says what is not true"),
        _L("It does not clearly say that the claim is not true."),
        _L("Name the claim once, then say that it is not true."),
    ),
    "proof": (
        _L("says how you know"),
        _L("A denial without a reason to believe it convinces nobody."),
        _L("Say who checked it, or where the record can be seen."),
    ),
    "over": (
        _L("says that it is over"),
        _L("It does not say that it is over."),
        _L("Say since when, and for whom."),
    ),
    "learned": (
        _L("what was found and changed"),
        _L("It does not say what was found or changed."),
        _L("Name the cause, and what is different now."),
    ),
    "instruction": (
        _L("what customers do now"),
        _L("A notice must tell people what to do."),
        _L("Say in one sentence what they do now, and what they leave."),
    ),
    "voice": (
        _L("who speaks to the press"),
        _L("Staff are not told who speaks to the press. What is sent to all staff is read outside."),
        _L("Name who answers, and say that nobody else speaks for the company."),
    ),
    "answers": (
        _L("questions with answers"),
        _L("There are no questions in it."),
        _L("Write each as a question, with its answer below."),
    ),
    "speculation": (
        _L("speculation"),
        _L("This guesses. A guess that proves wrong costs more than silence."),
        _L("Say what is confirmed, and who is finding out the rest."),
    ),
    "blame": (
        _L("blame"),
        _L("This puts the blame on somebody. It angers people, and it may be wrong."),
        _L("Say what happened and what you do about it; leave fault to those who investigate."),
    ),
    "non_apology": (
        _L("an apology that is none"),
        _L("This apologizes for how people feel, or for nothing. Readers take it as an insult."),
        _L("Say sorry for what you did, to those it hurt, without “if” and without your intentions."),
    ),
    "cold": (
        _L("cold or defensive"),
        _L("This sounds cold or defensive."),
        _L("Write it as you would say it to somebody affected."),
    ),
    "evasive": (
        _L("evasive"),
        _L("This says little. People notice."),
        _L("Name the thing, or give a time."),
    ),
    "gap": (
        _L("a gap to fill"),
        _L("This is still to be filled in."),
        _L("Fill it in, or take the sentence out."),
    ),
    "victim_name": (
        _L("a victim’s name"),
        _L("This names somebody who was hurt. Families must not read it first from you."),
        _L("Leave the name out; say how many, and that their families are being told."),
    ),
    "number": (
        _L("an unconfirmed number"),
        _L("This number is in none of the confirmed facts."),
        _L("Have it confirmed and add it to the facts, or leave it out."),
    ),
    "variants": (
        _L("variants that differ"),
        _L("The fullest text does not have this. Two texts that differ are a story of their own."),
        _L("Bring both to the same fact, number or time."),
    ),
    "languages": (
        _L("English and Filipino that differ"),
        _L("One language says it, the other does not."),
        _L("Bring both to the same fact. Who reads one must not learn less than who reads the other."),
    ),
    "version": (
        _L("a text in one language only"),
        _L("One language has a text here, the other has none."),
        _L("Write it in both, or leave both empty."),
    ),
    "key_message": (
        _L("a key message left out"),
        _L("A key message is not in it."),
        "",
    ),
    "shouting": (
        _L("shouting"),
        _L("This shouts."),
        _L("Take out the capitals or the exclamation marks."),
    ),
    "link": (
        _L("a link that does not work"),
        _L("This link does not work."),
        _L("Correct it or take it out."),
    ),
    "cheerful": (
        _L("too cheerful"),
        _L("It sounds cheerful for what happened."),
        _L("Read it aloud as somebody who was there."),
    ),
    "reading": (_L("hard to read"), _L("It is hard to read."), ""),
}
OWN = {
    "do_not_say": (
        _L("a word on the do-not-say list"),
        _L("The brand does not say this."),
        _L("Use other words."),
    ),
    "must_say": (
        _L("what the brand always says"),
        _L("Something the brand always says is not in it."),
        _L("Add it."),
    ),
}
KINDS = {**RULES, **OWN}


def title(rule: str) -> str:
    """What a rule is called; one of the brand's own by its kind."""
    return str(KINDS[rule.partition(":")[0]][0])


def worded(finding: Finding, context: Context) -> Finding:
    """The finding with why and what to do; what the rule itself noted in `suggestion` is worked into them."""
    kind, _colon, number = finding.rule.partition(":")
    _title, reason, suggestion = KINDS[kind]
    if kind in OWN:
        own = next(rule for rule in context.rules if rule.name == finding.rule)
        listed = ", ".join(own.phrases[:5]) if kind == "must_say" else ""
        return replace(finding, reason=own.reason or str(reason), suggestion=listed or str(suggestion))
    if kind == "key_message":
        return replace(finding, reason=str(reason), suggestion=finding.suggestion, about=finding.suggestion)
    if kind == "reading":
        return replace(finding, reason=str(reason), suggestion=hard_words(finding.suggestion))
    return replace(finding, reason=finding.reason or str(reason), suggestion=str(suggestion))


def hard_words(told: str) -> str:
    kind, _colon, number = told.partition(":")
    if kind == "grade":
        return _("It needs about %(grade)s years of school. Shorter sentences, plainer words.") % {
            "grade": number
        }
    if kind == "sentence":
        words = ngettext(
            "A sentence has %(n)d word on average. Cut the long ones.",
            "A sentence has %(n)d words on average. Cut the long ones.",
            int(number),
        )
        return words % {"n": int(number)}
    return _("Many long words. Say it as people speak.")
