"""The client's window under /portal/<brand>/."""

from django.urls import path

from . import views, views_commenting, views_deputy, views_evidence, views_glass, views_images, views_link

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("decided/", views.decided, name="decided"),
    path("evidence/<int:pk>.pdf", views_evidence.evidence, {"ending": "pdf"}, name="evidence_pdf"),
    path("evidence/<int:pk>.json", views_evidence.evidence, {"ending": "json"}, name="evidence_json"),
    path("deputy/", views_deputy.deputy, name="deputy"),
    path("deputy/end/", views_deputy.deputy_end, name="deputy_end"),
    path("glass/<int:pk>/", views_glass.glass, name="glass"),
    path("glass/<int:pk>/judge/", views_glass.glass_judge, name="glass_judge"),
    path("images/<str:name>", views_images.image, name="image"),
    path("<int:pk>/", views.decision, name="decision"),
    path("<int:pk>/decide/", views.decide, name="decide"),
    path("<int:pk>/comments/", views_commenting.comment, name="comment"),
    path("link/<str:token>/comments/", views_commenting.link_comment, name="link_comment"),
    path("link/<str:token>/", views_link.link, name="link"),
    path("link/<str:token>/images/<str:name>", views_images.link_image, name="link_image"),
    path("link/<str:token>/done/", views_link.link_done, name="link_done"),
]
