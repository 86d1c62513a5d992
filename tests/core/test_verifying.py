"""Tampering behind the triggers is found and named: altered, removed, reordered."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from responses import pulse
from responses.core import history
from responses.core.models import Event


@pytest.fixture
def written(isla, by, now):
    """Ten events, and their head noted outside the schema."""
    for number in range(10):
        history.record("incident.noted", by=by.lea, now=now, text=f"note {number}")
    pulse.refresh(isla, now)
    return Event.objects.order_by("-seq").first().seq


@pytest.fixture
def tamper(isla):
    """Run SQL as the database's owner with the triggers off."""

    def run(*statements):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE responses_event DISABLE TRIGGER USER")
            for sql in statements:
                cursor.execute(sql)
            cursor.execute("ALTER TABLE responses_event ENABLE TRIGGER USER")

    return run


def verified(capsys):
    call_command("verify_history", "isla")
    return capsys.readouterr().out


def refused(capsys):
    with pytest.raises(CommandError) as refusal:
        call_command("verify_history", "isla")
    assert refusal.value.returncode == 1
    return capsys.readouterr().out.strip().splitlines()


def test_a_sound_history_verifies(written, capsys):
    assert f"Isla Ferries: {Event.objects.count()} events, all as they were written." in verified(capsys)


@pytest.mark.parametrize(
    "change",
    [
        """data = '{"text": "never said"}'""",
        "actor_name = 'Somebody else'",
        "at = at + interval '1 hour'",
        "kind = 'task.done'",
        "incident_id = 99",
        "actor_strength = 'passkey'",
    ],
)
def test_an_altered_row_is_named(change, written, tamper, capsys):
    row = written - 4
    tamper(f"UPDATE responses_event SET {change} WHERE seq = {row}")
    kind = Event.objects.get(seq=row).kind
    assert refused(capsys) == [f"event {row} {kind}: altered"]


def test_a_row_altered_with_its_hash_made_to_fit_is_named(written, tamper, capsys):
    row = Event.objects.get(seq=written - 4)
    row.data = {"text": "never said"}
    tamper(
        f"""UPDATE responses_event SET data = '{{"text": "never said"}}', hash = '{history.hash_of(row)}'
        WHERE seq = {row.seq}"""
    )
    assert refused(capsys) == [f"event {row.seq} incident.noted: altered"]


def test_the_last_row_rewritten_with_a_fitting_hash_is_found_by_the_anchor(written, tamper, capsys):
    row = Event.objects.get(seq=written)
    row.data = {"text": "never said"}
    tamper(
        f"""UPDATE responses_event SET data = '{{"text": "never said"}}', hash = '{history.hash_of(row)}'
        WHERE seq = {row.seq}"""
    )
    assert refused(capsys) == [f"event {written} incident.noted: altered"]


def test_a_row_removed_from_the_middle_is_named(written, tamper, capsys):
    tamper(f"DELETE FROM responses_event WHERE seq = {written - 5}")
    assert refused(capsys) == [f"event {written - 5} (gone): removed"]


def test_a_tail_cut_off_is_found_by_the_anchor(written, tamper, capsys):
    tamper(f"DELETE FROM responses_event WHERE seq > {written - 2}")
    assert refused(capsys) == [f"event {written - 1} (gone): removed", f"event {written} (gone): removed"]


def test_the_first_row_removed_is_named(written, tamper, capsys):
    tamper("DELETE FROM responses_event WHERE seq = 1")
    assert refused(capsys) == ["event 1 (gone): removed"]


@pytest.mark.parametrize("apart", [1, 3])
def test_two_rows_swapped_are_named(apart, written, tamper, capsys):
    one, other = written - 6, written - 6 + apart
    tamper(
        f"UPDATE responses_event SET seq = 999999 WHERE seq = {one}",
        f"UPDATE responses_event SET seq = {one} WHERE seq = {other}",
        f"UPDATE responses_event SET seq = {other} WHERE seq = 999999",
    )
    told = refused(capsys)
    assert f"event {one} incident.noted: reordered" in told
    assert f"event {other} incident.noted: reordered" in told


def test_an_unknown_brand_is_said_so(db):
    with pytest.raises(CommandError, match="no brand nowhere"):
        call_command("verify_history", "nowhere")


def test_the_page_names_the_broken_row(written, tamper, sign_in):
    from django.urls import reverse

    row = written - 4
    tamper(f"UPDATE responses_event SET actor_name = 'x' WHERE seq = {row}")
    page = sign_in("lea").post(reverse("responses:history_verify", args=["isla"])).content.decode()
    assert f"Line {row}" in page
    assert "it was altered" in page
