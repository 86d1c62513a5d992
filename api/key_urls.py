"""The page of a brand's keys under /b/<brand>/keys/."""

from django.urls import path

from . import key_views

app_name = "keys"
urlpatterns = [
    path("", key_views.page, name="keys"),
    path("<int:pk>/revoke/", key_views.revoke, name="revoke"),
]
