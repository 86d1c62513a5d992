"""What decides how often the team is called, and who is spoken of how much."""

from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.response import Response

from agency.roles import May
from api.scopes import Scope
from api.v1.serializers import noticing as shapes
from api.v1.serializers.trends import TrendsShown
from responses.errors import Invalid
from responses.monitoring import budgeting, periods, recognising, surveying, watching
from responses.monitoring.models import Alert, NamedAuthor, NoiseBudget, Rule
from responses.monitoring.states import ALERT_LIVE

from .base import Desk, Lists, Reads, deed

READ = {"list": May.SEE, "retrieve": May.SEE}
READ_SCOPES = {"list": Scope.READ, "retrieve": Scope.READ}
WRITE = ("create", "change", "remove")


class Authors(Lists, Reads, Desk):
    """Somebody whose every word about the brand raises an alert."""

    noun, prefix = "authors", "aut"
    queryset = NamedAuthor.objects.all()
    serializer_class = shapes.AuthorShown
    versioned = True
    may = READ | dict.fromkeys(WRITE, May.LISTEN)
    scopes = READ_SCOPES | dict.fromkeys(WRITE, Scope.MONITORING)

    @deed(shapes.AuthorGiven, status=201)
    def create(self, **given):
        """Look out for somebody from now on."""
        return recognising.add_author(**given)

    @deed(shapes.AuthorChange)
    def change(self, author, *, by, now, **given):
        """Change what is known of the author."""
        if given:
            recognising.change_author(author, by=by, now=now, **given)

    @deed(status=204)
    def remove(self, author, *, by, now):
        """Look out no longer; alerts raised before stay."""
        recognising.remove_author(author, by=by, now=now)


class Budget(Desk):
    """How many alerts a week the team is willing to look at."""

    noun, tag = "budget", "alerts"
    queryset = NoiseBudget.objects.all()
    serializer_class = shapes.BudgetShown
    may = {"show_budget": May.SEE, "set_budget": May.LISTEN}
    scopes = {"show_budget": Scope.READ, "set_budget": Scope.MONITORING}

    def show_budget(self, request, brand):
        """The budget, what of it is spent, what is held, and how often an alert was worth it."""
        return Response(shapes.BudgetShown(quietness(timezone.now())).data)

    @deed(shapes.BudgetGiven, shows=shapes.BudgetShown)
    def set_budget(self, *, per_week, by, now):
        """So many alerts a week from now on; what is held already stays held."""
        budgeting.set_budget(per_week, by=by, now=now)
        return quietness(now)


def quietness(now) -> dict:
    held = Alert.objects.filter(status__in=ALERT_LIVE, is_held=True).count()
    told = {"per_week": budgeting.budget().per_week, "spent": budgeting.spent(now), "held": held}
    return told | asdict(budgeting.precision(now))


class Voices(Desk):
    """Share of voice: the brand beside its competitors."""

    noun, tag = "share-of-voice", "rules"
    queryset = Rule.objects.none()
    serializer_class = shapes.VoicesShown
    may, scopes = {"compare": May.SEE}, {"compare": Scope.READ}

    @deed(shapes.VoicesGiven, shows=shapes.VoicesShown, reads=True)
    def compare(self, *, since, until, by, now):
        """Say who was spoken of how much, by whole hours. Keeps nothing."""
        if since >= until:
            raise Invalid(_("The end comes after the beginning."), field="until")
        return {"since": since, "until": until, "voices": watching.share_of_voice(since, until)}


class Trends(Desk):
    """What a period was like beside the one before."""

    noun, tag = "trends", "mentions"
    queryset = Rule.objects.none()
    serializer_class = TrendsShown
    may, scopes = {"survey": May.SEE}, {"survey": Scope.READ}

    @deed(shapes.VoicesGiven, shows=TrendsShown, reads=True)
    def survey(self, *, since, until, by, now):
        """Volume by tone, share of voice, sources and rising words, by whole hours. Keeps nothing."""
        if since >= until:
            raise Invalid(_("The end comes after the beginning."), field="until")
        if until - since > timedelta(days=periods.LONGEST):
            words = _("At most %(days)s days at once.") % {"days": periods.LONGEST}
            raise Invalid(words, field="since")
        period = periods.Period(*(at.replace(minute=0, second=0, microsecond=0) for at in (since, until)))
        return vars(surveying.survey(period)) | {"terms": surveying.words(period).terms}
