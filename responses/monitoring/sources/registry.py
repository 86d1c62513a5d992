"""Every adapter that is asked, under its kind: importing a module of this folder registers what is in it."""

from importlib import import_module
from pkgutil import iter_modules

from . import __path__
from .base import SOURCES

for module in iter_modules(__path__):
    if module.name != "registry":
        import_module(f"{__package__}.{module.name}")

__all__ = ["SOURCES"]
