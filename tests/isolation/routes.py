"""Every route there is, read from the resolver."""

from django.urls import URLResolver, get_resolver


def walk(resolver, name=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, name + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield name + (pattern.name or ""), pattern.callback


def all_names(urlconf=None) -> set[str]:
    """The names of all pages; operations of the API are known from its description instead."""
    return {name for name, view in walk(get_resolver(urlconf)) if getattr(view, "access", "") != "api"}


def api_names() -> set[str]:
    return {name for name, view in walk(get_resolver()) if getattr(view, "access", "") == "api"}
