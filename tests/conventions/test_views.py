"""Every view says who may see it."""

from django.urls import URLPattern, URLResolver, get_resolver

OF_LIBRARIES = ("allauth.", "django.", "drf_spectacular.")


def patterns(urlconf):
    def walk(items, prefix):
        for item in items:
            if isinstance(item, URLResolver):
                yield from walk(item.url_patterns, prefix + str(item.pattern))
            elif isinstance(item, URLPattern):
                yield prefix + str(item.pattern), item.callback

    return list(walk(get_resolver(urlconf).url_patterns, "/"))


def test_every_view_is_marked():
    unmarked = []
    for urlconf in ("agency.urls", "agency.urls_brand_host"):
        for route, view in patterns(urlconf):
            target = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
            if target.__module__.startswith(OF_LIBRARIES):
                continue
            if not (hasattr(view, "access") or hasattr(target, "access") or hasattr(target, "may")):
                unmarked.append(f"{route} {target.__module__}.{getattr(target, '__name__', target)}")
    assert not unmarked


def test_there_are_views_to_look_at():
    assert len(patterns("agency.urls")) > 40
