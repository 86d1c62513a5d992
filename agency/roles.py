"""Who may do what: the one table of roles and capabilities. A seat's role is all that decides."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    DIRECTOR = "agency_director", _("agency director")
    ACCOUNT_LEAD = "account_lead", _("account lead")
    CRISIS_LEAD = "crisis_lead", _("crisis lead")
    DUTY_MONITOR = "duty_monitor", _("duty monitor")
    WRITER = "writer", _("writer")
    LEGAL = "legal_reviewer", _("legal reviewer")
    SPOKESPERSON = "spokesperson", _("spokesperson")
    CLIENT_APPROVER = "client_approver", _("client approver")
    CLIENT_OBSERVER = "client_observer", _("client observer")


class May(TextChoices):
    SEE = "see", _("see the brand's desk")
    TRIAGE = "triage", _("acknowledge and dismiss alerts")
    LISTEN = "listen", _("set up sources and rules")
    OPEN = "open", _("open an incident")
    RUN = "run", _("run an incident: level, people, checklist")
    PLAN = "plan", _("write protocols")
    WRITE = "write", _("write statements and send them to review")
    REVIEW = "review", _("approve for the agency")
    LEGAL = "legal", _("approve as legal")
    LEAD = "lead", _("approve as crisis lead")
    SPEAK = "speak", _("approve as spokesperson")
    GOVERN = "govern", _("say who must approve what")
    RELEASE = "release", _("publish, and decide unknown outcomes")
    CONNECT = "connect", _("set up channels and API keys")
    PEOPLE = "people", _("invite and change people")
    BRANDS = "brands", _("add, suspend and close brands")
    PORTAL = "portal", _("see the client portal")
    APPROVE = "approve", _("approve for the client")


CLIENT_ROLES = frozenset({Role.CLIENT_APPROVER, Role.CLIENT_OBSERVER})
AGENCY_ROLES = frozenset(Role) - CLIENT_ROLES

_COLUMNS = (
    Role.DIRECTOR,
    Role.ACCOUNT_LEAD,
    Role.CRISIS_LEAD,
    Role.DUTY_MONITOR,
    Role.WRITER,
    Role.LEGAL,
    Role.SPOKESPERSON,
    Role.CLIENT_APPROVER,
    Role.CLIENT_OBSERVER,
)

# One row per capability, one column per role in the order above; x means may.
#             director  account  crisis  duty  writer  legal  voice  client  observer
_TABLE = {
    May.SEE: "    x        x        x      x      x      x      x      .       .",
    May.TRIAGE: " x        x        x      x      .      .      .      .       .",
    May.LISTEN: " x        x        x      x      .      .      .      .       .",
    May.OPEN: "   x        x        x      x      .      .      .      .       .",
    May.RUN: "    x        x        x      .      .      .      .      .       .",
    May.PLAN: "   x        x        x      .      .      .      .      .       .",
    May.WRITE: "  x        x        x      .      x      .      .      .       .",
    May.REVIEW: " x        x        x      .      .      x      .      .       .",
    May.LEGAL: "  .        .        .      .      .      x      .      .       .",
    May.LEAD: "   x        .        x      .      .      .      .      .       .",
    May.SPEAK: "  .        .        .      .      .      .      x      .       .",
    May.GOVERN: " x        x        .      .      .      .      .      .       .",
    May.RELEASE: "x        x        x      .      .      .      .      .       .",
    May.CONNECT: "x        x        .      .      .      .      .      .       .",
    May.PEOPLE: " x        x        .      .      .      .      .      .       .",
    May.BRANDS: " x        .        .      .      .      .      .      .       .",
    May.PORTAL: " .        .        .      .      .      .      .      x       x",
    May.APPROVE: ".        .        .      .      .      .      .      x       .",
}

CAPABILITIES = {
    role: frozenset(may for may, row in _TABLE.items() if row.split()[column] == "x")
    for column, role in enumerate(_COLUMNS)
}


def capabilities(roles) -> frozenset:
    """All that the roles together may do."""
    return frozenset().union(*(CAPABILITIES[role] for role in roles))
