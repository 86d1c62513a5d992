"""The brand's public page under /newsroom/<brand>/, or at the root of a host of the brand's own.

Its own words are in the brand's language; in the other one it stands below the language's code.
"""

from django.urls import path, re_path

from . import newsroom_views as views
from . import subscription_views as letters

app_name = "newsroom"
urlpatterns = [
    path("", views.home, name="home"),
    path("atom.xml", views.feed, name="feed"),
    path("subscribe/", letters.subscribe, name="subscribe"),
    path("subscribed/", letters.subscribed, name="subscribed"),
    path("letters/<str:token>/confirm/", letters.confirm, name="confirm"),
    path("letters/<str:token>/leave/", letters.leave, name="leave"),
    path("feed.json", views.json_feed, name="json_feed"),
    re_path(r"^(?P<language>en|fil)/$", views.home, name="home"),
    re_path(r"^(?P<language>en|fil)/atom\.xml$", views.feed, name="feed"),
    re_path(r"^(?P<language>en|fil)/feed\.json$", views.json_feed, name="json_feed"),
    re_path(r"^(?P<language>en|fil)/(?P<slug>[-\w]+)/$", views.post, name="post"),
    path("<slug:slug>/", views.post, name="post"),
    re_path(r"^(?P<slug>[-\w]+)/(?P<name>[0-9a-f]{64}\.(?:jpg|png))$", views.picture, name="picture"),
    path("<path:rest>", views.elsewhere, name="elsewhere"),
]
