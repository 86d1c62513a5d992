"""The description of the API as JSON and as a page: read from the views, so it cannot lag behind."""

from functools import cache

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from agency.access import public_page

from . import reading
from .problems import CATALOGUE


@cache
def described() -> dict:
    """OpenAPI 3.1 of all of version 1. Made once per process, in English whoever asks first."""
    with translation.override("en"):
        return SchemaGenerator(urlconf="agency.urls").get_schema(request=None, public=True)


@public_page
@require_safe
def openapi(request):
    return JsonResponse(described())


@public_page
@require_safe
def docs(request):
    """Every operation with what goes in and what comes out."""
    shown = {"groups": reading.groups(described()), "described": described(), "problems": CATALOGUE.items()}
    return render(request, "api/docs.html", shown)
