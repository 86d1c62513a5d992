"""Named authors: telling from a mention who wrote it, however the source spells the name."""

import re
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responses.core import history
from responses.core.transitions import change
from responses.errors import Invalid

from .models import NamedAuthor
from .query.words import fold

KEPT = 50  # of an alert's mentions, the newest
PARTS = re.compile(r"[()|<>,]")  # "Maria Reyes (@maria)" is both, "Nards Villamor, Radyo Dalampasigan" too


def plain(name: str) -> str:
    """As names are compared: no capitals, no accents, no @, single blanks."""
    return " ".join(fold(name).split()).lstrip("@")


def names_of(mention) -> set[str]:
    """Every name and handle the mention gives its author."""
    parts = [mention.author, *PARTS.split(mention.author)]
    parts.append(urlsplit(mention.author_url).path.rstrip("/").rpartition("/")[2])
    return {plain(part) for part in parts} - {""}


def recognised(mentions, names_of=names_of) -> list[tuple[NamedAuthor, list]]:
    """The brand's own mentions that a named author wrote, by author; the authors are locked, in order.

    `names_of` tells a mention's names, where not all of them are to be looked at.
    """
    known = {plain(author.name): author.pk for author in NamedAuthor.objects.all()}
    theirs: dict[int, list] = {}
    for mention in mentions if known else ():
        if mention.is_own and not mention.is_excluded:
            for name in names_of(mention) & known.keys():
                theirs.setdefault(known[name], []).append(mention)
    locked = NamedAuthor.objects.filter(pk__in=theirs).order_by("pk").select_for_update(no_key=True)
    return [(author, theirs[author.pk]) for author in locked] if theirs else []


def add_author(*, name: str, note: str = "", severity: int = 2, by, now) -> NamedAuthor:
    """From now on every word of theirs about the brand is shown to somebody."""
    fields = checked({"name": name, "note": note, "severity": severity})
    author = NamedAuthor(**fields)
    with transaction.atomic(), once():
        author.save()
        history.record("author.named", by=by, now=now, subject=author, title=author.name)
    return author


def change_author(author: NamedAuthor, *, by, now, **fields) -> NamedAuthor:
    with transaction.atomic(), once():
        change(author, **checked(fields, author))
        history.record("author.changed", by=by, now=now, subject=author, title=author.name)
    return author


@transaction.atomic
def remove_author(author: NamedAuthor, *, by, now) -> None:
    """No longer looked out for; alerts raised before stay."""
    history.record("author.removed", by=by, now=now, subject=author, title=author.name)
    author.delete()


def checked(fields: dict, author: NamedAuthor | None = None) -> dict:
    """The fields, sound: two spellings of one name would be told apart by nobody."""
    if "name" in fields:
        fields["name"] = " ".join(fields["name"].split())
        if not plain(fields["name"]) or len(fields["name"]) > 200:
            raise Invalid(_("Give a name or a handle of at most 200 characters."), field="name")
        others = NamedAuthor.objects.exclude(pk=author.pk) if author else NamedAuthor.objects.all()
        if any(plain(other.name) == plain(fields["name"]) for other in others):
            raise Invalid(_("This author is on the list already."), field="name")
    if len(fields.get("note", "")) > 200:
        raise Invalid(_("Use at most 200 characters."), field="note")
    if not 0 <= fields.get("severity", 0) <= 4:
        raise Invalid(_("A level is 0 to 4."), field="severity")
    return fields


class once:  # noqa: N801  (reads as words after `with`)
    """Turns the database's refusal of the same name into words, should two people be equally quick."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, IntegrityError) and "named_author_once" in str(error):
            raise Invalid(_("This author is on the list already."), field="name") from error
