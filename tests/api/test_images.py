"""Pictures by the API: handed in as a form, named by a wording, shown by its revision."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from responses.statements import imaging
from responses.statements.image_models import Image
from tenants import context
from tests.publishing.making import newsroom
from tests.statements.drawing import ALT, photograph

URL = "/api/v1/brands/isla/images"


@pytest.fixture
def hand_in(machine):
    def sent(raw=None, client=None, **headers):
        auth = {} if client else {"authorization": f"Bearer {machine.spelled}"}
        file = SimpleUploadedFile("IMG_1.jpg", photograph() if raw is None else raw, "image/jpeg")
        within = context.current()
        try:
            return (client or Client()).post(URL, {"file": file}, headers=auth | headers)
        finally:
            context.enter(within)

    return sent


def wording(image=None, alt=ALT, **more):
    texts = [{"channel": f"chn_{newsroom().pk}", "text": "All are safe."}]
    images = {"images": [{"image": image, "alt": alt}]} if image else {}
    return {"title": "Ferry", "language": "en", "type": "holding", "texts": texts, **images, **more}


def test_from_a_file_to_a_revision(machine, hand_in):
    made = hand_in()
    assert made.status_code == 201, made.content
    image = made.json()
    assert (image["media_type"], image["width"], image["height"]) == ("image/jpeg", 640, 480)
    assert machine.get(f"images/{image['id']}").json() == image
    assert machine.get("images").json()["items"] == [image]
    assert hand_in().json()["id"] == image["id"], "the same picture is kept once"
    kept = Image.objects.get()
    assert b"CANARY" not in bytes(kept.content) and kept.added_by_id.startswith("key:")
    left_out = [{"image": image["id"], "alt": ALT, "left_out": [f"chn_{newsroom().pk}"]}]
    statement = machine.post("statements", wording(images=left_out)).json()
    revision = machine.get(f"revisions/{statement['latest_revision']}").json()
    assert revision["images"] == [left_out[0] | {"sha256": image["sha256"]}]
    given = wording(base=1) | {"title": "Ferry, again"}
    del given["type"]
    again = machine.act(f"statements/{statement['id']}", "revise", given).json()
    kept = machine.get(f"revisions/{again['latest_revision']}").json()
    assert kept["images"] == revision["images"], "a caller that knows of no pictures takes none away"
    bare = machine.act(f"statements/{statement['id']}", "revise", given | {"images": [], "base": 2}).json()
    assert machine.get(f"revisions/{bare['latest_revision']}").json()["images"] == []


@pytest.mark.parametrize(
    ("raw", "status"), [(b"<svg/>", 422), (b"\0\0\0\x18ftypheic", 422), (b"", 422), (photograph()[:500], 422)]
)
def test_what_is_no_picture_is_a_problem_at_its_field(hand_in, raw, status):
    answer = hand_in(raw)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert not Image.objects.exists()


def test_too_large_for_the_api_is_told(hand_in):
    answer = hand_in(b"\xff" * (imaging.MOST_BYTES - 10))
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_a_picture_without_words_and_one_that_is_not_there(machine, hand_in):
    image = hand_in().json()["id"]
    answer = machine.post("statements", wording(image, alt=" \n"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/images/0/alt")
    assert machine.post("statements", wording(image, alt="")).status_code == 400
    assert machine.post("statements", wording("img_999999")).status_code == 422


def test_the_same_request_twice_is_one(hand_in):
    first, second = (hand_in(**{"Idempotency-Key": "once"}) for _twice in range(2))
    # A form's boundary differs from request to request, as a browser's does: another body is refused.
    assert first.status_code == 201 and second.status_code in (201, 422)
    assert Image.objects.count() == 1


def test_a_person_hands_one_in_with_the_forms_token_only(hand_in, people):
    ana = Client(enforce_csrf_checks=True)
    ana.force_login(people.ana)
    assert hand_in(client=ana).status_code == 403
    ana.cookies["csrftoken"] = "a" * 32
    assert hand_in(client=ana, **{"X-CSRFToken": "a" * 32}).status_code == 201
    nilo = Client()
    nilo.force_login(people.nilo)
    assert hand_in(client=nilo).status_code in (403, 404)
