"""The evidence pack: what it holds, who may have it, and that nothing of it can be changed unnoticed."""

import base64
import copy
import json
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection

from responses.core import history
from responses.core.actors import TUGON
from responses.incidents import lifecycle
from responses.publishing import releasing
from responses.publishing.evidence import giving, sealing, verifying
from responses.publishing.models import Publication

from . import making

ODD = 'Ligtas po ang lahat. #include "x" $a$ *b* _c_ \\ \u202e <script>alert(1)</script> 🛟\nSusunod: 17:00.'


@pytest.fixture
def out(isla, by, now, outside):
    """A publication that went out on the second try, after other matters came between its events."""
    incident = lifecycle.open_incident(title="Fire on Isla Uno", severity=2, by=by.lea, now=now)
    statement = making.drafted(by, now, {making.channel(): ODD})
    statement.incident = incident
    statement.save(update_fields=["incident"])
    history.record("brand.checked", by=TUGON, now=now, about="another matter")
    making.approve(statement, by, now)
    releasing.queue(statement, by=by.lea, now=now)
    releasing.release_due(now)
    return Publication.objects.get(statement=statement)


@pytest.fixture
def pack(out, now):
    return json.loads(json.dumps(giving.give(out, now=now)))


def flaws(pack) -> str:
    return "\n".join(verifying.verify(json.dumps(pack).encode()).flaws)


def resealed(pack):
    """As a forger would: everything inside made to fit, signed with a key of their own."""
    key = Ed25519PrivateKey.generate()
    body = sealing.canonical(pack)
    seal = {"sha256": verifying.sha256(body), "key": sealing.public_of(key)}
    pack["seal"] |= seal | {"signature": base64.b64encode(key.sign(body)).decode()}
    return pack


def test_a_pack_holds_what_was_said_who_approved_it_and_the_chain_around_it(pack):
    verdict = verifying.verify(json.dumps(pack).encode(), sealing.public_keys())
    assert verdict.flaws == []
    assert verdict.approvals == 2
    assert pack["publication"]["text"] == ODD
    people = [each["by"]["name"] for step in pack["reviews"][0]["steps"] for each in step["decisions"]]
    assert len(set(people)) == 2
    assert {each["strength"] for step in pack["reviews"][0]["steps"] for each in step["decisions"]} <= {
        "password", "mfa", "passkey", "link",
    }  # fmt: skip
    kinds = [each["kind"] for each in pack["history"]["events"]]
    assert kinds[0] == "statement.drafted"
    assert "publication.sent" in kinds
    assert "brand.checked" not in kinds, "other matters are links only"
    assert len(pack["history"]["links"]) > len(kinds)
    assert "another matter" not in json.dumps(pack)


def first(pack, *names):
    """What stands first under these names, one inside the other."""
    for name in names:
        pack = pack[name][0]
    return pack


def approve_own(pack):
    decision = first(pack, "reviews", "steps", "decisions")
    first(pack, "written")["by"] = dict(decision["by"])


DECISION = ("reviews", "steps", "decisions")
CHANGES = {
    "the text": (lambda p: p["revision"]["content"]["variants"][0].__setitem__(2, "No one."), "hash"),
    "what went out": (lambda p: p["publication"].update(text="All is well."), "went out is not"),
    "who approved": (lambda p: first(p, *DECISION)["by"].update(id="user:999"), "History knows"),
    "what was approved": (lambda p: first(p, *DECISION).update(revision_hash="0" * 64), "another text"),
    "a step undecided": (lambda p: first(p, "reviews", "steps").update(status="waiting"), "not approved"),
    "an author who approved": (approve_own, "they wrote"),
    "an event": (lambda p: p["history"]["events"][0]["data"].update(title="B"), "as it was written"),
    "its hour": (lambda p: p["history"]["events"][1].update(at="2020-01-01T00:00:00+00:00"), "as it was"),
    "a link taken out": (lambda p: p["history"]["links"].pop(2), "hold together"),
    "a part taken out": (lambda p: p.pop("reviews"), "missing"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_no_change_goes_unnoticed_even_when_it_is_signed_anew(pack, what):
    change, words = CHANGES[what]
    changed = copy.deepcopy(pack)
    change(changed)
    assert "changed after it was made" in flaws(changed)
    forged = flaws(resealed(changed))
    assert words in forged
    assert "signature" not in forged


def test_a_pack_forged_whole_has_not_our_key(pack):
    forged = json.dumps(resealed(pack)).encode()
    assert verifying.verify(forged).holds
    assert "not among those you trust" in verifying.verify(forged, sealing.public_keys()).flaws[0]


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"[]", b"{}", b"[" * 100_000, b'{"format": "tugon-evidence/1"}']
)
def test_what_is_no_pack_is_said_to_be_none(raw):
    assert verifying.verify(raw).flaws


def test_the_command_proves_it_offline(pack, tmp_path):
    kept = tmp_path / "pack.json"
    kept.write_text(json.dumps(pack, indent=2), encoding="utf-8")
    done = offline(kept, "--key", sealing.public_keys()[0])
    assert done.returncode == 0, done.stderr
    assert "2 approvals" in done.stdout
    pack["publication"]["url"] = "https://elsewhere.example/"
    kept.write_text(json.dumps(pack), encoding="utf-8")
    done = offline(kept)
    assert done.returncode == 1
    assert "changed after it was made" in done.stdout
    assert "cannot be read" in offline(tmp_path / "none.json").stderr


def offline(*words):
    """No database to be had: an address that nobody answers at."""
    command = [sys.executable, "manage.py", "verify_evidence", *map(str, words)]
    env = {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )


def test_the_pages_give_the_pack_to_those_who_may_have_it(out, sign_in):
    page = sign_in("lea").get(f"/b/isla/publications/{out.pk}/")
    assert f"/b/isla/publications/{out.pk}/evidence.pdf" in page.content.decode()
    assert sealing.public_keys()[0] in page.content.decode()
    for language in ("en", "fil"):
        client = sign_in("lea")
        client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})
        got = client.get(f"/b/isla/publications/{out.pk}/evidence.pdf")
        assert got.content.startswith(b"%PDF-")
        assert got["Cache-Control"] == "private, no-store"
    portal = sign_in("marta")
    assert portal.get(f"/b/isla/publications/{out.pk}/evidence.json").status_code == 404
    told = portal.get(f"/portal/isla/evidence/{out.pk}.json")
    assert verifying.verify(told.content, sealing.public_keys()).holds
    assert portal.get(f"/portal/isla/evidence/{out.pk}.pdf").content.startswith(b"%PDF-")


def test_there_is_no_pack_of_what_is_not_out(isla, by, now, outside, sign_in):
    statement = making.approved(by, now)
    waiting = releasing.queue(statement, by=by.lea, now=now)[0]
    assert sign_in("lea").get(f"/b/isla/publications/{waiting.pk}/evidence.json").status_code == 404
    assert sign_in("marta").get(f"/portal/isla/evidence/{waiting.pk}.json").status_code == 404


def test_a_pack_of_a_text_changed_by_sql_does_not_hold(out, now, isla):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE responses_variant SET text = 'Nobody was hurt.'")
    out = giving.packed().get(pk=out.pk)
    assert "does not have the hash" in flaws(json.loads(json.dumps(giving.give(out, now=now))))
