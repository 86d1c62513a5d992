"""Which page a request belongs to, where the address of a form answers no GET."""

import pytest
from django.test import RequestFactory

from agency.whereabouts import page_of

ROOM, FORM = "/b/isla/incidents/3/", "/b/isla/incidents/3/severity/"


@pytest.mark.parametrize(
    ("stood_at", "page"),
    [
        (f"http://testserver{ROOM}?tab=public#timeline", f"{ROOM}?tab=public"),
        (f"http://testserver{FORM}", ROOM),
        (f"http://elsewhere.example{ROOM}", ROOM),
        ("http://testserver//elsewhere.example/", ROOM),
        ("", ROOM),
    ],
)
def test_a_form_belongs_to_a_page_that_can_be_asked_for(stood_at, page):
    assert page_of(RequestFactory().post(FORM, headers={"Referer": stood_at})) == page


def test_a_page_that_takes_its_own_form_is_its_own():
    assert page_of(RequestFactory().post("/b/isla/incidents/new/?alert=4")) == "/b/isla/incidents/new/"
    assert page_of(RequestFactory().get(f"{ROOM}?tab=public")) == f"{ROOM}?tab=public"
