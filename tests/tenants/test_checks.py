"""Each system check refuses the setting it is there for, and lets ours pass."""

from types import SimpleNamespace

import pytest

from tenants import checks


def ids(found):
    return {error.id for error in found}


def test_our_settings_pass():
    assert checks.check_tenancy(None) == []
    assert checks.check_queue(None) == []
    assert checks.check_database(None) == []


@pytest.mark.parametrize("name", sorted(checks.SHARED_ONLY))
def test_a_shared_app_in_a_brands_schema_is_refused(settings, name):
    settings.TENANT_APPS = [*settings.TENANT_APPS, name]
    assert "tenants.E001" in ids(checks.shared_apps_in_schemas())


def test_a_cache_without_the_brand_in_its_key_is_refused(settings):
    backend = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {**settings.CACHES, "other": backend}
    assert ids(checks.caches_without_brand()) == {"tenants.E002"}


def test_a_foreign_key_out_of_the_brand_is_refused(monkeypatch):
    user = SimpleNamespace(_meta=SimpleNamespace(app_label="agency"))
    key = SimpleNamespace(name="author", is_relation=True, concrete=True, related_model=user)
    meta = SimpleNamespace(app_label="responses", get_fields=lambda: [key])
    model = SimpleNamespace(__name__="Note", _meta=meta)
    monkeypatch.setattr(checks.apps, "get_models", lambda include_auto_created: [model])
    assert ids(checks.keys_into_public()) == {"tenants.E003"}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"queue_limit": 4}, "tenants.E010"),
        ({"bulk": 2}, "tenants.E010"),
        ({"queue_limit": None}, "tenants.E010"),
        ({"catch_up": True}, "tenants.E011"),
        ({"retry": 239}, "tenants.E012"),
        ({"timeout": 90}, "tenants.E012"),
        ({"workers": 1, "retry": 299}, "tenants.E012"),
    ],
)
def test_a_queue_that_loses_or_repeats_work_is_refused(settings, wrong, error):
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "workers": 2, **wrong}
    assert error in ids(checks.check_queue(None))


@pytest.mark.parametrize("missing", ["queue_limit", "bulk", "catch_up"])
def test_a_queue_that_does_not_say_is_refused(settings, missing):
    settings.Q_CLUSTER = {name: value for name, value in settings.Q_CLUSTER.items() if name != missing}
    assert ids(checks.check_queue(None)) <= {"tenants.E010", "tenants.E011"} != set()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"ENGINE": "django.db.backends.postgresql"}, "tenants.E020"), ({"PORT": 6432}, "tenants.E021")],
)
def test_a_database_that_forgets_the_brand_is_refused(settings, monkeypatch, wrong, error):
    changed = {"default": {**settings.DATABASES["default"], **wrong}}
    monkeypatch.setattr(checks, "settings", SimpleNamespace(DATABASES=changed))
    assert ids(checks.check_database(None)) == {error}


def test_asgi_is_refused(settings):
    settings.ASGI_APPLICATION = "agency.asgi.application"
    assert ids(checks.check_database(None)) == {"tenants.E022"}
