"""When it goes wrong: words on a page, problem+json under /api/, and 503 while the database is away."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agency import views_board, views_demo
from tenants.models import Heartbeat

pytestmark = pytest.mark.django_db


def away(*args, **kwargs):
    raise OperationalError("connection refused at 10.1.2.3")


@pytest.fixture
def kept_open(monkeypatch):
    """The test's own connection is not thrown away with the request."""
    monkeypatch.setattr(connection, "close", lambda: None)


def test_a_database_that_goes_away_in_a_view_is_said_with_503(sign_in, monkeypatch, kept_open):
    client = sign_in("lea")
    monkeypatch.setattr(views_board.board, "rows", away)
    response = client.get(reverse("board"))
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "database does not answer" in response.content.decode()
    assert "10.1.2.3" not in response.content.decode()


@pytest.mark.parametrize("path", ["/board/", "/api/v1/brands/isla/alerts"])
def test_and_before_any_view_too(client, monkeypatch, kept_open, path):
    client.raise_request_exception = False
    monkeypatch.setattr("tenants.middleware.BrandMiddleware.slug_of_host", away)
    response = client.get(path)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    if path.startswith("/api/"):
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "database_away"


def test_a_bug_is_a_page_without_its_secrets(sign_in, monkeypatch):
    def bug(*args):
        raise RuntimeError("token=geheim")

    client = sign_in("lea")
    client.raise_request_exception = False
    monkeypatch.setattr(views_board.board, "rows", bug)
    response = client.get(reverse("board"))
    assert response.status_code == 500
    assert "our side" in response.content.decode()
    assert "geheim" not in response.content.decode()


def test_a_host_that_is_not_ours_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_page_that_was_open_too_long_says_so(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.lea)
    response = client.post(reverse("profile"), {"name": "L"})
    assert response.status_code == 403


@pytest.mark.parametrize(("age", "status"), [(5, 200), (300, 503), (None, 503)])
def test_the_health_page_knows_whether_the_worker_lives(client, age, status):
    Heartbeat.objects.all().delete()
    if age is not None:
        Heartbeat.objects.create(name="worker", beat_at=timezone.now() - timedelta(seconds=age))
    response = client.get("/healthz")
    assert response.status_code == status
    assert response.json()["database"] == "ok"


def test_the_health_page_says_that_the_database_is_away(client, monkeypatch, kept_open):
    monkeypatch.setattr("agency.views.Heartbeat.objects", SimpleNamespace(filter=away))
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "away", "worker": "unknown"}


# --- the demo's own pages


def test_there_is_no_demo_door_outside_the_demo(client, rf, people):
    assert client.post("/demo/sign-in/", {"person": people.lea.pk}).status_code == 404
    assert client.get("/demo/mail/").status_code == 404
    from django.http import Http404

    with pytest.raises(Http404):
        views_demo.demo_sign_in(rf.post("/", {"person": people.lea.pk}))


def test_the_letters_of_the_demo_have_links_that_can_be_pressed(settings, tmp_path, rf):
    from django.core.mail import send_mail

    settings.TUGON_DEMO, settings.EMAIL_FILE_PATH = True, tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    send_mail(
        "Hala, <b>Isla</b>", "Open http://localhost:8000/x/?a=1&b=2 now\n<script>", None, ["m@isla.example"]
    )
    (file,) = tmp_path.iterdir()
    (letter,) = views_demo.letters(file)
    assert letter["subject"] == "Hala, <b>Isla</b>"
    assert '<a href="http://localhost:8000/x/?a=1&amp;b=2">' in letter["text"]
    assert "<script>" not in letter["text"]
