"""Sending what was published to those who asked for it: each letter once, or its outcome is unknown.

A letter is claimed and that is committed before the mail server is spoken to. Refused before its text was
handed over, it goes again; cut off while it was, nobody knows, and nobody sends it a second time. Its
Message-ID is made from the publication and the subscriber, so that a server which sees it twice can tell.
What goes out is compared with what people approved as at release, for it may be hours later.
"""

import smtplib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Min
from django.template.loader import render_to_string
from django.utils import translation

from responses import due
from responses.core import history
from responses.core.actors import TUGON
from responses.statements import breaking, keeping, tongues
from tenants import context, jobs

from . import approval, newsroom, settling, subscribing
from .models import Letter, Publication, Subscriber

OPEN = (Letter.State.QUEUED, Letter.State.SENDING)
AT_ONCE = 50  # letters of one job
LEASE = timedelta(minutes=10)
PAUSES = tuple(timedelta(minutes=each) for each in (2, 10, 30, 120, 360))


def write(publication: Publication, *, now) -> int:
    """A letter for everybody who has confirmed; asked again it adds nobody twice. How many there are."""
    wanted = Subscriber.objects.exclude(confirmed_at=None).values_list("pk", flat=True)
    rows = [Letter(publication=publication, subscriber_id=pk, due_at=now) for pk in wanted]
    Letter.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    due.by(now)
    jobs.enqueue("send_letters", context.here())
    return publication.letters.count()


def send_due(now, limit: int = AT_ONCE) -> int:
    """Send what is due; returns how many were tried. One connection serves them all."""
    give_up_lost(now)
    wanted = Publication.objects.filter(pk__in=waiting(now).values("publication"))
    rows = wanted.select_related("statement", "revision", "variant", "channel")
    sound, tried = [each.pk for each in rows if not stopped(each, now)], 0
    with closing_quietly() as connection:
        for letter in claimed(now, limit, sound):
            settle(letter, *tried_once(letter, connection), now=now)
            tried += 1
    return tried


def stopped(publication: Publication, now) -> bool:
    """Whether it is no more what people approved: then nobody else gets it, and the alarm is release's."""
    if not (reason := approval.doubt(publication)):
        return False
    with transaction.atomic():
        rows = publication.letters.filter(state=Letter.State.QUEUED)
        if rows.update(state=Letter.State.FAILED, error=reason[:300]):
            incident = breaking.incident_of(publication.statement)
            told = settling.told_of(publication) | settling.alarm(publication, reason)
            history.record(
                "publication.blocked", by=TUGON, now=now, subject=publication, incident=incident, **told
            )
    return True


def waiting(now):
    return Letter.objects.filter(state=Letter.State.QUEUED, due_at__lte=now)


def give_up_lost(now) -> None:
    """Whoever was sending them died: they may have gone out."""
    lost = Letter.objects.filter(state=Letter.State.SENDING, due_at__lte=now)
    lost.update(state=Letter.State.UNKNOWN, error="The sender died on it.")


def claimed(now, limit: int, of: Sequence[int]) -> Iterator[Letter]:
    """One after the other of these publications, each ours and committed before it is given."""
    for _number in range(limit):
        with transaction.atomic():
            rows = waiting(now).filter(publication__in=of).select_for_update(skip_locked=True, of=("self",))
            letter = rows.select_related("subscriber").order_by("due_at", "pk").first()
            if letter is None:
                return
            letter.state, letter.due_at, letter.tries = Letter.State.SENDING, now + LEASE, letter.tries + 1
            letter.save(update_fields=["state", "due_at", "tries"])
        yield letter


class closing_quietly:  # noqa: N801  (reads as a function)
    """The mail server's connection; a fault while saying goodbye changes nothing."""

    def __enter__(self):
        self.connection = get_connection()
        return self.connection

    def __exit__(self, *_error):
        try:
            self.connection.close()
        except (smtplib.SMTPException, OSError):
            return


def tried_once(letter: Letter, connection) -> tuple[str, str]:
    """The outcome and why. Only what was refused for certain may be tried again."""
    if not letter.subscriber.is_confirmed:
        return Letter.State.FAILED, "The subscriber has left."
    message = letter_of(letter)
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        return Letter.State.QUEUED, words(error)
    try:
        sent = connection.send_messages([message])
    except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused) as error:
        return refused(error)
    except smtplib.SMTPDataError as error:
        return refused_with(error.smtp_code, words(error))
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        return Letter.State.UNKNOWN, words(error)
    return (Letter.State.SENT, "") if sent else (Letter.State.FAILED, "Nobody to send it to.")


def refused(error) -> tuple[str, str]:
    """Before the text was handed over: for now (4xx) or for good."""
    told = getattr(error, "recipients", None) or {}
    code = next(iter(told.values()))[0] if told else getattr(error, "smtp_code", 550)
    return refused_with(code, words(error))


def refused_with(code: int, why: str) -> tuple[str, str]:
    return (Letter.State.QUEUED if 400 <= code < 500 else Letter.State.FAILED), why


def words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def settle(letter: Letter, status: str, error: str, *, now) -> None:
    if status == Letter.State.QUEUED and letter.tries > len(PAUSES):
        status = Letter.State.FAILED
    fields = {"state": status, "error": error}
    if status == Letter.State.QUEUED:
        fields["due_at"] = now + PAUSES[letter.tries - 1]
        due.by(fields["due_at"])
    elif status == Letter.State.SENT:
        fields["sent_at"] = now
    Letter.objects.filter(pk=letter.pk, state=Letter.State.SENDING).update(**fields)


def letter_of(letter: Letter) -> EmailMessage:
    """The approved words between ours; every list rule of the large providers kept (RFC 2369, 8058)."""
    publication = Publication.objects.select_related("revision", "variant", "statement").get(
        pk=letter.publication_id
    )
    leave = subscribing.link(letter.subscriber, subscribing.LEAVE)
    brand, home = context.here(), newsroom.public_url()
    variant = version_for(letter.subscriber, publication)
    told = {"brand": brand, "text": variant.text, "leave": leave, "home": home}
    with translation.override(letter.subscriber.language):
        subject = f"{brand.name}: {publication.revision.title_in(variant.language)}"
        body = render_to_string("emails/statement.txt", told)
    host = urlsplit(home).hostname or "localhost"
    headers = {
        "Message-ID": f"<{publication.key}.{letter.subscriber_id}@{host}>",
        "List-Id": f"{brand.slug}.newsroom.{host}",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(" ".join(subject.split()), body, to=[letter.subscriber.email], headers=headers)


def version_for(subscriber: Subscriber, publication: Publication):
    """The text in the subscriber's language; where there is none, in the one the statement is first in."""
    versions = [publication.variant, *tongues.beside(publication.variant)]
    theirs = (each for each in versions if tongues.base(each.language) == subscriber.language)
    return next(theirs, publication.variant)


def counts(publication: Publication) -> dict[str, int]:
    """How many letters stand in which state."""
    rows = publication.letters.order_by().values_list("state", flat=True)
    found = list(rows)
    return {status: found.count(status) for status in Letter.State.values if status in found}


def told(publication: Publication) -> list[tuple[str, int]]:
    """The same in words, for a page."""
    labels = dict(Letter.State.choices)
    return [(str(labels[state]), count) for state, count in counts(publication).items()]


@due.when_due
def send_when_due(brand, now):
    if waiting(now).exists() or Letter.objects.filter(state="sending", due_at__lte=now).exists():
        jobs.enqueue("send_letters", brand)
    subscribing.forget(now)
    keeping.forget(now)


@due.comes_next
def next_letter_at(now):
    return Letter.objects.filter(state__in=OPEN).aggregate(at=Min("due_at"))["at"]
