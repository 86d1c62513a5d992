"""What a key may do. A scope is chosen when the key is made; nothing widens it later."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    READ = "read", _("read everything of the brand")
    MENTIONS = "mentions:write", _("push mentions")
    MONITORING = "monitoring:write", _("change sources and rules, handle alerts")
    INCIDENTS = "incidents:write", _("open and run incidents")
    STATEMENTS = "statements:write", _("draft statements and send them to review")
    PUBLISHING = "publishing:write", _("release, retry and cancel publications")
