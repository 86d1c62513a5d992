from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        import_module("api.idempotency")  # registers what it does when its hour has come
