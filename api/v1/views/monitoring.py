"""Mentions, sources, rules, alerts."""

import json

from django.utils.translation import gettext as _

from agency.roles import May
from api.authentication import Machine
from api.scopes import Scope
from api.v1 import filters
from api.v1.serializers import monitoring as shapes
from api.v1.serializers.incidents import IncidentShown
from api.v1.serializers.monitoring_understood import CorrectGiven
from api.v1.serializers.noticing import ReplayGiven, ReplayShown, SnoozeGiven
from api.v1.serializers.triage import TriageGiven, TriageShown
from responses.errors import Invalid, NotAllowed
from responses.incidents import lifecycle
from responses.monitoring import (
    alerting,
    correcting,
    receiving,
    ruling,
    sensitivity,
    snoozing,
    sourcing,
    states,
    triaging,
)
from responses.monitoring.models import Alert, Mention, Rule, Source
from responses.monitoring.source_forms import FORMS, form_for
from responses.monitoring.sources import webhook
from responses.monitoring.sources.base import SourceError

from .base import Desk, Lists, Reads, deed


class Mentions(Lists, Reads, Desk):
    """One public post, review, article or comment about the brand."""

    noun, prefix, order = "mentions", "men", ("published_at", "id")
    queryset = Mention.objects.defer("search")
    serializer_class = shapes.MentionShown
    filterset_class = filters.MentionFilter
    may = {
        "list": May.SEE, "retrieve": May.SEE, "create": May.LISTEN, "correct": May.TRIAGE,
        "triage": May.TRIAGE,
    }  # fmt: skip
    scopes = {
        "list": Scope.READ, "retrieve": Scope.READ, "create": Scope.MENTIONS, "correct": Scope.MONITORING,
        "triage": Scope.MONITORING,
    }  # fmt: skip

    @deed(shapes.PushGiven, shows=shapes.PushShown)
    def create(self, *, source, mentions, by, now):
        """Push mentions.

        All or none are stored. A mention that is there already (by its `external_id`) is counted as known.
        """
        source = self.linked(Source, source, "source")
        if source.kind != Source.Kind.WEBHOOK:
            raise Invalid(_("Mentions are pushed into a source of kind webhook."), field="source")
        if source.status != states.LISTENING:
            raise NotAllowed(_("This source is paused. Nothing was stored; send it again later."))
        return receiving.bring_in(source, items(mentions, now), now, by=by)

    @deed(TriageGiven, shows=TriageShown)
    def triage(self, *, to, mentions, by, now):
        """Mark mentions as new, seen or set aside."""
        found = Mention.objects.filter(pk__in=mentions)
        if found.count() < len(set(mentions)):
            raise Invalid(_("Some of these mentions are not here. Nothing was changed."), field="mentions")
        before = triaging.triage(found, to, by=by, now=now)
        return {"changed": sum(map(len, before.values()))}

    @deed(CorrectGiven)
    def correct(self, mention, *, sentiment, by, now):
        """Say how it really sounds.

        A person's word wins over every reading, is kept, and is learnt from for this brand.
        """
        correcting.correct(mention, sentiment, by=by, now=now)


def items(mentions, now):
    """The same reading as of a webhook's delivery, so that both doors take the same."""
    plain = [
        {name: value.isoformat() if name == "published_at" else value for name, value in mention.items()}
        for mention in mentions
    ]
    try:
        return webhook.parse(json.dumps({"mentions": plain}).encode(), now)
    except SourceError as error:
        raise Invalid(error.message, field="mentions") from error


class Sources(Lists, Reads, Desk):
    """Where mentions come from. Its secret is never shown here."""

    noun, prefix, order = "sources", "src", ("id",)
    queryset = Source.objects.exclude(status=states.REMOVED)
    serializer_class = shapes.SourceShown
    filterset_class = filters.SourceFilter
    versioned, whole = True, False
    deeds = ("create", "change", "remove", "pause", "resume", "read", "renew_secret", "end_old_secret")
    may = {"list": May.SEE, "retrieve": May.SEE} | dict.fromkeys(deeds, May.LISTEN)
    scopes = {"list": Scope.READ, "retrieve": Scope.READ} | dict.fromkeys(deeds, Scope.MONITORING)

    def may_set_up(self) -> bool:
        """Whether the caller may see what opens a door: an address that takes mail."""
        if isinstance(self.request.user, Machine):
            return Scope.MONITORING in self.request.auth.scopes
        return self.request.standing.may(May.LISTEN)

    @deed(shapes.SourceGiven, status=201)
    def create(self, *, kind, by, now, **given):
        """Add a source."""
        return sourcing.add_source(kind=kind, by=by, now=now, **sound(kind, given))

    @deed(shapes.SourceChange)
    def change(self, source, *, by, now, **given):
        """Change its name, what it reads or how often."""
        if given:
            known = {"name": source.name, "config": source.config, "every_seconds": source.every_seconds}
            sourcing.change_source(source, by=by, now=now, **sound(source.kind, known | given, source))

    @deed()
    def pause(self, source, *, by, now):
        """Stop reading it, and refuse what is delivered."""
        sourcing.pause(source, by=by, now=now)

    @deed()
    def resume(self, source, *, by, now):
        """Listen again."""
        sourcing.resume(source, by=by, now=now)

    @deed(status=204)
    def remove(self, source, *, by, now):
        """Never listen there again. Its mentions stay, its credentials are erased."""
        sourcing.remove(source, by=by, now=now)

    @deed(match=False)
    def read(self, source, *, by, now):
        """Read it now: at most once a minute, and not before the server wants to be asked again."""
        sourcing.read_now(source, now=now)

    @deed(shapes.SecretGiven)
    def renew_secret(self, source, *, secret, by, now):
        """Set a new signing secret. The old one works for another 24 hours.

        An e-mail source gets a new address with it; its old ones work for seven days.
        """
        sourcing.renew_secret(source, secret=secret, by=by, now=now)

    @deed()
    def end_old_secret(self, source, *, by, now):
        """End the old signing secret before its time is over."""
        sourcing.end_old_secret(source, by=by, now=now)


def sound(kind, given, source: Source | None = None) -> dict:
    """The fields with a config that the page's form of this kind would take too."""
    if kind not in FORMS:
        raise Invalid(_("Sources of this kind cannot be added yet."), field="kind")
    entered = plain(given.get("config", {})) | plain(given.pop("credentials", {}))
    typed = {"name": given["name"], "every_minutes": 1, **entered}
    form = form_for(source, typed) if source else FORMS[kind](typed)
    if not form.is_valid():
        wrong = {
            ("name" if field == "name" else f"config.{field}"): rows[0] for field, rows in form.errors.items()
        }
        first = next(iter(wrong))
        raise Invalid(wrong[first], field=first, extra={"errors": wrong})
    secret = {"credentials": form.credentials()} if form.secret_fields else {}
    return given | {"config": form.config()} | secret


def plain(config: dict) -> dict:
    return {name: value for name, value in config.items() if name not in ("name", "every_minutes")}


class Rules(Lists, Reads, Desk):
    """A boolean query plus what to do when it matches."""

    noun, prefix, order = "rules", "rul", ("id",)
    queryset = Rule.objects.all()
    serializer_class = shapes.RuleShown
    filterset_class = filters.RuleFilter
    versioned = True
    may = {"list": May.SEE, "retrieve": May.SEE} | dict.fromkeys(
        ("create", "change", "remove", "preview", "replay"), May.LISTEN
    )
    scopes = dict.fromkeys(("list", "retrieve", "preview", "replay"), Scope.READ) | dict.fromkeys(
        ("create", "change", "remove"), Scope.MONITORING
    )

    @deed(shapes.RuleGiven, status=201)
    def create(self, **given):
        """Add a rule."""
        return ruling.add_rule(**given)

    @deed(shapes.RuleChange)
    def change(self, rule, *, by, now, **given):
        """Change a rule."""
        if given:
            ruling.change_rule(rule, by=by, now=now, **given)

    @deed(status=204)
    def remove(self, rule, *, by, now):
        """Remove a rule; its alerts stay."""
        ruling.remove_rule(rule, by=by, now=now)

    @deed(shapes.PreviewGiven, shows=shapes.PreviewShown, reads=True)
    def preview(self, *, query, by, now):
        """Try a query on the last month. Keeps nothing."""
        return ruling.preview(query, now=now)

    @deed(ReplayGiven, shows=ReplayShown, reads=True)
    def replay(self, *, by, now, rule=None, **given):
        """Say what a rule would have alerted to in the last ninety days. Keeps nothing."""
        return sensitivity.replay(**given, rule=self.linked(Rule, rule, "rule"), now=now)


class Alerts(Lists, Reads, Desk):
    """Something a person must look at."""

    noun, prefix, order = "alerts", "alr", ("opened_at", "id")
    queryset = Alert.objects.select_related("incident")
    serializer_class = shapes.AlertShown
    filterset_class = filters.AlertFilter
    versioned, whole = True, False
    may = {
        "list": May.SEE, "retrieve": May.SEE, "acknowledge": May.TRIAGE, "dismiss": May.TRIAGE,
        "escalate": May.OPEN, "snooze": May.TRIAGE, "wake": May.TRIAGE,
    }  # fmt: skip
    scopes = {
        "list": Scope.READ, "retrieve": Scope.READ, "acknowledge": Scope.MONITORING,
        "dismiss": Scope.MONITORING, "escalate": Scope.INCIDENTS, "snooze": Scope.MONITORING,
        "wake": Scope.MONITORING,
    }  # fmt: skip

    @deed()
    def acknowledge(self, alert, *, by, now):
        """Say that somebody has seen it and takes care."""
        alerting.acknowledge(alert, by=by, now=now)

    @deed(shapes.DismissGiven)
    def dismiss(self, alert, *, reason, by, now):
        """Say that nothing needs to be done, and why."""
        alerting.dismiss(alert, reason=reason, by=by, now=now)

    @deed(SnoozeGiven)
    def snooze(self, alert, *, until, by, now):
        """Put it out of everybody's sight until then; it keeps counting and comes back by itself."""
        snoozing.snooze(alert, until=until, by=by, now=now)

    @deed()
    def wake(self, alert, *, by, now):
        """Bring it back before its time."""
        snoozing.wake(alert, by=by, now=now)

    @deed(shapes.EscalateGiven, shows=IncidentShown, status=201)
    def escalate(self, alert, *, by, now, **given):
        """Turn it into an incident, under its title and level unless others are given."""
        told = {"title": alert.name, "severity": alert.severity} | given
        return lifecycle.open_incident(alert=alert, by=by, now=now, **told)
