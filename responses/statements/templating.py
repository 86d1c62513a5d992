"""The brand's templates: wordings to start from, with a fixed list of {variables} and nothing that runs."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from responses.core import clocks, history
from responses.core.transitions import change
from responses.errors import Invalid
from responses.incidents.models import Part
from responses.incidents.severity import PROMISES
from tenants import context

from . import tongues
from .limits import limit
from .models import Statement
from .writing_models import StatementTemplate

LONGEST = 20_000
SHORT = 1_000  # a channel with less room gets the short text
VARIABLE = re.compile(r"\{([^{}\n]{0,60})\}")
# name → what stands in its place; those without a source stay as they are, and the lint asks for them.
VARIABLES = {
    "brand": _L("the brand’s name"),
    "incident": _L("the incident’s title"),
    "number": _L("the incident’s number"),
    "summary": _L("what is known, as the incident says it"),
    "time": _L("the time now, in the brand’s zone"),
    "day": _L("today’s date"),
    "opened": _L("when the incident was opened"),
    "next_update": _L("the time of the next update, as promised at the incident’s level"),
    "spokesperson": _L("who speaks in this incident"),
    "client": _L("the client’s contact in this incident"),
    "place": _L("where it happened; you fill it in"),
    "contact": _L("how to reach you; you fill it in"),
    "what": _L("what happened; you fill it in"),
    "who": _L("who is affected; you fill it in"),
    "action": _L("what you are doing; you fill it in"),
}
FUNCTIONS = {"spokesperson": Part.Function.VOICE, "client": Part.Function.CLIENT}


FIELDS = ("name", "type", "language", "body", "short", "also_body", "also_short")


# --- keeping them


@transaction.atomic
def add_template(
    *, name, type, language, body, by, now, short="", also_body="", also_short=""
) -> StatementTemplate:
    also = {"also_body": also_body, "also_short": also_short}
    fields = checked(name=name, type=type, language=language, body=body, short=short, **also)
    template = saved(StatementTemplate(changed_by=by.name, changed_at=now, **fields))
    tell("template.added", template, by=by, now=now)
    return template


@transaction.atomic
def change_template(template: StatementTemplate, *, by, now, **given) -> StatementTemplate:
    """Statements that were begun with it keep their text."""
    kept = {name: getattr(template, name) for name in FIELDS}
    fields = checked(**kept | given)
    try:
        with transaction.atomic():
            change(template, changed_by=by.name, changed_at=now, **fields)
    except IntegrityError as error:
        raise taken() from error
    tell("template.changed", template, by=by, now=now)
    return template


@transaction.atomic
def use_template(template: StatementTemplate, is_active: bool, *, by, now) -> StatementTemplate:
    """Retire it, or take it into use again. One that is so already stays so."""
    if template.is_active != is_active:
        change(template, is_active=is_active, changed_by=by.name, changed_at=now)
        tell("template.restored" if is_active else "template.retired", template, by=by, now=now)
    return template


def saved(template) -> StatementTemplate:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise taken() from error
    return template


def taken() -> Invalid:
    return Invalid(_("There is a template of this name in this language already."), field="name")


def checked(*, name, type, language, body, short, also_body, also_short) -> dict:
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 120:
        raise Invalid(_("Give it a name of at most 120 characters."), field="name")
    if type not in Statement.Type.values:
        raise Invalid(_("Choose what kind of statement this is."), field="type")
    if language not in ("en", "fil"):
        raise Invalid(_("Choose a language."), field="language")
    given = {"body": body, "short": short, "also_body": also_body, "also_short": also_short}
    fields = {field: tidy(text) for field, text in given.items()}
    if not fields["body"]:
        raise Invalid(_("Write the text to start from."), field="body")
    if fields["also_short"] and not fields["also_body"]:
        raise Invalid(_("Write the whole text too, not only the short one."), field="also_body")
    for field, text in fields.items():
        check_text(field, text)
    return {"name": name, "type": type, "language": language, **fields}


def tidy(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def check_text(field: str, text: str) -> None:
    """Only variables we know: a misspelt one would go out to the public in braces."""
    if len(text) > LONGEST:
        raise Invalid(_("Use at most %(most)s characters.") % {"most": LONGEST}, field=field)
    for name in VARIABLE.findall(text):
        if name not in VARIABLES:
            words = _("There is no variable {%(name)s}. Known are: %(known)s.")
            raise Invalid(words % {"name": name, "known": ", ".join(VARIABLES)}, field=field)


def tell(kind, template, *, by, now) -> None:
    history.record(
        kind,
        by=by,
        now=now,
        subject=template,
        title=template.name,
        type=template.type,
        language=template.language,
    )


# --- starting from one


def filled(template: StatementTemplate, channels, incident, *, now, other="") -> dict[int, str]:
    """A text per channel with all filled that is known; the rest stays in braces, to be filled by hand.

    `other` is the second language, to begin its version.
    """
    first, language = template.language, other or template.language
    body, short = (template.also_body, template.also_short) if other else (template.body, template.short)
    values = values_of(incident, language, now)
    texts = {}
    for channel in channels:
        if tongues.speaks(channel, language, first):
            is_short = limit(channel) < SHORT
            texts[channel.pk] = fill((short if is_short else "") or body, values)
    return texts


def fields_of(template: StatementTemplate, channels, incident, *, now) -> dict[str, str]:
    """What the writer's form begins with, in one language or in both."""
    texts = filled(template, channels, incident, now=now)
    fields = {f"text_{pk}": text for pk, text in texts.items()}
    if not template.also_body:
        return fields
    other = tongues.partner(template.language)
    beside = filled(template, channels, incident, now=now, other=other)
    return fields | {"other": other} | {f"text_{pk}_{other}": text for pk, text in beside.items()}


def fill(text: str, values: dict[str, str]) -> str:
    """In one walk, so that braces in a value stay what they are."""
    return VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text)


def values_of(incident, language: str, now) -> dict[str, str]:
    brand = context.here()
    zone = ZoneInfo(brand.time_zone)
    with translation.override(language):
        values = {"brand": brand.name, "time": clock(now, zone), "day": day(now, zone)}
        if incident is None:
            return values
        names = dict(Part.objects.filter(incident=incident).values_list("function", "person_name"))
        due_at = clocks.after(now, PROMISES[incident.severity].update)
        return values | {
            "incident": incident.title,
            "number": str(incident.number),
            "summary": incident.summary,
            "opened": f"{day(incident.opened_at, zone)}, {clock(incident.opened_at, zone)}",
            "next_update": clock(due_at, zone) if due_at else "",
            **{name: names.get(function, "") for name, function in FUNCTIONS.items()},
        }


def clock(at: datetime, zone) -> str:
    return f"{timezone.localtime(at, zone):%H:%M}"


def day(at: datetime, zone) -> str:
    return date_format(timezone.localtime(at, zone), "j F")
