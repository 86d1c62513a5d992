"""Persons named in a body: whoever holds a seat at the brand."""

from django.utils.translation import gettext as _

from responses.core import actors
from responses.core.actors import Actor
from responses.errors import Invalid
from responses.incidents.forms import people_of


def named(brand, pk, field) -> Actor | None:
    if pk is None:
        return None
    found = next((user for user in people_of(brand) if user.pk == pk), None)
    if found is None:
        raise Invalid(_("Nobody of this id has a seat at the brand."), field=field)
    return actors.person(found)
