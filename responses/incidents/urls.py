"""Addresses of incidents and protocols."""

from django.urls import path

from . import plan_views, task_views, views

urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.incident_new, name="incident_new"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("incidents/<int:pk>/acknowledge/", views.incident_acknowledge, name="incident_acknowledge"),
    path("incidents/<int:pk>/move/", views.incident_move, name="incident_move"),
    path("incidents/<int:pk>/severity/", views.incident_severity, name="incident_severity"),
    path("incidents/<int:pk>/part/", views.incident_part, name="incident_part"),
    path("incidents/<int:pk>/note/", views.incident_note, name="incident_note"),
    path("incidents/<int:pk>/tasks/", task_views.task_add, name="task_add"),
    path("tasks/<int:pk>/move/", task_views.task_move, name="task_move"),
    path("tasks/<int:pk>/assign/", task_views.task_assign, name="task_assign"),
    path("protocols/", plan_views.protocols, name="protocols"),
    path("protocols/new/", plan_views.protocol_new, name="protocol_new"),
    path("protocols/<int:pk>/", plan_views.protocol, name="protocol"),
]
