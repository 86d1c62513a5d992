"""Production: every secret from the environment, HTTPS only."""

import os

from .base import *  # noqa: F403
from .base import flag, words

SECRET_KEY = os.environ["SECRET_KEY"]
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
TUGON_DEMO = False
SECURE_SSL_REDIRECT = flag("TUGON_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("TUGON_BEHIND_PROXY") else None
# Who is asking, for the limits on guesses: without it everybody behind the proxy shares one.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TUGON_PROXIES", flag("TUGON_BEHIND_PROXY")))
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = words("TUGON_ORIGINS")
