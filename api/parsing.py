"""JSON coming in: strict, and only what can be stored."""

import math

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class Json(JSONParser):
    """Refuses what a database cannot hold (NUL, lone surrogates, infinity) and what is nested without end."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
            fine = storable(data)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        if not fine:
            raise ParseError(_("The JSON holds a character or a number that cannot be kept."))
        return data


def storable(value) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(storable(name) and storable(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(storable(inner) for inner in value)
    return True
