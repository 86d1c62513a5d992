from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self):
        from . import checks, jobs, provisioning, supervising  # noqa: F401  (checks, guard and jobs register)
