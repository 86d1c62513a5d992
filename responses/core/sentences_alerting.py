"""The names of alerts that Tugon names itself: in every language, whatever title is stored."""

from django.utils.translation import gettext_lazy as _

# About all that is said of the brand, and about what one rule matches.
OF_ALL = {
    "spike": _("Far more mentions than usual"),
    "fall": _("The tone has turned"),
    "burn": _("Rising for %(days)s days"),
}
OF_A_RULE = {
    "spike": _("%(title)s: far more than usual"),
    "fall": _("%(title)s: the tone has turned"),
    "burn": _("%(title)s: rising for %(days)s days"),
}
