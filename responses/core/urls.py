"""Addresses of the history."""

from django.urls import path

from . import views

urlpatterns = [
    path("history/", views.history, name="history"),
    path("history/verify/", views.history_verify, name="history_verify"),
]
