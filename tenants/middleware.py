"""Which brand a request is about: by its own host, or by the path on the common one."""

import time

from django.conf import settings
from django.urls import set_urlconf

from . import context
from .models import Brand, Domain

HOST_MEMORY_SECONDS = 30


class BrandMiddleware:
    """Sets `request.brand` and enters its schema; a view without a brand stays in public.

    A host of a brand's own (`Domain`) serves that brand's portal and newsroom. Anywhere else the brand
    is the `brand` part of the path. Whether the person may see it is the view's question, not asked here.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.hosts = {}

    def __call__(self, request):
        context.leave()
        request.brand = request.brand_host = None
        try:
            slug = self.slug_of_host(request.get_host().partition(":")[0].lower())
            request.brand_host = slug
            if slug:
                request.urlconf = settings.BRAND_HOST_URLCONF
                set_urlconf(request.urlconf)
                self.enter(request, slug)
            return self.get_response(request)
        finally:
            context.leave()

    def process_view(self, request, view, args, kwargs):
        slug = kwargs.get("brand")
        if slug and not request.brand_host:
            self.enter(request, slug)

    def enter(self, request, slug):
        request.brand = Brand.objects.filter(slug=slug).first()
        if request.brand and request.brand.is_readable:
            context.enter(request.brand)

    def slug_of_host(self, host):
        """The brand that owns the host, remembered for half a minute: a look-up costs as much as a page."""
        known_until, slug = self.hosts.get(host, (0, None))
        if known_until < time.monotonic():
            slug = Domain.objects.filter(domain=host).values_list("tenant__slug", flat=True).first()
            if len(self.hosts) > 10_000:  # hosts are the caller's words: do not remember without end
                self.hosts.clear()
            self.hosts[host] = (time.monotonic() + HOST_MEMORY_SECONDS, slug)
        return slug
