"""Two languages through the API: written together, read apart, and never lost by who speaks of one alone."""

import pytest

from responses.statements.models import Statement
from tests.statements import desk


@pytest.fixture
def news(isla):
    return f"chn_{desk.channels()[0].pk}"


@pytest.fixture
def short(isla):
    return f"chn_{desk.channels()[1].pk}"


def wording(channel, text="All are safe.", **more):
    return {"title": "Safe", "language": "en", "texts": [{"channel": channel, "text": text}]} | more


def beside(channel, text="Ligtas ang lahat.", **more):
    texts = [{"channel": channel, "text": text}]
    return {"also": [{"language": "fil", "title": "Ligtas", "texts": texts} | more]}


def latest(machine, here):
    return machine.get(f"revisions/{machine.get(here).json()['latest_revision']}").json()


def test_both_are_written_and_read(machine, news):
    made = machine.post("statements", wording(news, type="holding") | beside(news))
    assert made.status_code == 201, made.content
    shown = latest(machine, made["Location"])
    assert (shown["language"], shown["titles"]) == ("en", {"fil": "Ligtas"})
    assert {(row["language"], row["text"]) for row in shown["texts"]} == {
        ("en", "All are safe."),
        ("fil", "Ligtas ang lahat."),
    }


def test_who_does_not_mention_the_second_language_keeps_it_and_who_empties_it_ends_it(machine, news):
    here = machine.post("statements", wording(news, type="holding") | beside(news))["Location"]
    machine.act(here, "revise", wording(news, "All are ashore.", base=1))
    assert latest(machine, here)["titles"] == {"fil": "Ligtas"}
    machine.act(here, "revise", wording(news, "All are ashore.", base=2, also=[]))
    assert latest(machine, here)["titles"] == {}


def test_a_fault_has_its_place(machine, news, short):
    refused = machine.post("statements", wording(news, type="holding") | beside(short))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"].startswith("/also/fil/texts")
    assert not Statement.objects.exists()


def test_the_lint_compares_them(machine, news):
    asked = (
        {"type": "memo"} | wording(news, "Call 0917 555 0100 at 14:00.") | beside(news, "Tumawag nang 14:00.")
    )
    del asked["title"]
    found = machine.post("lint", asked).json()["findings"]
    [told] = [each for each in found if each["rule"] == "languages"]
    assert (told["passage"], told["channel"], told["language"]) == ("0917 555 0100", news, "")


def test_a_channel_says_which_language_it_speaks(machine):
    given = {"kind": "email", "name": "Letters", "speaks": "fil"}
    made = machine.post("channels", given)
    assert (made.status_code, made.json()["speaks"]) == (201, "fil")
    kept = machine("patch", made["Location"], {"name": "Post"}, if_match=made["ETag"]).json()
    assert (kept["name"], kept["speaks"]) == ("Post", "fil")
    assert machine.post("channels", given | {"speaks": "de"}).status_code == 400


def test_a_template_has_both(machine):
    given = {
        "name": "At sea",
        "type": "holding",
        "language": "en",
        "body": "We know.",
        "also_body": "Alam namin.",
    }
    made = machine.post("templates", given)
    assert (made.status_code, made.json()["also_body"]) == (201, "Alam namin.")


def test_what_lags_is_read_and_a_person_may_say_that_it_is_still_right(machine, person, news):
    here = machine.post("statements", wording(news, type="holding") | beside(news))["Location"]
    assert machine.get(f"{here}/lags").json() == {"lags": []}
    machine.act(here, "revise", wording(news, "All are ashore.", base=1))
    [lag] = machine.get(f"{here}/lags").json()["lags"]
    assert lag == {
        "language": "fil",
        "since": 1,
        "other": "en",
        "changed": 2,
        "still_right_by": None,
        "still_right_at": None,
    }
    said = {"language": "fil", "revision_hash": machine.get(here).json()["revision_hash"]}
    assert machine.post(f"{here}/lags", said).json()["code"] == "persons_only"
    [lag] = person("ana").post(f"{here}/lags", said).json()["lags"]
    assert lag["still_right_by"]["name"] == "Ana"
    assert person("ana").post(f"{here}/lags", said).status_code == 412
