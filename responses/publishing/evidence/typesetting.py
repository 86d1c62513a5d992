"""The pack as pages to read and to file: typeset with Typst, from the same facts and with the same digest."""

import base64
import json
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typst
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy as pgettext

from responses.core import timeline
from responses.publishing.models import Publication
from responses.statements import imaging, tongues
from responses.statements.models import Decision, Review, Statement, Step

from . import sealing

TEMPLATE = Path(__file__).with_name("evidence.typ")
STRENGTHS = {
    "password": pgettext("sign-in", "password"),
    "mfa": pgettext("sign-in", "second factor"),
    "passkey": pgettext("sign-in", "passkey"),
    "link": pgettext("sign-in", "link from a letter"),
    "link+code": pgettext("sign-in", "link from a letter and second factor"),
    "system": pgettext("sign-in", "by itself"),
}


def pdf(pack: dict, lines: list[timeline.Line], language: str) -> bytes:
    """The sealed pack as PDF, in a language of ours; `lines` are its events as sentences."""
    with translation.override(language), tempfile.TemporaryDirectory(prefix="tugon-evidence-") as folder:
        told = Path(folder, "told.json")
        told.write_text(json.dumps(page(pack, lines, language), ensure_ascii=False), encoding="utf-8")
        for name, data in files_of(pack).items():
            Path(folder, name).write_bytes(data)
        template = Path(folder, TEMPLATE.name)
        template.write_bytes(TEMPLATE.read_bytes())
        return typst.compile(str(template), root=folder, ignore_system_fonts=False)


def lines_of(publication: Publication, pack: dict, brand) -> list[timeline.Line]:
    """The pack's events told in the reader's language, the oldest first."""
    wanted = [event["seq"] for event in pack["history"]["events"]]
    return timeline.lines(timeline.Event.objects.filter(seq__in=wanted).order_by("seq"), brand)


def page(pack: dict, lines, language: str) -> dict:
    """What the template prints: words and dates of the language, in the order of the pages."""
    zone = ZoneInfo(pack["brand"]["time_zone"])
    return {
        "language": language,
        "heading": _("Evidence of a publication"),
        "title": pack["revision"]["content"]["title"],
        "brand": pack["brand"]["name"],
        "facts": facts(pack, zone),
        "text_heading": _("The text as it went out"),
        "texts": texts(pack),
        "images_heading": _("The pictures that went out with it"),
        "images": images(pack),
        "hash_heading": _("Fingerprint of the approved text (SHA-256)"),
        "hash": pack["revision"]["hash"],
        "decisions_heading": _("Who wrote, who saw and who decided"),
        "decisions_head": [_("When"), _("Who"), _("What"), _("Signed in with")],
        "decisions": [*written(pack, zone), *seen(pack, zone), *decisions(pack, zone)],
        "attempts_heading": _("What the provider answered"),
        "attempts_head": [_("Began"), _("Ended"), _("Outcome"), _("Words")],
        "attempts": [attempt(each, zone) for each in pack["publication"]["attempts"]],
        "history_heading": _("History"),
        "history": [[clock(line.at.isoformat(), zone), str(line.seq), line.text] for line in lines],
        "chain": _(
            "These events are links of one chain: each holds the fingerprint of the one before. The file of "
            "the same name that ends in .json carries all links, and proves offline that none was changed, "
            "removed or put in later: manage.py verify_evidence."
        ),
        "seal_heading": _("Seal"),
        "seal": seal(pack, zone),
        "zone": _("All times in %(zone)s.") % {"zone": pack["brand"]["time_zone"].replace("_", " ")},
    }


def files_of(pack: dict) -> dict[str, bytes]:
    """The pictures of the revision under the names by which `images` calls them."""
    kinds = {each["sha256"]: each["media_type"] for each in pack["revision"]["content"].get("images", [])}
    found = pack["revision"].get("images", [])
    return {file_of(each["sha256"], kinds): base64.b64decode(each["data"]) for each in found}


def file_of(name: str, kinds: dict[str, str]) -> str:
    return f"{name}.{imaging.ENDINGS[kinds[name]]}"


def images(pack: dict) -> list[dict]:
    """Each that went out: its file, what it was said to show, its hash."""
    told = {each["sha256"]: each for each in pack["revision"]["content"].get("images", [])}
    kinds = {name: each["media_type"] for name, each in told.items()}
    sent = pack["publication"].get("images", [])
    return [{"file": file_of(name, kinds), "alt": told[name]["alt"], "sha256": name} for name in sent]


def texts(pack: dict) -> list[dict]:
    """What went out, in each language; one alone needs no name."""
    publication, content = pack["publication"], pack["revision"]["content"]
    if not publication["also"]:
        return [{"name": "", "text": publication["text"]}]
    titles = {each["language"]: each["title"] for each in (content, *content["also"])}
    return [
        {
            "name": f"{tongues.name_of(each['language'])}: {titles[each['language']]}",
            "text": each["text"],
        }
        for each in (publication, *publication["also"])
    ]


def facts(pack: dict, zone) -> list[list[str]]:
    publication, labels = pack["publication"], dict(Statement.Type.choices)
    return [
        [_("Brand"), pack["brand"]["name"]],
        [_("Kind of statement"), str(labels.get(pack["statement"]["type"], pack["statement"]["type"]))],
        [_("Incident"), (pack["statement"]["incident"] or {}).get("title", "–")],
        [_("Published on"), publication["channel"]["name"]],
        [_("Published at"), clock(publication["published_at"], zone)],
        [_("Address there"), publication["url"] or "–"],
        [_("Name there"), publication["external_id"] or "–"],
        [_("Revision"), str(pack["revision"]["number"])],
    ]


def seal(pack: dict, zone) -> list[list[str]]:
    told = pack["seal"]
    return [
        [_("Made at"), clock(pack["made_at"], zone)],
        [_("Digest of the pack (SHA-256)"), told["sha256"]],
        [_("Key (%(algorithm)s)") % {"algorithm": told["algorithm"]}, told["key"]],
        [_("Key, to read out"), sealing.fingerprint(told["key"])],
    ]


def written(pack: dict, zone) -> list[list[str]]:
    number = pack["revision"]["number"]
    return [
        [clock(each["at"], zone), each["by"]["name"], wrote(each), ""]
        for each in pack["written"]
        if each["revision"] <= number
    ]


def wrote(told: dict) -> str:
    words = _("wrote revision %(number)s") % {"number": told["revision"]}
    others = ", ".join(each["name"] for each in told.get("with_words_by", ()))
    return f"{words}, {_('with words by %(name)s') % {'name': others}}" if others else words


def seen(pack: dict, zone) -> list[list[str]]:
    """Who opened it signed in; and that a letter's link was opened, which machines do too."""
    saw, opened = (
        _("opened revision %(number)s"),
        _("link opened, revision %(number)s (also by mail scanners)"),
    )
    rows = []
    for review in pack["reviews"]:
        number = {"number": review["revision"]}
        for each in review["seen"]:
            strength = str(STRENGTHS.get(each["strength"], each["strength"]))
            rows.append([clock(each["at"], zone), each["by"]["name"], saw % number, strength])
        rows += [
            [clock(each["at"], zone), each["sent_to"], opened % number, ""] for each in review["links_opened"]
        ]
    return rows


def decisions(pack: dict, zone) -> list[list[str]]:
    functions, verdicts = dict(Step.Function.choices), dict(Decision.Verdict.choices)
    statuses = dict(Review.Status.choices)
    rows = []
    for review in pack["reviews"]:
        for step in review["steps"]:
            for each in step["decisions"]:
                function = each.get("function", step["function"])  # older packs say it of the step alone
                what = f"{functions.get(function, function)}: {verdicts[each['verdict']]}"
                if stood_for := each.get("for"):
                    what += f", {_('for %(name)s') % {'name': stood_for['name']}}"
                what += f" ({_('revision')} {review['revision']}, {statuses[review['status']]})"
                what += f" – {each['comment']}" if each["comment"] else ""
                strength = str(STRENGTHS.get(each["strength"], each["strength"]))
                rows.append([clock(each["at"], zone), each["by"]["name"], what, strength])
    return rows


def attempt(told: dict, zone) -> list[str]:
    outcome = dict(Publication.Status.choices).get(told["outcome"], told["outcome"] or "–")
    times = [clock(told[name], zone) for name in ("started_at", "finished_at")]
    return [*times, str(outcome), told["detail"] or "–"]


def clock(at: str | None, zone: ZoneInfo) -> str:
    if not at:
        return "–"
    local = datetime.fromisoformat(at).astimezone(zone)
    return f"{formats.date_format(local, 'j M Y')}, {local:%H:%M:%S}"
