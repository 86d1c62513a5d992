"""At High and Critical an approval asks for a second factor; an objection never does."""

import time
from urllib.parse import quote

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.test import RequestFactory
from django.urls import reverse

from agency import second_factor
from responses.incidents.models import Incident
from responses.statements.link_models import ApprovalLink
from responses.statements.models import Decision
from tenants import context
from tests import codes


@pytest.fixture
def serious(waits):
    Incident.objects.update(severity=3)  # it has risen since the review began
    return waits


def url(name, *args):
    return reverse(f"portal:{name}", args=["isla", *args])


def said(waits, **more):
    return {"revision_hash": waits.step.review.revision.hash, "verdict": "approved", **more}


def test_a_password_alone_does_not_approve(sign_in, serious):
    browser = sign_in("marta")
    page = browser.get(url("decision", serious.step.pk), {"do": "approve"}).content.decode()
    assert "you have none yet" in page and reverse("mfa_index") in page
    refused = browser.post(url("decide", serious.step.pk), said(serious))
    assert refused.status_code == 403 and not Decision.objects.filter(step=serious.step).exists()


def test_the_passkey_leads_back_to_the_second_tap(sign_in, serious, people):
    Authenticator.objects.create(user=people.marta, type=second_factor.PASSKEY, data={})
    tap = f"{url('decision', serious.step.pk)}?do=approve"
    came = {"Referer": f"http://testserver{tap}"}
    page = sign_in("marta").post(url("decide", serious.step.pk), said(serious), headers=came)
    assert f"?next={quote(tap)}" in page.content.decode()


def test_with_the_code_it_does_and_the_code_works_once(sign_in, serious, people):
    codes.set_up(people.marta)
    browser, here = sign_in("marta"), url("decide", serious.step.pk)
    assert 'name="code"' in browser.get(url("decision", serious.step.pk), {"do": "approve"}).content.decode()
    wrong = browser.post(here, said(serious, code="000000"))
    assert wrong.status_code == 422 and "not right" in wrong.content.decode()
    assert browser.post(here, said(serious, code=codes.code())).status_code == 303
    decision = Decision.objects.get(step=serious.step)
    assert (decision.strength, decision.via) == ("mfa", "web")


def test_a_code_of_half_a_minute_ago_still_works_but_no_older_one_and_none_twice(people, monkeypatch):
    codes.set_up(people.marta)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    with request_context(RequestFactory().post("/")):
        assert not second_factor.is_right(people.marta, codes.code(later=-3))
        earlier = codes.code(later=-1)
        assert second_factor.is_right(people.marta, earlier)
        assert not second_factor.is_right(people.marta, earlier)


def test_somebody_elses_code_is_no_code(sign_in, serious, people):
    codes.set_up(people.marta)
    codes.set_up(people.nilo, "GEZDGNBVGY3TQOJQ")
    theirs = codes.code("GEZDGNBVGY3TQOJQ")
    assert (
        sign_in("marta").post(url("decide", serious.step.pk), said(serious, code=theirs)).status_code == 422
    )


def test_to_object_needs_no_second_factor(sign_in, serious):
    data = said(serious, verdict="changes", comment="Not yet")
    assert sign_in("marta").post(url("decide", serious.step.pk), data).status_code == 303


def test_a_policy_may_ask_always(sign_in, waits):
    type(waits.step.review).objects.update(second_factor=True)
    assert sign_in("marta").post(url("decide", waits.step.pk), said(waits)).status_code == 403


class TestByLink:
    @pytest.fixture(autouse=True)
    def _serious(self, serious):
        pass

    def test_the_link_alone_does_not_approve(self, client, letter, waits):
        page = client.get(letter.path, {"do": "approve"}).content.decode()
        assert "you have none yet" in page and url("decision", waits.step.pk) in page
        refused = client.post(letter.path, said(waits, name="Marta"))
        assert refused.status_code == 403
        assert not ApprovalLink.objects.get(pk=letter.link.pk).used_at

    def test_the_letter_says_so(self, letter):
        assert "second factor" in letter.message.body

    def test_the_link_and_the_code_do(self, client, letter, waits, people):
        codes.set_up(people.marta)
        assert 'name="code"' in client.get(letter.path, {"do": "approve"}).content.decode()
        wrong = client.post(letter.path, said(waits, name="Marta", code="000000"))
        assert wrong.status_code == 422 and not ApprovalLink.objects.get(pk=letter.link.pk).used_at
        assert client.post(letter.path, said(waits, name="Marta", code=codes.code())).status_code == 303
        decision = Decision.objects.get(step=waits.step)
        assert (decision.strength, decision.via) == ("link+code", "link")

    def test_a_code_is_not_used_up_by_a_wrong_name(self, client, letter, waits, people):
        codes.set_up(people.marta)
        now = codes.code()
        assert client.post(letter.path, said(waits, name="Marty", code=now)).status_code == 422
        assert client.post(letter.path, said(waits, name="Marta", code=now)).status_code == 303

    def test_guesses_count_though_each_is_refused(self, client, letter, waits, people, settings):
        settings.ACCOUNT_RATE_LIMITS = {}  # allauth's own: five in five minutes
        codes.set_up(people.marta)
        for _guess in range(6):
            assert client.post(letter.path, said(waits, name="Marta", code="000000")).status_code == 422
        assert client.post(letter.path, said(waits, name="Marta", code=codes.code())).status_code == 422
        assert not Decision.objects.filter(step=waits.step, person_id=f"user:{people.marta.pk}").exists()
        settings.ACCOUNT_RATE_LIMITS = False
        assert client.post(letter.path, said(waits, name="Marta", code=codes.code())).status_code == 303


def test_a_code_and_the_guesses_at_it_are_a_persons_not_a_brands(people, brands, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    codes.set_up(people.ramon)
    with request_context(RequestFactory().post("/")):
        with context.inside(brands.isla):
            now = codes.code()
            assert second_factor.is_right(people.ramon, now)
        with context.inside(brands.luzon):
            assert not second_factor.is_right(people.ramon, now)
            for _guess in range(4):
                assert not second_factor.is_right(people.ramon, "000000")
        with context.inside(brands.isla):
            assert not second_factor.is_right(people.ramon, codes.code(later=1))
