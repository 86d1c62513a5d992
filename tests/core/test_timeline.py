"""Every kind of event has a sentence, in both tongues of code: pages and machines."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from responses.core import history, timeline
from responses.core.actors import TUGON
from responses.core.models import Event
from responses.core.sentences import DECISIONS, GOOD, PUBLIC, SENTENCES, TROUBLE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text()
DOCUMENTED = re.findall(r"`([a-z_]+)\.([a-z_|]+)`", PAGE.split("Kinds:")[1].split("##")[0])
KINDS = sorted(f"{noun}.{deed}" for noun, deeds in DOCUMENTED for deed in deeds.split("|"))
BLANK = re.compile(r"%\((\w+)\)s")
DATA = {
    "at": "2026-11-23T12:00:00+00:00",
    "passage": "probably the engine",
    "point_kind": "fact",
    "title": "The <title>", "error": "timeout", "severity": 3, "before": 2, "after": 4, "reason": "why & how",
    "number": 7, "protocol": "First hour", "resolution": "over", "function": "lead", "person": "Marta",
    "text": "a note", "type": "holding", "revision": 2, "comment": "shorter",
    "channels": ["Newsroom", "Bluesky"], "channel": "Bluesky", "new": 12,
    "for_whom": "Nilo", "deputy": "Bea", "people": ["Tess", "Ramon"],
    "tone": "negative", "tone_before": "neutral", "per_week": 5, "count": 3, "state": "done",
    "words": "is <this> so?", "since": 1,
}  # fmt: skip


def event(kind, **data):
    return Event(
        seq=1, kind=kind, actor_name="Lea", subject_type="statement", subject_id=5, data=data, at=None
    )


def test_the_document_names_kinds():
    assert len(KINDS) > 50


def written_in_code():
    """Every kind that the rooms write as a word of its own."""
    nouns = "|".join(sorted({kind.partition(".")[0] for kind in KINDS}))
    literal = re.compile(rf'"((?:{nouns})\.[a-z_]+)"')
    modules = [path for room in ("responses", "api") for path in (ROOT / room).rglob("*.py")]
    modules = [path for path in modules if "serializers" not in path.parts]  # there it is a column's path
    return {kind for path in modules for kind in literal.findall(path.read_text())}


@pytest.mark.parametrize("kind", sorted(set(KINDS) | set(SENTENCES) | written_in_code()))
def test_every_kind_has_a_sentence_for_much_and_for_little(kind):
    assert kind in SENTENCES, f"{kind} has no sentence in core/sentences.py"
    plain, full = timeline.line(event(kind)), timeline.line(event(kind, **DATA))
    for line in (plain, full):
        assert line.text
        assert "%(" not in line.text + line.html
        assert kind not in line.text
    assert "<title>" not in full.html
    assert full.text == str(SENTENCES[kind][0]) % timeline.filled(event(kind, **DATA))


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_the_last_sentence_of_a_kind_needs_nothing_but_a_name(kind):
    assert set(BLANK.findall(str(SENTENCES[kind][-1]))) <= {"who"}


def test_the_filters_name_kinds_that_exist():
    assert set(SENTENCES) >= DECISIONS | PUBLIC | TROUBLE | GOOD


def test_an_unknown_kind_falls_back_to_a_plain_line():
    line = timeline.line(event("moon.landed", title="x"))
    assert line.text == "Lea: moon.landed"


def test_what_people_wrote_is_escaped_and_percent_signs_are_harmless():
    line = timeline.line(event("incident.noted", text="<script>x</script> 100 %(who)s %d"))
    assert "<script>" not in line.html
    assert "100 %(who)s %d" in line.html
    assert line.html.startswith("<strong>Lea</strong> noted")


def test_levels_and_codes_are_words():
    line = timeline.line(event("incident.severity_changed", before=2, after=4, reason="harm"))
    assert line.text == "Lea changed the level from Moderate to Critical: harm"
    assert (
        timeline.line(event("incident.part_given", function="voice")).text
        == "Lea took the part of spokesperson"
    )


def test_a_reason_of_tugon_is_told_in_the_readers_language_and_a_persons_as_it_was_said():
    kept = {"channel": "Bluesky", "reason": "The statement is no longer approved."}
    blocked = event("publication.blocked", **kept)
    assert timeline.line(blocked).text == "Not sent on Bluesky: The statement is no longer approved."
    found = event("publication.resolved", channel="Bluesky", reason="It was read back there.")
    with translation.override("fil"):
        assert "read back" in timeline.line(found).text, "Lea said so"
        blocked.actor_id = found.actor_id = TUGON.id
        assert "Hindi na aprubado ang pahayag." in timeline.line(blocked).text
        assert "Nabasa ito roon." in timeline.line(found).text


def test_one_is_told_as_one():
    def told(kind, **data):
        return timeline.line(event(kind, **data)).text

    assert told("mention.ingested", name="Rappler", new=1) == "One new mention came in from Rappler"
    assert told("mention.ingested", new=1) == "One new mention came in"
    assert told("mention.ingested", new=12) == "12 new mentions came in"
    assert told("mention.triaged", count=1, state="seen") == "Lea marked one mention as “seen”"
    assert told("budget.changed", per_week=1, before=5) == "Lea set the budget to one alert a week"


def test_an_alert_that_tugon_named_is_named_in_the_readers_language():
    raised = event("alert.raised", title="Far more mentions than usual", alert_kind="spike", severity=0)
    with translation.override("fil"):
        assert (
            timeline.line(raised).text
            == "May alerto: Mas maraming mention kaysa karaniwan, antas na Di pa tiyak"
        )


def test_an_alert_of_a_rule_keeps_the_rules_name_and_a_slow_one_its_days():
    of_rule = event("alert.raised", title="Ferry", alert_kind="spike", rule=4, why={"of_rule": True})
    slow = event("alert.woken", title="The brand as a whole", alert_kind="burn", days=4)
    with translation.override("fil"):
        assert timeline.line(of_rule).text == "May alerto: Ferry: mas marami kaysa sa karaniwan"
        assert "4 araw nang tumataas" in timeline.line(slow).text


def test_a_sentence_survives_a_translation_with_other_order():
    with translation.override("fil"):
        for kind in SENTENCES:
            assert "%(" not in timeline.line(event(kind, **DATA)).text


def test_a_line_links_to_the_page_it_is_about(isla):
    line = timeline.line(event("statement.drafted", title="First word"), isla)
    assert '<a href="/b/isla/statements/5/' in line.html


def test_filters_and_the_alert_before_the_incident(isla, by, now):
    history.record("incident.opened", by=by.lea, now=now, incident=1, number=1)
    history.record("incident.noted", by=by.lea, now=now, incident=1, text="a note")
    history.record("statement.published", by=by.lea, now=now, incident=1, title="We know")
    history.record("incident.noted", by=by.lea, now=now, incident=2, text="elsewhere")

    def kinds(**which):
        return [line.kind for line in timeline.lines(timeline.events(**which))]

    assert kinds(incident=1) == ["statement.published", "incident.noted", "incident.opened"]
    assert kinds(incident=1, which="decisions") == ["incident.opened"]
    assert kinds(incident=1, which="public") == ["statement.published"]
    assert kinds(incident=1, which="nonsense") == kinds(incident=1)
    assert len(kinds()) >= 4
