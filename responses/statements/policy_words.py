"""A policy as people say it: for what it is, and who approves in which order."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from responses.incidents.models import Severity

from . import groups
from .groups import ALL, SOME, Function, Group
from .models import Channel, Statement


def who(group: Group) -> str:
    """One group in words."""
    name = str(Function(group.function).label)
    if group.function == Function.NAMED:
        name = ", ".join(one["name"] for one in group.people)
    if group.mode == ALL:
        return _("all of: %(who)s") % {"who": name}
    if group.mode == SOME and group.need > 1:
        return _("%(n)d of: %(who)s") % {"n": group.need, "who": name}
    if group.function == Function.NAMED and len(group.people) > 1:
        return _("one of: %(who)s") % {"who": name}
    return name


def of_step(step: dict) -> str:
    asked = joined([who(group) for group in groups.read(step["groups"])])
    if not step["silence_minutes"]:
        return asked
    return _("%(who)s (passes when nobody objects within %(time)s)") % {
        "who": asked,
        "time": span(step["silence_minutes"]),
    }


def strip(steps: list[dict]) -> list[dict]:
    """The steps for a row of boxes: each with its groups, and the time to object when it has one."""
    return [
        {
            "who": [who(group) for group in groups.read(step["groups"])],
            "silence": span(step["silence_minutes"]) if step["silence_minutes"] else "",
        }
        for step in steps
    ]


def joined(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def span(minutes: int) -> str:
    if minutes % 60 == 0:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def order(steps: list[dict]) -> str:
    """The steps as one sentence: first these, then those."""
    first, *later = [of_step(step) for step in steps]
    for following in later:
        first = _("%(first)s, then %(following)s") % {"first": first, "following": following}
    return first[:1].upper() + first[1:] + "."


def lacking(steps: list[dict], holders: groups.Holders | None = None) -> list[str]:
    """Where a review would stand still, since fewer people than a step needs hold what it asks; each once.

    Policies of one list share the `holders`.
    """
    holders = holders or groups.Holders()
    asked = [group for step in steps for group in groups.read(step["groups"])]
    words = [missing(group, len(holders.of(group))) for group in asked]
    return [each for each in dict.fromkeys(words) if each]


def missing(group: Group, there: int) -> str:
    needed = group.need if group.mode == SOME else 1
    told = {"who": Function(group.function).label, "there": there, "needed": needed}
    if there == 0:
        words = _("Nobody here can approve as: %(who)s. A review stands still there until somebody can.")
        return words % told
    if there < needed:
        return _("Only %(there)d of the %(needed)d needed can approve as: %(who)s.") % told
    return ""


def scope(policy) -> str:
    """For which statements it is."""
    types = [str(Statement.Type(one).label) for one in policy.types]
    kinds = [str(Channel.Kind(one).label) for one in policy.channels]
    words = [", ".join(types) if types else _("every kind of statement")]
    if policy.from_severity:
        words.append(_("from level %(level)s") % {"level": Severity(policy.from_severity).label})
    if kinds:
        words.append(_("on %(channels)s") % {"channels": ", ".join(kinds)})
    line = "; ".join(words)
    return line[:1].upper() + line[1:]
