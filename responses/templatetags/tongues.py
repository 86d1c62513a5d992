"""Languages of a text, for pages that show two side by side: {% load tongues %}."""

from django import template
from django.utils.translation import get_language

from responses.statements import tongues

register = template.Library()


@register.filter
def tongue(language: str) -> str:
    """The language's name in the reader's words."""
    return tongues.name_of(language)


@register.filter
def side(language: str) -> int:
    """The column it stands in: 1 left, 2 right."""
    return tongues.order(language) + 1


@register.filter
def titled(revision) -> str:
    """Its title in the reader's language, where there is one."""
    own = tongues.base(get_language() or "")
    theirs = (code for code in revision.languages if tongues.base(code) == own)
    return revision.title_in(next(theirs, revision.language))
