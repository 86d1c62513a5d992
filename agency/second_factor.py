"""The second factor of a person: whether they have one, gave it a moment ago, or give it now.

A code works once and guesses are limited, by allauth's own rules.
"""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.app_settings import TOTP_PERIOD, TOTP_TOLERANCE
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.core.exceptions import ValidationError

RECENT = 15 * 60  # seconds for which a factor that was given counts as given just now
PASSKEY, CODE = Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP


def is_fresh(request) -> bool:
    """Whether the signed-in person gave a second factor within the last quarter of an hour."""
    if not request.user.is_authenticated:
        return False
    given = [each["at"] for each in get_authentication_records(request, request.user) if is_second(each)]
    return bool(given) and time.time() - max(given) < RECENT


def is_second(record: dict) -> bool:
    return record.get("method") == "mfa" and "at" in record


def kinds_of(user) -> set[str]:
    """Which second factors the person has."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True)) & {PASSKEY, CODE}


def is_right(user, code: str) -> bool:
    """Whether this is the person's code of this minute. Using it up and counting guesses are allauth's."""
    held = Authenticator.objects.filter(user=user, type=CODE).first()
    code = "".join(code.split())
    if held is None or not code:
        return False
    try:
        forget_guesses = check_rate_limit(user)
    except ValidationError:
        return False
    app = held.wrap()
    if not app.validate_code(code):
        return False
    # allauth remembers a used code for half a minute; with a tolerance it would be good for longer.
    cache.touch(app._get_used_cache_key(code), TOTP_PERIOD * (2 * TOTP_TOLERANCE + 1))
    forget_guesses()
    return True


def give(request, code: str) -> bool:
    """The signed-in person's code, remembered in their session for the next quarter of an hour."""
    if not is_right(request.user, code):
        return False
    held = Authenticator.objects.get(user=request.user, type=CODE)
    post_authentication(request, held, reauthenticated=True)
    return True


def code_of_now(held: Authenticator) -> str:
    """What this person's app shows. For the demo, which has no phones."""
    secret = decrypt(held.data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD))


def set_up(user, secret: str) -> None:
    """Give an invented person an app with this secret."""
    TOTP.activate(user, secret)
