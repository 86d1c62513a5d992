"""How a source that takes mail is doing: what came in today, what was refused last, and why.

It is kept in the source's `state`, beside nothing else; words are made when it is shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tenants import context

from .models import Source
from .sources.mailed import AUTO_REPLY, BOUNCE, EMPTY, Mail

STRANGERS = {"address", "signature"}  # anybody can cause these: noted, not counted, once a minute
REFUSALS = {
    "sender": gettext_lazy("%(who)s is not among the senders whose mail is taken."),
    "address": gettext_lazy("Somebody wrote to an address that is mistyped or from before it was renewed."),
    "signature": gettext_lazy("A delivery was not signed with this source's secret."),
    "paused": gettext_lazy("It came while the source was paused."),
    "no_mail": gettext_lazy("What came was no e-mail message."),
    "large": gettext_lazy("It was larger than 25 MiB."),
}
TODO = {
    "sender": gettext_lazy("If its mail is wanted, add the sender to the list."),
    "address": gettext_lazy("Give the sender the address that stands here."),
    "signature": gettext_lazy("Compare the secret at the provider, and its clock."),
}
NOTHING = {
    BOUNCE: gettext_lazy("It is a bounce: taken, and nothing is stored of it."),
    AUTO_REPLY: gettext_lazy("It is an automatic reply: taken, and nothing is stored of it."),
    EMPTY: gettext_lazy("It has no words and no subject: taken, and nothing is stored of it."),
}


@dataclass(frozen=True)
class Box:
    """Today's figures, the last mail, the last refusal in words."""

    taken: int = 0
    silent: int = 0  # of these, bounces and other mail of which nothing was stored
    refused: int = 0
    attachments: int = 0
    taken_at: datetime | None = None
    nothing: str = ""  # why nothing became of the last mail
    refused_at: datetime | None = None
    refusal: str = ""
    todo: str = ""


def box_of(source: Source, now) -> Box:
    state = of_today(source.state, now)
    refusal = state.get("refusal") or {}
    why, who = refusal.get("why", ""), refusal.get("who", "")
    is_last = (state.get("refused_at") or "") > (state.get("taken_at") or "")
    return Box(
        taken=state.get("taken", 0),
        silent=state.get("silent", 0),
        refused=state.get("refused", 0),
        attachments=state.get("attachments", 0),
        taken_at=moment(state.get("taken_at")),
        nothing=str(NOTHING.get(state.get("nothing", ""), "")),
        refused_at=moment(state.get("refused_at")),
        refusal=str(REFUSALS[why]) % {"who": who} if why in REFUSALS else "",
        todo=str(TODO.get(why, "")) if is_last else "",
    )


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def summary(box: Box) -> str:
    """The day in a sentence or three."""
    said = [ngettext("%(n)s mail taken today.", "%(n)s mails taken today.", box.taken) % {"n": box.taken}]
    if box.silent:
        said.append(_("Nothing was stored of %(n)s of them.") % {"n": box.silent})
    if box.refused:
        said.append(ngettext("%(n)s was refused.", "%(n)s were refused.", box.refused) % {"n": box.refused})
    return " ".join(said)


def why_nothing(why: str) -> str:
    return str(NOTHING.get(why, _("Nothing is stored of it."))) if why else ""


# --- noting


def note_taken(source: Source, mail: Mail, now) -> None:
    counts = {"taken": 1, "attachments": mail.attachments, "silent": int(bool(mail.why))}
    note(source, now, {"taken_at": now.isoformat(), "nothing": mail.why}, counts)


def note_refusal(source: Source, why: str, now, *, who: str = "") -> None:
    """Keep who was refused last and why; the doors refuse in their own way."""
    is_stranger = why in STRANGERS
    last = moment(source.state.get("refused_at"))
    if is_stranger and last and now - last < timedelta(minutes=1):
        return  # a stranger's flood must not become one of writes
    seen = {"refused_at": now.isoformat(), "refusal": {"why": why, "who": who}}
    note(source, now, seen, {} if is_stranger else {"refused": 1})


@transaction.atomic
def note(source: Source, now, seen: dict, counts: dict[str, int]) -> None:
    here = Source.objects.select_for_update(no_key=True).filter(pk=source.pk)
    state = of_today(here.values_list("state", flat=True).get(), now) | seen
    state |= {name: state.get(name, 0) + count for name, count in counts.items()}
    here.update(state=state)
    source.state = state


def of_today(state: dict, now) -> dict:
    """What is kept, with the figures of another day left out; the day is the brand's."""
    today = now.astimezone(ZoneInfo(context.here().time_zone)).date().isoformat()
    if state.get("day") == today:
        return state
    old = {"taken", "silent", "refused", "attachments"}
    return {name: value for name, value in state.items() if name not in old} | {"day": today}
