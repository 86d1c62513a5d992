"""What the team has done about mentions: seen, or set aside. Many at once, and back again."""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from responses.core import history
from responses.errors import Invalid

from .models import Mention

MOST = 5_000  # mentions in one go
NAMED = 200  # ids that the event keeps


@transaction.atomic
def triage(mentions, to: str, *, by, now) -> dict[str, list[int]]:
    """Move the mentions to a state; one event for all of them.

    `mentions` is a queryset; of more than MOST nothing is changed (Invalid). Returns what they were before,
    {state: [ids]}, for taking it back; those that are so already are left out.
    """
    if to not in Mention.Triage.values:
        raise Invalid(_("A mention is new, seen or set aside."), field="to")
    changed = mentions.exclude(triage=to).order_by("pk").values_list("pk", "triage")
    found = list(changed.distinct()[: MOST + 1])
    if len(found) > MOST:
        words = _("These are more than %(most)s mentions. Narrow the filter, then do it again.")
        raise Invalid(words % {"most": MOST}, field="all")
    before: dict[str, list[int]] = defaultdict(list)
    for pk, state in found:
        before[state].append(pk)
    if found:
        put([pk for pk, _state in found], to, by=by, now=now)
    return dict(before)


@transaction.atomic
def put_back(before: dict[str, list[int]], *, by, now) -> int:
    """Take a triage back: each mention gets the state it had. Returns how many."""
    for state, pks in before.items():
        if state in Mention.Triage.values and pks:
            put(pks, state, by=by, now=now)
    return sum(map(len, before.values()))


def put(pks: list[int], to: str, *, by, now) -> None:
    Mention.objects.filter(pk__in=pks).update(triage=to, triaged_by=by.name[:120])
    history.record("mention.triaged", by=by, now=now, state=to, count=len(pks), mentions=pks[:NAMED])


def told(count: int, to: str) -> str:
    """What was done, in words."""
    sentences = {
        Mention.Triage.SEEN: ngettext("%(n)s mention is seen.", "%(n)s mentions are seen.", count),
        Mention.Triage.SET_ASIDE: ngettext(
            "%(n)s mention is set aside.", "%(n)s mentions are set aside.", count
        ),
        Mention.Triage.NEW: ngettext("%(n)s mention is new again.", "%(n)s mentions are new again.", count),
    }
    return sentences[Mention.Triage(to)] % {"n": count}
