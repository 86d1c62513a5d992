"""Who did it. People are kept in a brand's schema as id and name as they were, never as a foreign key."""

from dataclasses import dataclass

from agency import second_factor


@dataclass(frozen=True)
class Actor:
    """One who acts: a person (id of agency.User), an API key, or Tugon itself.

    `via` is the door used (web, api, link, worker); `strength` how surely we know them
    (password, mfa, passkey, link, link+code, key, system). `is_fresh`: they gave a second factor minutes ago.
    """

    id: str
    name: str
    via: str = "web"
    strength: str = "password"
    is_fresh: bool = False

    @property
    def is_person(self) -> bool:
        return self.id.startswith("user:")

    @property
    def user_id(self) -> int | None:
        return int(self.id.removeprefix("user:")) if self.is_person else None


def person(user, via="web", strength="password", is_fresh=False) -> Actor:
    """The actor that a signed-in user is."""
    return Actor(f"user:{user.pk}", user.name or user.email, via, strength, is_fresh)


def acting(request) -> Actor:
    """The person behind a page request, with the strength of the sign-in allauth recorded."""
    methods = request.session.get("account_authentication_methods", [])
    used = {method.get("type") or method.get("method") for method in methods}
    kinds = {method.get("method") for method in methods} | used
    if "webauthn" in kinds:
        strength = "passkey"
    elif "mfa" in kinds or "totp" in kinds:
        strength = "mfa"
    else:
        strength = "password"
    return person(request.user, strength=strength, is_fresh=second_factor.is_fresh(request))


TUGON = Actor("tugon", "Tugon", "worker", "system")
