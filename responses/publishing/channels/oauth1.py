"""Signing a request for an account, as X wants it: OAuth 1.0a with HMAC-SHA1 (RFC 5849).

X's newer tokens live two hours and change with every use, which a sender that may die cannot keep safely;
these ones stay as they are until a person withdraws them.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote


def escape(text: str) -> str:
    return quote(text, safe="~")


def authorization(
    method: str,
    url: str,
    query: Mapping[str, str],
    keys: Mapping[str, str],
    now: datetime,
    nonce: str = "",
) -> str:
    """The header. `keys` are named as X names them; a JSON body is not signed."""
    told = {
        "oauth_consumer_key": keys["api_key"],
        "oauth_nonce": nonce or secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(now.timestamp())),
        "oauth_token": keys["access_token"],
        "oauth_version": "1.0",
    }
    pairs = sorted((escape(name), escape(value)) for name, value in {**query, **told}.items())
    listed = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method.upper(), escape(url), escape(listed)))
    key = f"{escape(keys['api_secret'])}&{escape(keys['access_token_secret'])}"
    # SHA-1 is what the protocol names; as an HMAC it is still sound.
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    told["oauth_signature"] = base64.b64encode(digest).decode()
    return "OAuth " + ", ".join(f'{escape(name)}="{escape(value)}"' for name, value in sorted(told.items()))
