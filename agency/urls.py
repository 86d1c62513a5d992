"""Addresses on the common host. Later rooms are named as strings."""

from django.conf import settings
from django.urls import include, path

from . import views, views_board, views_brands, views_demo, views_people, views_self

handler400 = "agency.views.bad_request"
handler403 = "agency.views.forbidden"
handler404 = "agency.views.not_found"
handler500 = "agency.views.broken"

urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views_board.show, name="board"),
    path("people/", views_people.show, name="people"),
    path("people/invite/", views_people.invite, name="invite"),
    path("people/invitations/<int:pk>/revoke/", views_people.revoke, name="revoke_invitation"),
    path("people/seats/<int:pk>/role/", views_people.change_role, name="change_role"),
    path("people/seats/<int:pk>/end/", views_people.end_seat, name="end_seat"),
    path("people/<int:pk>/", views_people.person, name="person"),
    path("people/<int:pk>/deactivate/", views_people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", views_people.reactivate, name="reactivate"),
    path("invitation/<str:token>/", views_people.invitation, name="invitation"),
    path("brands/", views_brands.show, name="brands"),
    path("brands/new/", views_brands.new, name="brand_new"),
    path("brands/<int:pk>/progress/", views_brands.progress, name="brand_progress"),
    path("brands/<int:pk>/go-on/", views_brands.go_on, name="brand_go_on"),
    path("brands/<int:pk>/change/", views_brands.change, name="brand_change"),
    path("brands/<int:pk>/<slug:verb>/", views_brands.move, name="brand_move"),
    path("roles/", views_self.roles, name="roles"),
    path("profile/", views_self.profile, name="profile"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    # An address that nobody proved would collect the letters of whoever it belongs to: not changed here.
    path("accounts/email/", views.not_found, name="account_email"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("b/<slug:brand>/", include("responses.urls")),
    path("b/<slug:brand>/keys/", include("api.key_urls")),
    path("portal/<slug:brand>/", include("responses.portal.urls")),
    path("newsroom/<slug:brand>/", include("responses.publishing.newsroom_urls")),
    path("api/", include("api.urls")),
]
if settings.TUGON_DEMO:
    urlpatterns += [
        path("demo/sign-in/", views_demo.demo_sign_in, name="demo_sign_in"),
        path("demo/mail/", views_demo.mail, name="demo_mail"),
        path("demo/codes/", views_demo.codes, name="demo_codes"),
    ]
