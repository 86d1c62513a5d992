from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    name = "responses"

    def ready(self):
        from . import reactions, tasks  # noqa: F401  (reactions and jobs register themselves)
