"""Who acts, with the second factor that they type beside their decision."""

from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from agency import second_factor
from responses.errors import WrongCode

from .actors import Actor, acting


def acting_now(request, code: str) -> Actor:
    """The person behind the request; a code they give is tried, used up and good for a quarter of an hour."""
    if code and not second_factor.is_fresh(request) and not second_factor.give(request, code):
        raise wrong_code()
    return acting(request)


def with_code(request, by: Actor, code: str) -> Actor:
    """The same for the API, where the door is another."""
    return replace(acting_now(request, code), via=by.via) if code else by


def wrong_code() -> WrongCode:
    return WrongCode(_("This code is not right, or was used already. Wait for the next one."), field="code")


@contextmanager
def counting_guesses():
    """A transaction that a wrong code does not roll back: its guess is counted in the same database.

    So the code must be tried before anything is written.
    """
    wrong = None
    with transaction.atomic():
        try:
            yield
        except WrongCode as error:
            wrong = error
    if wrong is not None:
        raise wrong


def asked_of(user, *, is_asked: bool, is_fresh: bool) -> dict:
    """For a page: whether the second factor is asked for now, and which the person has."""
    kinds = second_factor.kinds_of(user) if is_asked and not is_fresh else set()
    return {
        "is_asked": is_asked,
        "is_wanted": is_asked and not is_fresh,
        "by_code": second_factor.CODE in kinds,
        "by_passkey": second_factor.PASSKEY in kinds,
    }
