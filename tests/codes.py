"""A person's authenticator app, as tests hold it."""

import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

SECRET = "JBSWY3DPEHPK3PXP"


def set_up(user, secret=SECRET) -> None:
    """The person sets up an app."""
    TOTP.activate(user, secret)


def code(secret=SECRET, later=0) -> str:
    """What the app shows now, or `later` half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))
