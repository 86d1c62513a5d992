"""Exclusions: what the brand wants to hear no more of. Such mentions are stored, but set aside.

A rule's NOT decides what that rule matches; an exclusion holds for the brand, before any rule is asked.
It holds from the moment it is added: what was heard before stays as it was.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responses.core import history
from responses.errors import Invalid

from . import naming
from .models import Exclusion
from .query import Post, Query, QueryError, compile_expanded, compile_query
from .query.fields import field_node
from .query.nodes import Flag
from .query.post import sites
from .query.words import fold

Field = Exclusion.Field


def excluder() -> Callable[[Post], bool] | None:
    """Whether a post is excluded, by the brand's exclusions as they are now; None when there are none."""
    rows = list(Exclusion.objects.values_list("field", "value"))
    if not rows:
        return None
    authors = {plain_author(value) for field, value in rows if field == Field.AUTHOR}
    hosts = {value for field, value in rows if field == Field.SITE}
    saved = naming.known()
    texts = [naming.written_out(value, saved) for field, value in rows if field == Field.QUERY]
    queries = [query for query in map(compiled, texts) if query]

    def is_excluded(post: Post) -> bool:
        return (
            (bool(authors) and plain_author(post.author) in authors)
            or (bool(hosts) and not hosts.isdisjoint(sites(post.url)))
            or any(query.matches(post) for query in queries)
        )

    return is_excluded


@lru_cache(maxsize=512)
def compiled(text: str) -> Query | None:
    try:
        return compile_expanded(text)
    except QueryError:  # of an older release: it excludes nothing
        return None


def plain_author(name: str) -> str:
    """However a name is spelt: `@Juan` and `juan` are one; nobody named is nobody."""
    return fold(name.strip().removeprefix("@")) or "\0"


@transaction.atomic
def add_exclusion(*, field: str, value: str, reason: str, by, now) -> Exclusion:
    """From now on, such mentions are set aside: not counted, not matched, raising nothing."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say in a few words why the brand wants to hear no more of it."), field="reason")
    if len(reason) > 300:
        raise Invalid(_("Use at most 300 characters."), field="reason")
    made = Exclusion(field=field, value=checked(field, value), reason=reason, by_name=by.name)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise Invalid(_("This is excluded already."), field="value") from error
    history.record(
        "exclusion.added", by=by, now=now, subject=made, name=made.value, field=field, reason=reason
    )
    return made


@transaction.atomic
def remove_exclusion(exclusion: Exclusion, *, by, now) -> None:
    """From now on it is heard again; what was set aside stays aside."""
    history.record(
        "exclusion.removed", by=by, now=now, subject=exclusion, name=exclusion.value, field=exclusion.field
    )
    exclusion.delete()


def checked(field: str, value: str) -> str:
    """The value as it is compared later; Invalid when it could exclude nothing, or everything."""
    value = " ".join(value.split())
    if field not in Field.values:
        raise Invalid(_("Choose an author, a site or words."), field="field")
    if not value or len(value) > 500:
        raise Invalid(_("Between 1 and 500 characters."), field="value")
    if field == Field.SITE:
        return checked_site(value)
    if field == Field.QUERY:
        checked_words(value)
    return value


def checked_site(value: str) -> str:
    try:
        flag = field_node("site", "", value, None, 0)
    except QueryError as error:
        raise Invalid(error.message, field="value") from error
    host = flag.text.removeprefix("site:") if isinstance(flag, Flag) else ""
    if "." not in host:
        raise Invalid(_("A whole site was expected, as in rappler.com."), field="value")
    return host


def checked_words(value: str) -> None:
    try:
        query = compile_query(value, naming.known())
    except QueryError as error:
        raise Invalid(error.message, field="value", extra={"position": error.position}) from error
    if query.too_common:
        raise Invalid(_("Nearly every mention holds this. It would set everything aside."), field="value")


def kept_aside(field: str, value: str, posts: Iterable[Post]) -> int:
    """How many of the posts such an exclusion would have set aside: a look before it is added."""
    value = checked(field, value)
    if field == Field.AUTHOR:
        return sum(plain_author(post.author) == plain_author(value) for post in posts)
    if field == Field.SITE:
        return sum(value in sites(post.url) for post in posts)
    query = compile_query(value, naming.known())
    return sum(query.matches(post) for post in posts)
