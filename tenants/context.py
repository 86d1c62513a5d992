"""The one door to a brand's schema for code. Nothing else touches the connection's tenant."""

from contextlib import contextmanager
from typing import Any, cast

from django.db import connection as _connection

from .models import Brand

connection = cast(Any, _connection)  # django-tenants adds to the connection what Django's types do not know


class WrongBrand(RuntimeError):
    """Code in one brand's schema tried to enter another's."""


def current() -> Brand | None:
    """The brand whose schema this thread is in, or None in the public schema."""
    tenant = connection.tenant
    return tenant if isinstance(tenant, Brand) else None


def here() -> Brand:
    """The brand whose schema this thread is in, where there must be one."""
    brand = current()
    if brand is None:
        raise WrongBrand("in the public schema, where a brand's is needed")
    return brand


@contextmanager
def inside(brand: Brand):
    """Enter the brand's schema for a block; entering it again is harmless, another brand's is refused."""
    before = current()
    if before is not None and before.pk != brand.pk:
        raise WrongBrand(f"in {before.slug}, asked for {brand.slug}")
    enter(brand)
    try:
        yield brand
    finally:
        enter(before) if before else leave()


def enter(brand: Brand) -> None:
    """For the middleware, which leaves again in its own `finally`; everyone else uses `inside`."""
    connection.set_tenant(brand)


def leave() -> None:
    """Back to the public schema."""
    connection.set_schema_to_public()
