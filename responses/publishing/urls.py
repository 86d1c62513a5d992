"""The desk's addresses of publications and channels."""

from django.urls import path

from . import channel_views, subscriber_views, views, views_preview, views_schedule
from .evidence.views import evidence

urlpatterns = [
    path("publications/", views.publications, name="publications"),
    path("publications/<int:pk>/", views.publication, name="publication"),
    path("publications/<int:pk>/decide/", views.publication_decide, name="publication_decide"),
    path("publications/<int:pk>/retry/", views.publication_retry, name="publication_retry"),
    path("publications/<int:pk>/cancel/", views.publication_cancel, name="publication_cancel"),
    path("publications/<int:pk>/evidence.pdf", evidence, {"ending": "pdf"}, name="evidence_pdf"),
    path("publications/<int:pk>/evidence.json", evidence, {"ending": "json"}, name="evidence_json"),
    path("statements/<int:pk>/release/", views.statement_release, name="statement_release"),
    path("statements/<int:pk>/preview/", views_preview.statement_preview, name="statement_preview"),
    path("statements/<int:pk>/schedule/", views_schedule.statement_schedule, name="statement_schedule"),
    path("statements/<int:pk>/publications/", views.statement_publications, name="statement_publications"),
    path("subscribers/", subscriber_views.subscribers, name="subscribers"),
    path("subscribers/<int:pk>/remove/", subscriber_views.subscriber_remove, name="subscriber_remove"),
    path("channels/", channel_views.channels, name="channels"),
    path("channels/new/", channel_views.channel_new, name="channel_new"),
    path("channels/new/<slug:kind>/", channel_views.channel_add, name="channel_add"),
    path("channels/<int:pk>/", channel_views.channel, name="channel"),
    path("channels/<int:pk>/test/", channel_views.channel_test, name="channel_test"),
]
