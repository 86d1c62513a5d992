"""Comments as a page shows them: threads in the order of the text, each with what its reader may do."""

from collections.abc import Callable
from dataclasses import dataclass, field

from . import commenting, states, suggesting, tongues
from .anchoring import Place
from .commenting_forms import RemarkForm
from .commenting_models import Comment
from .models import Revision

LAST = 10**9  # after every place in a text


@dataclass(frozen=True)
class Doors:
    """Where the forms of a page lead: to add, to answer or settle one, to apply or decline one."""

    add: str
    on: Callable[[Comment], str]
    decide: Callable[[Comment], str] | None = None


@dataclass(frozen=True)
class Reader:
    """For whom the page is."""

    person_id: str
    is_client: bool
    may_write: bool  # comments at all
    speaks: bool = True  # so that the client reads it
    may_edit: bool = False  # applies and declines suggestions


@dataclass(frozen=True)
class Kept:
    """An answer that was refused, to be shown again where it was typed."""

    comment_id: int
    text: str
    message: str


@dataclass(eq=False)
class Thread:
    comment: Comment
    number: int
    place: Place | None  # in the text that is shown
    url: str = ""
    decide_url: str = ""
    effect: suggesting.Effect | None = None
    kept: Kept | None = None
    waits_for_client: bool = False  # said to the client, who has not got this text yet

    @property
    def was_changed(self) -> bool:
        return self.comment.start is not None and self.place is None

    @property
    def channel(self):
        return self.comment.variant.channel if self.comment.variant else None


@dataclass(frozen=True)
class Panel:
    revision: Revision
    threads: list[Thread]
    form: RemarkForm
    doors: Doors
    reader: Reader
    page: str = ""  # the page it stands on, to come back to
    open: list[Thread] = field(default_factory=list)
    closed: list[Thread] = field(default_factory=list)

    @property
    def places(self) -> dict:
        """Where the open threads are: {(channel id, language): {thread: Place}}."""
        found: dict = {}
        for thread in self.open:
            if thread.place and thread.channel:
                found.setdefault(key_of(thread.comment.variant), {})[thread] = thread.place
        return found


def panel(revision, comments, doors: Doors, reader: Reader, *, form=None, page="", kept=None) -> Panel:
    """The comments (a queryset of one statement's) beside a revision's text."""
    variants = list(revision.variants.select_related("channel"))
    threads = numbered(list(comments), {key_of(variant): variant.text for variant in variants})
    furnish(threads, revision, doors, reader, kept)
    return Panel(
        revision=revision,
        threads=threads,
        form=form or RemarkForm(variants=variants, is_client=reader.is_client, speaks=reader.speaks),
        doors=doors,
        reader=reader,
        page=page,
        open=[thread for thread in threads if thread.comment.status == states.OPEN],
        closed=[thread for thread in threads if thread.comment.status != states.OPEN],
    )


def key_of(variant) -> tuple[int, str]:
    """Where the same text is found in another revision."""
    return variant.channel_id, variant.language


def numbered(comments, texts: dict[tuple[int, str], str]) -> list[Thread]:
    """The open ones first, in the order of the text; what is about the whole comes after its parts."""
    threads = []
    for comment in comments:
        text = texts.get(key_of(comment.variant)) if comment.variant else None
        threads.append(Thread(comment, 0, commenting.place_in(comment, text)))
    threads.sort(key=order)
    for number, thread in enumerate(threads, start=1):
        thread.number = number
    return threads


def order(thread: Thread) -> tuple:
    variant = thread.comment.variant
    return (
        thread.comment.status != states.OPEN,
        variant.channel.position if variant else LAST,
        tongues.order(variant.language) if variant else 0,
        thread.place.start if thread.place else LAST,
        thread.comment.pk,
    )


def furnish(threads, revision, doors, reader, kept) -> None:
    """What this reader may do with each thread."""
    decidable = [thread.comment for thread in threads if is_open_suggestion(thread.comment)]
    may_decide = reader.may_edit and doors.decide is not None
    effects = suggesting.effects(revision.statement, decidable if may_decide else [], reader.person_id)
    seen = set() if reader.is_client else seen_by_client(revision.statement_id)
    for thread in threads:
        comment = thread.comment
        thread.kept = kept if kept and kept.comment_id == comment.pk else None
        thread.waits_for_client = not (comment.is_internal or comment.revision_id in seen or reader.is_client)
        if reader.may_write and (reader.is_client or comment.is_internal or reader.speaks):
            thread.url = doors.on(comment)
        if comment.pk in effects and doors.decide:
            thread.decide_url, thread.effect = doors.decide(comment), effects[comment.pk]


def is_open_suggestion(comment: Comment) -> bool:
    return comment.is_suggestion and comment.status == states.OPEN


def seen_by_client(statement_id: int) -> set[int]:
    shown = commenting.shown_to_client().filter(review__revision__statement=statement_id)
    return set(shown.values_list("review__revision", flat=True))
