"""A passkey, with the browser's own virtual authenticator: enrolled once, then it signs in without a word."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_enrolled_and_signs_in(stack, visitors):
    page = visitors.open()
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    device = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    page.goto("/accounts/login/")
    page.fill("[name=login]", "paolo@habi.example")
    page.fill("[name=password]", "tugon-demo")
    page.click("form:has([name=password]) button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", "tugon-demo")  # the password once more before the keys are touched
    page.click("form:has([name=password]) button[type=submit]")
    page.fill("[name=name]", "Paolo's phone")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile(r"/accounts/2fa/(recovery-codes/|webauthn/$)"))  # not the form's own address
    assert len(cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

    page.context.clear_cookies()
    page.goto("/board/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.click("#passkey_login")
    expect(page).to_have_url(f"{stack.url}/board/")  # in full: the sign-in's own address ends so as well
    expect(page.locator("main")).to_contain_text("Isla Ferries")
