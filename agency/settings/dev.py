"""`make demo` and working on Tugon: one machine, everything on loopback."""

import secrets

from .base import *  # noqa: F403
from .base import TUGON_HOME, flag


def kept_secret(name):
    """A secret of this data folder: made once, then kept there, readable by its owner only."""
    path = TUGON_HOME / name
    if not path.exists():
        TUGON_HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


DEBUG = flag("TUGON_DEBUG")
SECRET_KEY = kept_secret("secret-key")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
TUGON_DEMO = True
STORAGES = {  # no collectstatic while working: files are served from where they lie
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
