"""Named queries: a part of queries written once, used in rules as `saved:name`."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responses.core import history
from responses.core.transitions import change
from responses.errors import Conflict, Invalid
from tenants import context, jobs

from . import counting
from .models import Match, NamedQuery, Rule
from .query import Query, QueryError, caret, compile_query, expand, names_in
from .query.fields import SAVED

LONGEST = 4096


def known() -> dict[str, str]:
    """The brand's named queries as they were written, by name."""
    return dict(NamedQuery.objects.values_list("name", "query"))


def understood(text: str, saved: dict[str, str] | None = None) -> Query:
    """The query with its named parts in place, or Invalid saying what is wrong and where."""
    try:
        return compile_query(text, known() if saved is None else saved)
    except QueryError as error:
        extra = {"position": error.position, "caret": caret(text, error.position)}
        raise Invalid(error.message, field="query", extra=extra) from error


def written_out(query: str, saved: dict[str, str]) -> str:
    """What the index is given: a rule whose named part changed is another text and is compiled anew.

    A query that cannot be put together is given as it is, and the index leaves it out.
    """
    try:
        return expand(query, saved)
    except QueryError:
        return query


@transaction.atomic
def add_named_query(*, name: str, query: str, by, now) -> NamedQuery:
    """A new one, which no rule uses yet."""
    made = NamedQuery(name=checked_name(name), query=checked_query(query, name))
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise Invalid(_("There is a saved query of this name already."), field="name") from error
    history.record("query.saved", by=by, now=now, subject=made, name=made.name, query=made.query)
    return made


@transaction.atomic
def change_named_query(named: NamedQuery, *, query: str, by, now) -> NamedQuery:
    """Write it anew. Every rule that uses it looks at the last month again; the name stays, rules know it."""
    before = named.query
    users = rules_using(named.name)
    checked_query(query, named.name)
    must_still_fit(users, known() | {named.name: query})
    change(named, query=query)
    for rule in Rule.objects.filter(pk__in=[rule.pk for rule in users]).order_by("pk").select_for_update():
        look_again(rule)
    told = {"name": named.name, "query": query, "before": before}
    history.record("query.changed", by=by, now=now, subject=named, **told)
    return named


@transaction.atomic
def remove_named_query(named: NamedQuery, *, by, now) -> None:
    """Remove it, unless something is written with it."""
    users = [rule.name for rule in rules_using(named.name)]
    users += [other for other, text in known().items() if named.name in names_of(text)]
    if users:
        message = _("It is still used by: %(names)s. Change these first.") % {"names": ", ".join(users[:5])}
        raise Conflict(message)
    history.record("query.removed", by=by, now=now, subject=named, name=named.name, query=named.query)
    named.delete()


def look_again(rule: Rule) -> None:
    """Forget what no alert has counted and look at the last month anew; the caller holds the rule's row."""
    Match.objects.filter(rule=rule, alert=None).delete()
    counting.recount(rule)
    jobs.enqueue("match_past", context.current(), rule_id=rule.pk)


def rules_using(name: str) -> list[Rule]:
    """The rules that hold it, also through another named query."""
    return users().get(name, [])


def users() -> dict[str, list[Rule]]:
    """Per name the rules that hold it, also through another named query."""
    saved = known()
    rules = list(Rule.objects.filter(query__icontains="saved:"))
    return {name: [rule for rule in rules if holds(rule.query, name, saved)] for name in saved}


def holds(query: str, name: str, saved: dict[str, str], depth: int = 0) -> bool:
    names = names_of(query)
    return name in names or (
        depth < 6 and any(holds(saved.get(other, ""), name, saved, depth + 1) for other in names)
    )


def names_of(query: str) -> list[str]:
    """The names in a query, as far as it can be read."""
    try:
        return names_in(query) if "saved:" in query.lower() else []
    except QueryError:
        return []


def must_still_fit(users: list[Rule], saved: dict[str, str]) -> None:
    """A change must not leave a rule that can no longer be understood."""
    for rule in users:
        try:
            compile_query(rule.query, saved)
        except QueryError as error:
            message = _("The rule “%(name)s” uses it and would no longer work: %(why)s")
            raise Invalid(message % {"name": rule.name, "why": error.message}, field="query") from error


def checked_name(name: str) -> str:
    name = name.strip().lower()
    if not SAVED.fullmatch(name):
        raise Invalid(_("Use small letters, digits and hyphens, as in our-ships."), field="name")
    return name


def checked_query(query: str, name: str) -> str:
    """Understood on its own, not too long, and not holding itself."""
    if len(query) > LONGEST:
        raise Invalid(_("Use at most %(most)s characters.") % {"most": LONGEST}, field="query")
    understood(query, known() | {name.strip().lower(): query})
    if holds(query, name.strip().lower(), known()):
        raise Invalid(_("The saved query “%(name)s” would hold itself.") % {"name": name}, field="query")
    return query
