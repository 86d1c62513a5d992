"""System checks for the traps of a tenant per schema and of the queue. Each says what would go wrong."""

import math

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register

SHARED_ONLY = {
    "django_q",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.auth",
    "allauth.account",
    "allauth.mfa",
    "agency",
    "tenants",
}


@register()
def check_tenancy(app_configs, **kwargs):
    return [*shared_apps_in_schemas(), *caches_without_brand(), *keys_into_public()]


def shared_apps_in_schemas():
    """django_q in a brand's schema loses jobs silently; contenttypes there give stale ids."""
    both = SHARED_ONLY & set(settings.TENANT_APPS)
    return [Error(f"{name} must be in SHARED_APPS only", id="tenants.E001") for name in sorted(both)]


def caches_without_brand():
    """Without the schema in its key a cache hands one brand's entry to another."""
    return [
        Error(f"cache {alias!r} needs KEY_FUNCTION tenants.caching.make_key", id="tenants.E002")
        for alias, options in settings.CACHES.items()
        if options.get("KEY_FUNCTION") != "tenants.caching.make_key"
    ]


def keys_into_public():
    """A foreign key out of a brand's schema ties it to this database and breaks restoring it elsewhere."""
    labels = {name.rpartition(".")[2] for name in settings.TENANT_APPS}
    return [
        Error(f"{model.__name__}.{field.name} points out of the brand's schema", id="tenants.E003")
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model._meta.app_label not in labels
    ]


@register()
def check_queue(app_configs, **kwargs):
    """The numbers under which django-q2 neither runs a task twice at once nor holds tasks back."""
    queue = settings.Q_CLUSTER
    found = []
    if queue.get("queue_limit") != 1 or queue.get("bulk") != 1:
        found.append(Error("Q_CLUSTER needs queue_limit=1 and bulk=1", id="tenants.E010"))
    if queue.get("catch_up") is not False:
        found.append(Error("Q_CLUSTER needs catch_up=False: missed ticks come in a burst", id="tenants.E011"))
    held = (queue.get("queue_limit") or 1) + (queue.get("bulk") or 1)
    waves = 2 + math.ceil(held / queue["workers"])
    if queue["retry"] < queue["timeout"] * waves + 60:
        found.append(
            Error(f"Q_CLUSTER retry must be at least {queue['timeout'] * waves + 60}", id="tenants.E012")
        )
    return found


@register()
def check_database(app_configs, **kwargs):
    """Transaction pooling hands our search_path to strangers; the ASGI handler runs the ORM in public."""
    found = []
    if settings.DATABASES["default"]["ENGINE"] != "django_tenants.postgresql_backend":
        found.append(
            Error("the database engine must be django_tenants.postgresql_backend", id="tenants.E020")
        )
    if str(settings.DATABASES["default"].get("PORT")) == "6432":
        found.append(
            Error("port 6432 is pgbouncer's: use session pooling on another port", id="tenants.E021")
        )
    if getattr(settings, "ASGI_APPLICATION", None):
        found.append(Error("run Tugon under WSGI: async ORM calls run in public", id="tenants.E022"))
    return found
