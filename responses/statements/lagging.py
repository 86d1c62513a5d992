"""Does one language lag? The English was changed and the Filipino was not, and nobody said it is still right.

Read out of the revisions, which never change. A version written for the first time is written beside the
other as that stands: from there on both are level.
"""

from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responses.core import history
from responses.errors import Conflict, Forbidden, NotAllowed

from . import states, tongues
from .lagging_models import StillRight
from .models import Revision, Statement, Variant


@dataclass(frozen=True)
class Lag:
    """A version that stayed while the other was changed; `said` is who found it still right."""

    language: str
    since: int  # the revision it was last changed in
    other: str
    changed: int  # the revision the other one was last changed in
    said: StillRight | None = None

    @property
    def name(self) -> str:
        return tongues.name_of(self.language)

    @property
    def other_name(self) -> str:
        return tongues.name_of(self.other)

    @property
    def is_open(self) -> bool:
        return self.said is None


def of_revision(revision: Revision) -> list[Lag]:
    """What lags in it, whether or not somebody let it stand. One language has nothing to lag behind."""
    if len(revision.languages) < tongues.MOST:
        return []
    words = StillRight.objects.filter(statement=revision.statement_id).select_related("revision")
    said = {(word.revision.number, word.language): word for word in words}
    lag = read(wordings(revision), said)
    return [lag] if lag else []


def wordings(revision: Revision) -> list[tuple[int, dict[str, tuple]]]:
    """(number, {language: all that is said in it}) of every revision up to this one, in two queries."""
    earlier = Revision.objects.filter(statement=revision.statement_id, number__lte=revision.number)
    rows = Variant.objects.filter(revision__in=earlier).order_by("channel_id")
    texts: dict[tuple[int, str], list] = {}
    for number, language, channel, text in rows.values_list(
        "revision__number", "language", "channel_id", "text"
    ):
        texts.setdefault((number, language), []).append((channel, text))
    return [
        (
            row.number,
            {code: (row.title_in(code), texts.get((row.number, code), [])) for code in row.languages},
        )
        for row in earlier.order_by("number")
    ]


def read(wordings, said: dict[tuple[int, str], StillRight]) -> Lag | None:
    """What lags at the end of these revisions."""
    lag, since, before = None, {}, {}  # type: ignore[var-annotated]
    for number, now in wordings:
        changed = [language for language, text in now.items() if before.get(language) != text]
        since = {language: since.get(language, number) for language in now} | dict.fromkeys(changed, number)
        if changed:
            lag = after(lag, changed, since) if now.keys() == before.keys() else None
        if lag and lag.is_open:
            lag = replace(lag, said=said.get((number, lag.language)))
        before = now
    return lag


def after(lag: Lag | None, changed: list[str], since: dict[str, int]) -> Lag | None:
    """Both changed, or the one behind followed: they are level. One alone leaves the other behind."""
    (language, *more), others = changed, since.keys() - set(changed)
    if more or not others or (lag and lag.is_open and lag.language == language):
        return None
    other = others.pop()
    return Lag(other, since[other], language, since[language])


def open_lags(revision: Revision) -> list[Lag]:
    return [lag for lag in of_revision(revision) if lag.is_open]


@transaction.atomic
def still_right(statement: Statement, *, language: str, revision_hash: str, by, now) -> StillRight:
    """A person read both: the version that was not changed says the same as the one that was."""
    if not by.is_person or by.strength == "key":
        raise Forbidden(_("Only a person can say this, not a key."))
    if statement.status not in states.EDITABLE:
        raise NotAllowed(_("This text is final. There is nothing left to say about it."))
    revision = statement.latest
    if revision.hash != revision_hash:
        raise Conflict(_("The text was changed meanwhile. Read both versions again."))
    lag = next((each for each in open_lags(revision) if each.language == language), None)
    if lag is None:
        raise Conflict(_("This version does not lag any more."))
    made = keep(statement, revision, language, by=by, now=now)
    told = {"title": revision.title, "revision": revision.number, "language": language}
    told |= {"since": lag.since, "hash": revision.hash}
    incident = statement.incident_id
    history.record("version.still_right", by=by, now=now, subject=statement, incident=incident, **told)
    return made


def keep(statement, revision, language, *, by, now) -> StillRight:
    try:
        with transaction.atomic():
            return StillRight.objects.create(
                statement=statement,
                revision=revision,
                language=language,
                by_id=by.id,
                by_name=by.name,
                said_at=now,
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody has said so already.")) from error
