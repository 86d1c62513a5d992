"""Addresses on a brand's own host: its newsroom at /, its portal at /portal/.

Signing in stays on the common host. The slices' addresses name the brand; here the host has named it
already, so that part is empty.
"""

from django.conf import settings
from django.urls import include, path, register_converter

from . import views

handler400 = "agency.views.bad_request"
handler403 = "agency.views.forbidden"
handler404 = "agency.views.not_found"
handler500 = "agency.views.broken"


class OwnBrand:
    """The brand of this host: nothing in the address, whatever slug a template gives."""

    regex = ""

    def to_python(self, value):
        return value

    def to_url(self, value):
        return ""


register_converter(OwnBrand, "own")

urlpatterns = [
    path("accounts/login/", views.sign_in_elsewhere, name=settings.LOGIN_URL),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("portal/<own:brand>", include("responses.portal.urls")),
    path("<own:brand>", include("responses.publishing.newsroom_urls")),
]
