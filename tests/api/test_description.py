"""The description is committed, true, and read by somebody else's tests."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from api.description import described


def test_the_committed_description_is_the_one_of_the_code(tmp_path):
    now = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(now), validate=True, fail_on_warn=True)
    committed = Path(settings.BASE_DIR, "docs/openapi.yaml")
    assert committed.read_text() == now.read_text(), "run `make schema` and commit docs/openapi.yaml"


# Made and removed, never changed: there is no older state that somebody could mean.
NEVER_CHANGED = ("/exclusions/{id}", "/views/{id}", "/points/{id}")


def test_every_operation_says_enough():
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], path
            assert "Scope of a key" in operation["description"] or "Persons only" in operation["description"]
            names = {each["name"] for each in operation["parameters"]}
            assert ("Idempotency-Key" in names) == (method == "post"), path
            if method in {"patch", "delete"} and not path.endswith(NEVER_CHANGED):
                assert "If-Match" in names, path


def test_the_page_shows_every_operation(client, db):
    page = client.get("/api/docs/").content.decode()
    for path, methods in described()["paths"].items():
        assert path in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    assert "style=" not in page
    assert "onclick" not in page


def test_the_description_is_served(client, db):
    answer = client.get("/api/v1/openapi.json")
    assert answer.json()["openapi"] == "3.1.0"


@pytest.mark.parametrize("method", ["post", "delete"])
def test_the_description_is_only_read(client, db, method):
    assert getattr(client, method)("/api/docs/").status_code in {403, 405}


def test_the_description_is_english_whoever_asks_first():
    described.cache_clear()
    with translation.override("fil"):
        asked_in_filipino = described()
    described.cache_clear()
    assert asked_in_filipino == described()
