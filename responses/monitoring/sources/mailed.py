"""Mentions from a raw e-mail message: a newsletter, an alert, a digest, a complaint somebody passed on."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from email.utils import getaddresses, parsedate_to_datetime

from django.utils.translation import gettext as _

from responses.monitoring.sources import mail_links, mail_words
from responses.monitoring.sources.base import Item, SourceError
from responses.monitoring.sources.cleaning import LONGEST_TEXT, fingerprint, identity, one_line, tidy
from responses.monitoring.sources.dating import said_at
from responses.monitoring.sources.mail_parsing import HTML, PLAIN, Body, Part, body, header, parse, people

LARGEST = 25 * 1024 * 1024
MOST_MAILS = 100  # attached to one
WHOLE, LINKS = "mail", "links"  # one mention per mail, or one per link in it
# Why nothing comes of a mail that was taken.
BOUNCE, AUTO_REPLY, EMPTY = "bounce", "auto_reply", "empty"
TELLING = ("from", "sender", "subject", "date", "message-id", "received", "return-path", "to")


@dataclass(frozen=True)
class Mail:
    """What came of a message; `why` there is nothing, where there is nothing."""

    identity: str
    senders: tuple[str, ...]  # every address it says it is from
    items: list[Item]
    attachments: int
    why: str = ""


def read(raw: bytes, now: datetime, *, mode: str = WHOLE) -> Mail:
    """Every message gives a Mail, however broken; what is no message at all is refused."""
    if len(raw) > LARGEST:
        raise SourceError(_("The message is larger than 25 MiB."), permanent=True)
    part = parse(raw)
    if not any(name in part for name in TELLING):
        raise SourceError(_("This is no e-mail message: it has no headers."), permanent=True)
    senders = tuple(address for _name, address in people(part, "from") or people(part, "sender"))
    name = named(part, raw)
    said = body(part, HTML if mode == LINKS else PLAIN)
    if why := automatic(part):
        return Mail(name, senders, [], said.attachments, why)
    items = items_of(part, said, name, mode, now)
    return Mail(name, senders, items, said.attachments, "" if items else EMPTY)


def named(part: Part, raw: bytes) -> str:
    """Its Message-ID, or a fingerprint of what the way here does not change."""
    given = header(part, "message-id").strip("<> ")
    rest = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].decode("latin-1")
    marks = (header(part, "from"), header(part, "date"), header(part, "subject"))
    return identity(given) if given else fingerprint("mail", *marks, rest)


def automatic(part: Part) -> str:
    """Whether a machine answered a machine: nobody said anything.

    `auto-generated` alone does not tell: alerts and newsletters say that of themselves, too.
    """
    if part.get_content_type() == "multipart/report":
        return BOUNCE
    if header(part, "return-path") == "<>" or header(part, "from").lower().startswith("mailer-daemon"):
        return BOUNCE
    answers = header(part, "auto-submitted").lower().startswith(("auto-replied", "auto-notified"))
    is_away = (
        header(part, "precedence").lower() == "auto_reply" or "x-autoreply" in part or "x-autorespond" in part
    )
    return AUTO_REPLY if answers or is_away else ""


# --- its mentions


def items_of(part: Part, said: Body, name: str, mode: str, now: datetime) -> list[Item]:
    """Of a mail to which others are attached, those: each as its own writer's, under the note above them."""
    if not said.mails:
        return said_in(part, said, name, mode, now)
    note = words_of(part, said)
    items: list[Item] = []
    for number, inner in enumerate(said.mails[:MOST_MAILS]):
        there = body(inner, HTML if mode == LINKS else PLAIN)
        given = header(inner, "message-id").strip("<> ")
        known = identity(given) if given else fingerprint(name, str(number))
        items += items_of(inner, there, known, mode, now)
        said.attachments += there.attachments
    if not items:
        return said_in(part, said, name, mode, now)
    return [with_note(item, note) for item in items[:MOST_MAILS]] if mode == WHOLE else items


def with_note(item: Item, note: str) -> Item:
    return replace(item, text=tidy(f"{note}\n\n{item.text}", LONGEST_TEXT)) if note else item


def said_in(part: Part, said: Body, name: str, mode: str, now: datetime) -> list[Item]:
    whole = Item(
        external_id=name,
        url=first_link(said),
        author=author(people(part, "from") or people(part, "sender")),
        title=header(part, "subject"),
        text=words_of(part, said),
        published_at=moment(header(part, "date"), now),
        reply_to=first_id(header(part, "in-reply-to")),
        thread=first_id(header(part, "references")),
    )
    if mode == LINKS and (items := linked(said, whole)):
        return items
    whole = passed_on(said, whole, now)
    whole = replace(whole, text=whole.text or whole.title)
    return [whole] if whole.text else []


def words_of(part: Part, said: Body) -> str:
    keeps_quotes = bool(mail_words.IS_FORWARD.match(header(part, "subject")))
    is_list = "list-unsubscribe" in part or "list-id" in part or header(part, "precedence").lower() == "bulk"
    text = spoken(said, keeps_quotes)
    return tidy(text) if keeps_quotes else mail_words.said_now(text, is_list=is_list)


def spoken(said: Body, keeps_quotes: bool) -> str:
    pieces = (
        mail_words.of_markup(text, keeps_quotes) if kind == HTML else text[: mail_words.LONGEST]
        for kind, text in said.words[:1_000]
    )
    return "\n\n".join(piece for piece in pieces if piece.strip())


def passed_on(said: Body, whole: Item, now: datetime) -> Item:
    """A mail forwarded within the text is its first writer's; the note above it stays with it."""
    is_forward = bool(mail_words.IS_FORWARD.match(whole.title))
    found = mail_words.forwarded(spoken(said, True), is_forward=is_forward)
    if found is None:
        return whole
    text = mail_words.said_now(found.text, is_list=False)
    if not text:
        return whole
    note = mail_words.said_now(found.note, is_list=False) if found.note.strip() else ""
    title = one_line(found.fields.get("subject", "")) or mail_words.PREFIX.sub("", whole.title, count=1)
    told = moment(found.fields.get("date", ""), now, zone=None)
    wrote = author(getaddresses([found.fields["from"]])) or one_line(found.fields["from"], 200)
    at = told or whole.published_at
    return with_note(replace(whole, author=wrote, title=title, published_at=at, text=text), note)


def linked(said: Body, whole: Item) -> list[Item]:
    """Each link of a digest as a mention: it is known by its address, in whichever mail it comes."""
    links = [
        link
        for kind, text in said.words[:1_000]
        for link in (mail_links.of_markup(text) if kind == HTML else mail_links.of_text(text))
    ]
    return [
        Item(
            external_id=fingerprint("link", link.url),
            url=link.url,
            title=link.title,
            text=link.text or link.title,
            published_at=whole.published_at,
        )
        for link in {link.url: link for link in reversed(links)}.values()
    ][::-1][: mail_links.MOST_LINKS]


def first_link(said: Body) -> str:
    found = (
        mail_links.first_of_markup(text) if kind == HTML else mail_links.first_of_text(text)
        for kind, text in said.words[:20]
    )
    return next((url for url in found if url), "")


def author(persons: list[tuple[str, str]]) -> str:
    """“Ana Cruz <ana@example.com>”"""
    if not persons:
        return ""
    name, address = (one_line(each, 200) for each in persons[0])
    return one_line(
        f"{name} <{address}>" if name and address and name.lower() != address else address or name, 200
    )


def first_id(ids: str) -> str:
    first = next(iter(ids.split()), "").strip("<>")
    return identity(first) if first else ""


def moment(date: str, now: datetime, *, zone: tzinfo | None = UTC) -> datetime | None:
    """None when it does not say, or what no clock shows; a time yet to come is a clock that runs fast."""
    try:
        at = parsedate_to_datetime(date)
        if at.tzinfo is None and zone is None:
            return None
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return said_at(at, now)
