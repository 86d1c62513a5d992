"""What the events of publications and channels say, for `sentences`."""

from django.utils.translation import gettext_lazy as _

PUBLISHING = {
    "publication.queued": (
        _("%(title)s is queued for %(channel)s and goes out %(at)s"),
        _("%(title)s is queued for %(channel)s"),
        _("A publication is queued for %(channel)s"),
        _("A publication is queued"),
    ),
    "publication.sent": (
        _("%(title)s went out on %(channel)s"),
        _("Published on %(channel)s"),
        _("A publication went out"),
    ),
    "publication.failed": (
        _("%(channel)s refused the publication: %(error)s"),
        _("Publishing on %(channel)s failed"),
        _("A publication failed"),
    ),
    "publication.unknown": (
        _("Nobody knows yet whether %(channel)s took the publication"),
        _("Nobody knows yet whether a publication went out"),
    ),
    "publication.resolved": (
        _("%(who)s decided what became of the publication on %(channel)s: %(reason)s"),
        _("%(who)s decided what became of a publication"),
    ),
    "publication.again_asked": (
        _("%(who)s found that it is not out on %(channel)s; a second person must say so too: %(reason)s"),
        _("%(who)s found that a publication is not out"),
    ),
    "publication.blocked": (
        _("Not sent on %(channel)s: %(reason)s"),
        _("A publication was not sent: %(reason)s"),
        _("A publication was not sent"),
    ),
    "publication.cancelled": (
        _("%(who)s called off the publication on %(channel)s"),
        _("%(who)s called off a publication"),
    ),
    "publication.changed_outside": (
        _("Somebody changed the post on %(channel)s: it no longer says what was approved"),
        _("Somebody changed a post outside Tugon"),
    ),
    "publication.gone_outside": (
        _("The post on %(channel)s is gone: somebody deleted it there"),
        _("A post is gone: somebody deleted it outside Tugon"),
    ),
    "publication.same_again": (
        _("The post on %(channel)s says again what was approved"),
        _("A post says again what was approved"),
    ),
    "publication.rescheduled": (
        _("%(who)s set another time for %(channel)s"),
        _("%(who)s set another time for a publication"),
    ),
    "statement.scheduled": (
        _("%(who)s set when %(title)s goes out"),
        _("%(who)s set when a statement goes out"),
    ),
    "channel.added": (_("%(who)s added the channel %(title)s"), _("%(who)s added a channel")),
    "channel.changed": (_("%(who)s changed the channel %(title)s"), _("%(who)s changed a channel")),
    "channel.troubled": (
        _("The channel %(channel)s needs attention: %(error)s"),
        _("A channel needs attention"),
    ),
    "channel.recovered": (_("The channel %(channel)s works again"), _("A channel works again")),
}
PUBLISHING_WORDS = {"retraction": _("retraction")}
