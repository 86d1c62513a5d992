"""Being let in by Google, and what its APIs mean when they refuse.

A person's consent is a refresh token, a service account's a private key; either is exchanged for a token that
opens the API for an hour. That token is never kept: asking again is one call, a leak would be an hour.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.utils.translation import gettext as _

from responses.monitoring.sources.asking import Api
from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.reading import dicts, name, part

TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")  # Google's day begins at its midnight
A_WHILE = 15 * 60
BY_KEY = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_LENGTH = 8_000

USED_UP = {"quotaExceeded", "dailyLimitExceeded"}
TOO_OFTEN = {"rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED"}
BAD_KEY = {"keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_EXPIRED"}
BLOCKED = {
    "ipRefererBlocked",
    "API_KEY_IP_ADDRESS_BLOCKED",
    "API_KEY_HTTP_REFERRER_BLOCKED",
    "API_KEY_SERVICE_BLOCKED",
}
SWITCHED_OFF = {"accessNotConfigured", "SERVICE_DISABLED"}


def by_refresh_token(http: Callable[..., Any], *, client: str, secret: str, token: str, now: datetime) -> str:
    """The access token for which a person once gave consent."""
    given = {"client_id": client, "client_secret": secret, "refresh_token": token}
    return _exchange(http, given | {"grant_type": "refresh_token"}, now)


def by_service_account(http: Callable[..., Any], key_file: str, scope: str, now: datetime) -> str:
    """The access token of a service account, asked for with a signed statement (RFC 7523)."""
    return _exchange(http, {"grant_type": BY_KEY, "assertion": statement(key_file, scope, now)}, now)


def statement(key_file: str, scope: str, now: datetime) -> str:
    """A JSON Web Token, RS256. `key_file` is the JSON that Google gives away for a service account."""
    account, key_id, key = read_key_file(key_file, is_checked=True)
    at = int(now.timestamp())
    claims = {"iss": account, "scope": scope, "aud": TOKEN_URL, "iat": at, "exp": at + 3600}
    signed = b".".join(_base64(each) for each in ({"alg": "RS256", "typ": "JWT", "kid": key_id}, claims))
    signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def read_key_file(key_file: str, *, is_checked: bool = False) -> tuple[str, str, rsa.RSAPrivateKey]:
    """The account, the key's id and the key. What is wrong with the file is said without showing it.

    To check an RSA key takes a tenth of a second, so that is done once, when it is typed.
    """
    message = _(
        "This is not the JSON key of a service account. Paste the whole file as Google gave it to you."
    )
    try:
        found = json.loads(key_file)
        account, pem = str(found["client_email"]), str(found["private_key"])
        key = serialization.load_pem_private_key(
            pem.encode(), password=None, unsafe_skip_rsa_key_validation=is_checked
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SourceError(message, permanent=True) from None
    except Exception:  # the cryptography below has errors of its own for each kind of broken key
        raise SourceError(message, permanent=True) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SourceError(message, permanent=True)
    return account, str(found.get("private_key_id", "")), key


def _base64(claims: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode()).rstrip(b"=")


def _exchange(http: Callable[..., Any], given: dict[str, str], now: datetime) -> str:
    api = Api("Google", http, now)
    try:
        token = name(api.post(TOKEN_URL, data=given), "access_token", longest=TOKEN_LENGTH)
    except SourceError as error:
        raise _not_let_in(error) from None
    if not token:
        raise api.puzzled()
    return token


def _not_let_in(error: SourceError) -> SourceError:
    said = name(error.said, "error")
    messages = {
        "invalid_grant": _(
            "Google no longer accepts this access: it was withdrawn, has run out or was changed. "
            "Give Tugon a new one."
        ),
        "invalid_client": _("Google does not know this client or its secret. Copy both again."),
        "unauthorized_client": _("Google does not let this client read the data. Check its permissions."),
        "invalid_scope": _("Google does not let this client read the data. Check its permissions."),
    }
    if said in messages:
        return SourceError(messages[said], permanent=True, status=error.status)
    return error


class Google:
    """One of Google's APIs, opened by `headers`. `more` are reasons of its own a person must mend."""

    def __init__(
        self,
        http: Callable[..., Any],
        now: datetime,
        headers: dict[str, str],
        more: dict[str, str] | None = None,
    ):
        self.api, self.now, self.more = Api("Google", http, now, headers=headers), now, more or {}

    def ask(self, url: str, **params: Any) -> dict[str, Any]:
        try:
            found = self.api.get(url, **params)
        except SourceError as error:
            raise refusal(error, self.now, self.more) from None
        if not isinstance(found, dict):
            raise self.api.puzzled()
        return found


def refusal(error: SourceError, now: datetime, more: dict[str, str]) -> SourceError:
    """What a refusal means, in words. `more` are the reasons of one API that only a person can mend."""
    reasons = reasons_of(error)
    for reason, message in more.items():
        if reason in reasons:
            return SourceError(message, permanent=True, status=error.status)
    if reasons & USED_UP:
        message = _(
            "The day's quota of this Google project is used up. Tugon comes back when the next one begins."
        )
        return SourceError(message, retry_after=until_next_quota(now), status=error.status)
    if reasons & TOO_OFTEN or error.status == 429:
        wait = error.retry_after or (A_WHILE if reasons & TOO_OFTEN else None)
        return SourceError(_("Google asks Tugon to come less often."), retry_after=wait, status=error.status)
    message = _mending(reasons, error.status)
    return SourceError(message, permanent=True, status=error.status) if message else error


def _mending(reasons: set[str], status: int | None) -> str:
    """What a person has to do, empty when it may mend itself."""
    if reasons & BAD_KEY:
        return _("Google does not accept this API key. Copy it again, or make a new one.")
    if reasons & BLOCKED:
        return _(
            "This API key may not be used from here. Look at its restrictions in the Google Cloud console."
        )
    if reasons & SWITCHED_OFF:
        return _(
            "This API is not switched on in your Google project. Switch it on in the Google Cloud console."
        )
    if status == 401:
        return _("Google does not accept these credentials. Give Tugon new ones.")
    if status == 403:
        return _("Google does not let these credentials read this. Check what they are allowed to do.")
    if status == 404:
        return _("Google knows nothing under this name, or these credentials may not see it.")
    return ""


def reasons_of(error: SourceError) -> set[str]:
    listed = [*dicts(part(error.said, "error", "errors")), *dicts(part(error.said, "error", "details"))]
    return {name(error.said, "error", "status"), *(name(each, "reason") for each in listed)} - {""}


def until_next_quota(now: datetime) -> int:
    here = now.astimezone(QUOTA_ZONE)
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((midnight.astimezone(now.tzinfo) - now).total_seconds()) + 60


def next_page(found: dict[str, Any], *path: str) -> str:
    return name(found, *path, longest=TOKEN_LENGTH)
