"""The API's addresses under /api/. Anything else there is answered in the API's own way."""

from django.urls import include, path, re_path

from . import description, problems

app_name = "api"
urlpatterns = [
    path("v1/", include("api.v1.urls")),
    path("v1/openapi.json", description.openapi, name="openapi"),
    path("docs/", description.docs, name="docs"),
    re_path(r"^(?P<rest>.*)$", problems.nothing),
]
