"""Who calls: a key of the brand, or a signed-in person. Nobody else gets further than 401."""

from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from responses.core import actors
from responses.core.actors import Actor

from . import keys
from .models import ApiKey

REALM = 'Bearer realm="tugon"'


@dataclass(frozen=True)
class Machine:
    """A key where Django expects a user. It is no person and holds no seat."""

    key: ApiKey
    is_authenticated = True
    is_active = True
    is_anonymous = False
    pk = None

    def __str__(self):
        return self.key.name


class MakerGone(AuthenticationFailed):
    """Told only to who has the whole key, so it gives nothing away."""

    problem_code = "maker_gone"
    default_detail = gettext_lazy(
        "Who made this key may not make keys here any more, so it is asleep. Ask for a new one."
    )


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer tgn_live_…`, looked up in the schema of the brand in the path.

    A key of another brand, a brand that is not there and a wrong key all get the same answer.
    """

    def authenticate(self, request):
        word, _space, spelled = request.headers.get("Authorization", "").partition(" ")
        if not word:
            return None
        if word.lower() != "bearer":
            raise AuthenticationFailed(_("Send the key as “Authorization: Bearer …”."))
        now = timezone.now()
        brand = request.brand
        key = keys.find(spelled.strip(), now) if brand and brand.is_readable else None
        if key is None:
            raise AuthenticationFailed(_("This key is not known here, was revoked, or is over."))
        if not keys.has_maker(key, brand):
            raise MakerGone
        keys.note_use(key, now)
        return Machine(key), key

    def authenticate_header(self, request):
        return REALM


class PersonAuthentication(SessionAuthentication):
    """A person signed in with the browser; what changes something needs the CSRF token too."""

    def authenticate_header(self, request):
        return REALM


def by(request) -> Actor:
    """Who acts: the key under its name, or the person with the strength of their sign-in."""
    if isinstance(request.user, Machine):
        return Actor(f"key:{request.user.key.pk}", request.user.key.name, "api", "key")
    known = actors.acting(request)
    return replace(known, via="api")


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "tgn_live_<lookup>_<secret>",
            "description": "A key of the brand, made on its page Keys. Each operation names its scope.",
        }


class PersonScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.PersonAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "A person signed in with the browser. Changes need the header X-CSRFToken.",
        }
