"""Writing: every wording is a new immutable revision, and an edit takes back every approval."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from responses.core import history, transitions
from responses.errors import Conflict, Invalid, NotAllowed

from . import following, illustrating, link_checks, reviewing, states
from .glass_models import Glass
from .models import Channel, Revision, Statement, Variant
from .wording import Wording, checked


@transaction.atomic
def draft(
    *, title, type, texts, language, by, now, also=None, images=(), incident=None, due_at=None, about=None
) -> Statement:
    """Begin a statement with its first revision. `texts` is {channel id: text}; `also` holds a version in a
    second language, {language: {"title", "texts"}}.

    `images` are {"image": id, "alt": what it shows, "left_out": ids of channels}, in their order.

    `about` is the one in public that this one corrects, updates or retracts.
    """
    if about is not None:
        following.refuse_unspoken(about)
    wording = checked(title=title, language=language, texts=texts, also=also, images=images)
    if type not in Statement.Type.values:
        raise Invalid(_("Choose what kind of statement this is."), field="type")
    statement = Statement.objects.create(
        title=wording.first.title, type=type, incident=incident, due_at=due_at, created_at=now, about=about
    )
    revision = write(statement, 1, wording, by=by, now=now)
    tell("statement.drafted", statement, revision, by=by, now=now)
    return statement


@transaction.atomic
def revise(
    statement, *, base: int, title, texts, language, by, now, also=None, images=None, note=""
) -> Revision:
    """A new revision of what the writer saw as revision number `base`.

    Without a word about the second language (`also` None) its version stays as it is; {} ends it. So do
    pictures (`images` None).

    An edit that changes nothing makes no revision, unless the last one was blocked on its way out. One to a
    text that moved on raises Conflict with the number of the latest revision, so that the writer can bring
    both together. One to a text in review or approved voids the review in the same transaction.
    """
    reviewing.lock(statement)
    latest = statement.latest
    refuse_closed(statement)
    refuse_leaving(statement, but_not=["blocked"])
    also = kept_beside(latest, language) if also is None else also
    kept = [as_given(each) for each in illustrating.of(latest)] if images is None else images
    wording = checked(title=title, language=language, texts=texts, also=also, images=kept)
    if Wording.of(latest) == wording and not is_blocked(latest):
        return latest
    if base != latest.number:
        raise moved_on(latest)
    revision = write(statement, latest.number + 1, wording, note=note, by=by, now=now)
    settle(statement, revision, by=by, now=now)
    return revision


def as_given(shown: illustrating.Illustration) -> dict:
    return {"image": shown.image.pk, "alt": shown.alt, "left_out": shown.left_out}


def kept_beside(latest: Revision, language: str) -> dict:
    """The other version as it stands, for a writer who speaks of one alone. Channels out of use fall away."""
    used = set(Channel.objects.filter(is_active=True).values_list("pk", flat=True))
    return {
        each.language: {
            "title": each.title,
            "texts": {pk: t for pk, t in each.by_channel.items() if pk in used},
        }
        for each in Wording.of(latest).versions
        if len(latest.languages) > 1 and each.language != language
    }


@transaction.atomic
def withdraw(statement, *, by, now, reason="") -> Statement:
    """Take it off the table for good. What is out, or may be, stays; what is only queued is called back."""
    reviewing.lock_as_seen(statement)
    refuse_closed(statement)
    refuse_leaving(statement, but_not=["queued", "failed", "blocked"])
    reviewing.void(statement, by=by, now=now)
    return transitions.move(
        statement,
        states.WITHDRAWN,
        by=by,
        now=now,
        kind="statement.withdrawn",
        incident=statement.incident_id,
        closed_at=now,
        data={"title": statement.title, "reason": reason},
    )


def refuse_closed(statement) -> None:
    if statement.status not in states.EDITABLE:
        raise NotAllowed(
            _("This is “%(now)s” now and keeps its text. Write an update instead.")
            % {"now": statement.get_status_display()}
        )


def is_leaving(statement, but_not=("blocked",)) -> bool:
    """The rows of the next slice, reached by name: while one stands, the approved text is on its way out."""
    stays = Q(status="cancelled") | Q(status__in=but_not, external_id="")  # with an id a part of it is out
    return statement.publications.exclude(stays).exists()


def is_blocked(revision) -> bool:
    """Whether it was held back as not the approved one: then only a new revision can go out."""
    return revision.statement.publications.filter(revision=revision, status="blocked").exists()


def is_let_out(statement) -> bool:
    """Whether two people broke the glass for this text and it is about to leave: nobody alone keeps it in.

    Those asked afterwards can, by saying that it was not right.
    """
    latest = statement.latest
    broken = Glass.objects.filter(revision=latest, status__in=[states.BROKEN, states.UPHELD]).exists()
    ways = set(statement.publications.filter(revision=latest).values_list("status", flat=True))
    return broken and (not ways or "queued" in ways)


def refuse_leaving(statement, but_not) -> None:
    """The rows stay held until the caller is done: no sender takes one meanwhile, and who has one is seen."""
    list(statement.publications.select_for_update().order_by("pk").values_list("pk"))
    if is_leaving(statement, but_not) or is_let_out(statement):
        raise NotAllowed(_("This is on its way out and keeps its text. Write an update instead."))


def moved_on(latest: Revision) -> Conflict:
    words = _("%(name)s saved revision %(number)d while you were writing. Bring both texts together.")
    return Conflict(
        words % {"name": latest.author_name, "number": latest.number},
        extra={"latest": latest.number, "texts": Wording.of(latest).first.by_channel},
    )


def write(statement, number, wording: Wording, *, by, now, note="") -> Revision:
    """The rows of one revision; a trigger keeps them as they are from here on."""
    revision = Revision.objects.create(
        statement=statement,
        number=number,
        title=wording.first.title,
        language=wording.first.language,
        titles={each.language: each.title for each in wording.also},
        author_id=by.id,
        author_name=by.name,
        written_at=now,
        note=note[:300],
        hash=wording.hash_as(statement, number),
    )
    Variant.objects.bulk_create(
        Variant(revision=revision, channel_id=channel, language=version.language, text=text)
        for version in wording.versions
        for channel, _kind, text in version.texts
    )
    illustrating.write(revision, wording.images)
    link_checks.ask(wording.all_texts, now=now)
    return revision


def settle(statement, revision, *, by, now) -> None:
    """Tell the new revision, and bring the statement back to draft when people had begun to judge it."""
    transitions.change(statement, title=revision.title)
    tell("statement.revised", statement, revision, by=by, now=now)
    if statement.status == states.DRAFT:
        return
    voided = reviewing.void(statement, by=by, now=now)
    transitions.move(
        statement,
        states.DRAFT,
        by=by,
        now=now,
        kind="statement.review_voided" if voided else "statement.reopened",
        incident=statement.incident_id if voided else None,
        data={"title": statement.title, "revision": revision.number, "revision_id": revision.pk},
    )


def tell(kind, statement, revision, *, by, now) -> None:
    history.record(
        kind,
        by=by,
        now=now,
        subject=statement,
        incident=statement.incident_id,
        title=revision.title,
        type=statement.type,
        revision=revision.number,
        revision_id=revision.pk,
        hash=revision.hash,
        note=revision.note,
        **({"about": statement.about_id} if statement.about_id else {}),
        **({"images": count} if (count := revision.images.count()) else {}),
    )
