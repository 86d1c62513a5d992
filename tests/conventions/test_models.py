"""The house rules about tables."""

from django.apps import apps
from django.conf import settings

BRAND_LABELS = {"responses", "api"}


def brand_models():
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in BRAND_LABELS
    ]


def test_no_foreign_key_leads_out_of_a_brands_schema():
    for model in brand_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete:
                assert field.related_model._meta.app_label in BRAND_LABELS, f"{model.__name__}.{field.name}"


def test_every_table_is_either_shared_or_a_brands():
    assert not set(settings.SHARED_APPS) & set(settings.TENANT_APPS)


def test_states_have_a_table_of_moves():
    """Whatever has a status that moves has its table of moves, covering every state."""
    for model in brand_models():
        names = {field.name for field in model._meta.get_fields()}
        if {"status", "version"} <= names:
            states = set(dict(model._meta.get_field("status").choices))
            assert set(model.MOVES) == states, model.__name__
            assert set().union(*model.MOVES.values()) <= states, model.__name__


def test_date_times_end_in_at():
    exceptions = {"at", "due_at", "hour", "leased_until", "claimed_until", "last_login", "date_joined"}
    for model in apps.get_models():
        if model._meta.app_label in {"tenants", "agency", *BRAND_LABELS}:
            for field in model._meta.get_fields():
                if field.concrete and field.get_internal_type() == "DateTimeField":
                    good = (
                        field.name.endswith("_at")
                        or field.name in exceptions
                        or field.name.endswith("_until")
                    )
                    assert good, f"{model.__name__}.{field.name}"


def test_migrations_match_the_models(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
