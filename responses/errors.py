"""What a deed may refuse, in words for the person. Pages and API render these the same way."""


class Refused(Exception):
    """The deed cannot be done. `code` is for machines, the message for people, `field` names the culprit."""

    code = "refused"
    status = 409

    def __init__(self, message, *, field=None, extra=None):
        super().__init__(message)
        self.message = message
        self.field = field
        self.extra = extra or {}


class NotAllowed(Refused):
    """The thing is in a state from which this move is not possible."""

    code = "not_allowed_now"


class Conflict(Refused):
    """Somebody else changed it meanwhile."""

    code = "changed_meanwhile"
    status = 412


class Forbidden(Refused):
    """This person may not, whatever the state (four eyes, say)."""

    code = "forbidden"
    status = 403


class Invalid(Refused):
    """What was given does not hold: wrong, too long, missing."""

    code = "invalid"
    status = 422


class WrongCode(Invalid):
    """A guess at a second factor that was wrong. It counts, so no transaction may take it back."""


class Gone(Refused):
    """It was there and is over: a used or expired link."""

    code = "gone"
    status = 410


class SecondFactorNeeded(Forbidden):
    """A password or a link is not enough for this: a code or a passkey must come with it."""

    code = "second_factor_needed"
