"""The components of the interface as template tags; their markup is in templates/components/."""

import hashlib
import re
from difflib import SequenceMatcher
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lucide.templatetags.lucide import lucide

from agency import tints
from agency.retelling import retell
from agency.templatetags import wording
from agency.whereabouts import page_of

register = template.Library()
register.filter("retold", retell)

LEVELS = (
    gettext_lazy("Undetermined"),
    gettext_lazy("Low"),
    gettext_lazy("Moderate"),
    gettext_lazy("High"),
    gettext_lazy("Critical"),
)
TONES = {
    "neg": gettext_lazy("Negative"),
    "neu": gettext_lazy("Neutral"),
    "pos": gettext_lazy("Positive"),
}
CLEAR_TONE = 0.2  # a score nearer to zero than this says nothing either way
TINTS = 6
SHORT_RUN = 3  # so few unchanged words between two changes read as one change
PALETTE = ("sea", "leaf", "sun", "clay", "rose", "plum", "slate")


@register.simple_tag
def icon(name, size=16):
    """A lucide icon, decoration only: the word beside it carries the meaning."""
    return _drawn_icon(str(name) + "", int(size))


@lru_cache(maxsize=256)
def _drawn_icon(name, size):
    return lucide(name, size=size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})


@register.inclusion_tag("components/severity.html")
def severity(level):
    """Level 0 to 4 as bars, colour and word; None is calm."""
    return {"level": level, "word": _("Calm") if level is None else LEVELS[int(level)]}


@register.inclusion_tag("components/chip.html")
def chip(text, kind="plain"):
    """A short state; kind is wait, late, done or plain."""
    return {"text": text, "kind": kind}


@register.simple_tag(takes_context=True)
def ago(context, at):
    """How long ago, or in how long."""
    return "" if at is None else _time(at, wording.ago_words(at, wording.moment(context)))


@register.simple_tag(takes_context=True)
def clock(context, at):
    """What the clock showed, in the person's zone; with the day when it was not today."""
    return "" if at is None else _time(at, wording.clock_words(at, wording.moment(context)))


def _time(at, words):
    markup = '<time datetime="{}" title="{}">{}</time>'
    return format_html(markup, at.isoformat(), wording.full_words(at), words)


@register.simple_tag
def duration(value):
    """A length of time, from seconds or a timedelta."""
    if value is None:
        return ""
    seconds = wording.whole_seconds(value)
    markup = '<time datetime="PT{}S">{}</time>'
    return format_html(markup, max(0, seconds), wording.duration_words(seconds))


@register.inclusion_tag("components/clock_cell.html")
def clock_cell(label, value, small="", state=""):
    """One promise with its clock, inside <dl class="clocks">; state is ok, late, soon or empty."""
    return {"label": label, "value": value, "small": small, "state": state}


@register.inclusion_tag("components/avatar.html")
def avatar(name):
    """A person's initials on a tint that stays theirs."""
    words = [word for word in re.split(r"[\s.@_-]+", str(name)) if word]
    first_and_last = words[:1] + words[1:][-1:]
    tint = hashlib.sha256(str(name).encode()).digest()[0] % TINTS
    return {
        "initials": "".join(word[0] for word in first_and_last).upper() or "?",
        "name": name,
        "tint": tint,
    }


@register.simple_tag
def diff_words(old, new):
    """What changed from old to new, word by word, as <ins> and <del>."""
    return format_html_join("", "{}", ((marked_change(*change),) for change in changes(old, new)))


def marked_change(kind, text):
    return format_html("<{0}>{1}</{0}>", kind, text) if kind else text


def changes(old, new):
    """Pieces (kind, text): kind is del, ins or empty. All but the del make up the new text, every blank."""
    before, after = _words(old), _words(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    gone, come = "", ""
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        old, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind != "equal" or (gone or come) and i2 < len(before) and len(old.split()) < SHORT_RUN:
            gone, come = gone + old, come + new
        else:
            yield from _change(gone, come)
            yield "", old
            gone, come = "", ""
    yield from _change(gone, come)


def _words(text):
    return re.findall(r"\s+|\S+", text or "")


def _change(gone, come):
    if gone.strip():
        yield "del", gone
    if come:
        yield "ins" if come.strip() else "", come


@register.inclusion_tag("components/field.html")
def field(bound_field):
    """A form field with label, help and errors tied to it; the first wrong one takes the focus."""
    errors, described = bound_field.errors, []
    if bound_field.help_text:
        described.append(f"{bound_field.auto_id}_help")
    if errors:
        described.append(f"{bound_field.auto_id}_error")
    attrs = {"aria-describedby": " ".join(described)} if described else {}
    if bound_field.name == next((n for n in bound_field.form.errors if n != "__all__"), None):
        attrs["autofocus"] = True
    kind = getattr(bound_field.field.widget, "input_type", None) or "area"
    return {"field": bound_field, "control": bound_field.as_widget(attrs=attrs), "kind": kind}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form):
    """The summary at the head of a form that was not accepted, with a link to each wrong field."""
    wrong = [bound for bound in form if bound.errors]
    return {"general": form.non_field_errors(), "wrong": wrong, "any": bool(form.errors)}


@register.inclusion_tag("components/empty.html")
def empty(title, text="", url="", label="", icon="inbox"):
    """What a list shows when it has nothing: why, and what to do next."""
    return {"title": title, "text": text, "url": url, "label": label, "icon_name": icon}


@register.inclusion_tag("components/problem.html")
def problem(text):
    """Something went wrong here, said where it went wrong."""
    return {"text": text}


@register.inclusion_tag("components/sentiment.html")
def sentiment(value):
    """The tone of one mention, from 'neg', 'neu', 'pos' or a score from -1 to 1."""
    found = _tone_of(value)
    return {"tone": found, "word": TONES.get(found, "")}


def _tone_of(value):
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value[:3].lower()
    return "neg" if value <= -CLEAR_TONE else "pos" if value >= CLEAR_TONE else "neu"


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page):
    """Newer and older, from a Paginator page or anything with `previous_url` and `next_url`."""
    return {"newer": _page_url(context, page, "previous"), "older": _page_url(context, page, "next")}


def _page_url(context, page, way):
    if hasattr(page, f"{way}_url"):
        return getattr(page, f"{way}_url")
    if not getattr(page, f"has_{way}")():
        return None
    query = context["request"].GET.copy()
    query["page"] = getattr(page, f"{way}_page_number")()
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def page_address(context):
    """Of the page that is drawn, to come back to: also where a form's own address draws it."""
    request = context.get("request")
    return page_of(request) if request else ""


@register.simple_tag
def tint(brand):
    """The attributes that colour a page as the brand's own: of its own colour, else of our palette."""
    if brand.own_colour:
        return format_html('data-hue="{}" data-chroma="{}"', *tints.hue_and_chroma(brand.own_colour))
    return format_html('data-tint="{}"', palette(brand.colour))


@register.filter
def palette(colour):
    """A brand's colour by its name in our palette; anything else is the house colour."""
    return colour if colour in PALETTE else "sea"
