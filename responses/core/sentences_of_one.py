"""What an event says whose number is one, for `timeline`: the blank that holds it, and the sentences."""

from django.utils.translation import gettext_lazy as _

OF_ONE = {
    "mention.ingested": ("new", (_("One new mention came in from %(title)s"), _("One new mention came in"))),
    "mention.triaged": ("count", (_("%(who)s marked one mention as “%(state)s”"),)),
    "budget.changed": ("per_week", (_("%(who)s set the budget to one alert a week"),)),
}
