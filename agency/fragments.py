"""Pieces of a page that many requests share, rendered once while what they say stays the same.

A board of two hundred brands is two hundred such pieces, of which a handful change between two looks.
The key must hold everything the piece says; language is added here. Kept per process, the oldest dropped.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

MOST = 4000
_kept: OrderedDict = OrderedDict()
_lock = threading.Lock()


def fragment(template: str, key, context: Callable[[], dict]) -> str:
    """The rendered template, from memory when the same key was rendered before in this language.

    `context` is called only when it was not.
    """
    full = (template, get_language(), key)
    with _lock:
        if full in _kept:
            _kept.move_to_end(full)
            return _kept[full]
    text = mark_safe(render_to_string(template, context()))  # noqa: S308  (a template's own output)
    with _lock:
        _kept[full] = text
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return text
