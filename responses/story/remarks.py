"""What was said about the bank's notice while it was in review."""

from datetime import timedelta

from responses.core.actors import person
from responses.statements import commenting
from responses.statements.commenting_models import Comment

CELIA, ANA, JUN = "celia@habi.example", "ana@habi.example", "jun@bankoluzon.example"
FAULT = "Our engineers have found the fault and are repairing it."
SOON = "The app will be back soon."
SAFE = "Your money and your data are safe."


def within_the_agency(statement, people, now):
    """The lawyer asks, the writer answers; and a sentence that promises too much gets other words."""
    at = now - timedelta(minutes=82)
    words = "Is the fault ours or the data centre's? If it is theirs, we should not say that we found it."
    asked = say(statement, people[CELIA], at, quote=FAULT, text=words)
    answer = "Ours: a certificate that ran out. Their shift lead said so at the call."
    commenting.reply(asked, text=answer, by=person(people[ANA]), now=at + timedelta(minutes=3))
    say(
        statement,
        people[CELIA],
        at + timedelta(minutes=1),
        quote=SOON,
        text="“Soon” promises what nobody can keep.",
        replacement="We will write again within the hour.",
    )


def with_the_client(statement, people, now):
    at = now - timedelta(minutes=45)
    audience = Comment.Audience.CLIENT
    words = "This is what people call about. Could it come first?"
    asked = say(statement, people[JUN], at, quote=SAFE, text=words, audience=audience)
    answer = "Yes: it moves to the top in the next version."
    commenting.reply(asked, text=answer, by=person(people[ANA]), now=at + timedelta(minutes=5))


def say(statement, user, at, *, quote, **given):
    """About words of the newsroom's text."""
    revision = statement.latest
    variant = revision.variants.get(channel__kind="newsroom", language=revision.language)
    given = {"text": "", **given}
    return commenting.comment(revision, variant=variant, quote=quote, by=person(user), now=at, **given)
