"""Narrowing lists. An unknown or empty parameter is refused: a typing mistake must not mean everything."""

import re

import django_filters as filters
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.plumbing import build_parameter_type
from rest_framework.exceptions import ValidationError

from api.problems import Problem
from responses.incidents.models import Incident, Task
from responses.monitoring.language import TOLD
from responses.monitoring.models import Alert, Mention, Source
from responses.monitoring.search import search_query
from responses.publishing.models import Publication
from responses.statements.commenting_models import Comment
from responses.statements.models import Channel, Review, Statement
from responses.statements.querysets import of_incident
from responses.statements.writing_models import LintRule, TalkingPoint

from . import ids
from .serializers.fields import Moment

WALKING = {"limit", "cursor"}


class Narrowing(DjangoFilterBackend):
    """django-filter, strict about names."""

    def filter_queryset(self, request, queryset, view):
        known = set(getattr(view.filterset_class, "base_filters", ())) | WALKING
        for name, values in request.query_params.lists():
            if name not in known:
                words = _("There is no parameter “%(name)s” here. There are: %(known)s.")
                raise Problem(
                    400, "unknown_parameter", words % {"name": name, "known": ", ".join(sorted(known))}
                )
            if len(values) != 1 or not values[0]:
                raise Problem(400, "bad_parameter", _("Give “%(name)s” one value.") % {"name": name})
        return super().filter_queryset(request, queryset, view)


class Strict(filters.Filter):
    """A filter that reads its word itself; `schema` says what it takes."""

    schema: dict = {"type": "string"}

    def filter(self, queryset, value):
        if value in (None, ""):
            return queryset
        return self.narrow(queryset, self.read(value))

    def narrow(self, queryset, value):
        return queryset.filter(**{f"{self.field_name}__{self.lookup_expr}": value})

    def wrong(self, words):
        raise Problem(400, "bad_parameter", f"{self.label}: {words}")


class OfThing(Strict):
    """The id of another thing."""

    def __init__(self, prefix, field_name=None, **extra):
        self.prefix, self.schema = prefix, {"type": "string", "pattern": ids.pattern(prefix)}
        super().__init__(field_name, label=extra.pop("label", prefix), **extra)

    def read(self, value):
        pk = ids.read(self.prefix, value)
        if pk is None:
            self.wrong(_("an id looks like %(id)s.") % {"id": f"{self.prefix}_12"})
        return pk


class Word(Strict):
    """One of our words."""

    def __init__(self, choices, field_name=None, **extra):
        self.words = [str(value) for value, _label in choices]
        self.schema = {"type": "string", "enum": self.words}
        super().__init__(field_name, label=extra.pop("label", field_name or ""), **extra)

    def read(self, value):
        if value not in self.words:
            self.wrong(_("one of %(words)s.") % {"words": ", ".join(self.words)})
        return value


class At(Strict):
    """A moment with its zone."""

    schema = {"type": "string", "format": "date-time"}

    def read(self, value):
        try:
            return Moment().run_validation(value)
        except ValidationError:
            self.wrong(_("a time with its zone, like 2026-11-23T14:05:00Z."))


class Words(Strict):
    """Full-text search: words, "a phrase", or, -not."""

    schema = {"type": "string", "minLength": 1, "maxLength": 200}

    def read(self, value):
        if len(value) > 200 or "\x00" in value:
            self.wrong(_("at most 200 characters."))
        return value

    def narrow(self, queryset, value):
        return queryset.filter(**{self.field_name: search_query(value)})


class Kind(Strict):
    schema = {"type": "string", "pattern": r"^[a-z_]{1,30}\.[a-z_]{1,30}$"}

    def read(self, value):
        if not re.fullmatch(self.schema["pattern"][1:-1], value):
            self.wrong(_("like incident.opened."))
        return value


class Country(Strict):
    """ISO 3166-1, where the source tells it."""

    schema = {"type": "string", "pattern": "^[A-Za-z]{2}$"}

    def read(self, value):
        if not re.fullmatch("[A-Za-z]{2}", value):
            self.wrong(_("two letters, like ph."))
        return value.lower()


class YesNo(Strict):
    schema = {"type": "boolean"}

    def read(self, value):
        if value not in ("true", "false"):
            self.wrong(_("true or false."))
        return value == "true"


class NarrowingSchema(DjangoFilterExtension):
    """What the strict filters take, in the description."""

    target_class = "api.v1.filters.Narrowing"
    priority = 1

    def resolve_filter_field(self, auto_schema, model, filterset_class, field_name, filter_field):
        return [build_parameter_type(name=field_name, location="query", schema=dict(filter_field.schema))]


class AtLeast(Strict):
    """A whole number that is reached."""

    def __init__(self, most, field_name, **extra):
        self.most = most
        self.schema = {"type": "integer", "minimum": 0, "maximum": most}
        super().__init__(field_name, "gte", label=field_name, **extra)

    def read(self, value):
        if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) <= self.most):
            self.wrong(_("a whole number up to %(most)s.") % {"most": self.most})
        return int(value)


class MentionFilter(filters.FilterSet):
    q = Words("search", label="q")
    source = OfThing("src")
    rule = OfThing("rul", "matches__rule")
    alert = OfThing("alr", "matches__alert")
    story = OfThing("sty")
    risk = AtLeast(100, "risk")
    sentiment = Word(Mention.Sentiment.choices, "sentiment")
    language = Word([(one, one) for one in (*TOLD, "und")], "language")
    country = Country("country", label="country")
    kind = Word(Source.Kind.choices, "source__kind", label="kind")
    triage = Word(Mention.Triage.choices, "triage")
    reach = AtLeast(999_999_999, "reach")
    verified = YesNo("verified")
    own = YesNo("is_own", label="own")
    since = At("published_at", "gte", label="since")
    until = At("published_at", "lt", label="until")


class StoryFilter(filters.FilterSet):
    mentions = AtLeast(1_000_000, "mention_count")
    since = At("last_at", "gte", label="since")


class CorrectionFilter(filters.FilterSet):
    mention = OfThing("men")
    since = At("at", "gte", label="since")


class SourceFilter(filters.FilterSet):
    kind = Word(Source.Kind.choices, "kind")
    status = Word(Source.Status.choices, "status")


class RuleFilter(filters.FilterSet):
    active = YesNo("is_active", label="active")


class AlertFilter(filters.FilterSet):
    status = Word(Alert.Status.choices, "status")
    kind = Word(Alert.Kind.choices, "kind")
    rule = OfThing("rul")
    since = At("opened_at", "gte", label="since")


class IncidentFilter(filters.FilterSet):
    status = Word(Incident.Status.choices, "status")
    severity = Word([(level, "") for level in range(5)], "severity")
    since = At("opened_at", "gte", label="since")


class TaskFilter(filters.FilterSet):
    incident = OfThing("inc")
    status = Word(Task.Status.choices, "status")


class OfIncident(OfThing):
    """The incident a statement was written for, or let out for by breaking the glass."""

    def narrow(self, queryset, value):
        return queryset.filter(of_incident(value))


class StatementFilter(filters.FilterSet):
    incident = OfIncident("inc")
    status = Word(Statement.Status.choices, "status")
    type = Word(Statement.Type.choices, "type")


class RevisionFilter(filters.FilterSet):
    statement = OfThing("stm")


class ReviewFilter(filters.FilterSet):
    statement = OfThing("stm", "revision__statement")
    status = Word(Review.Status.choices, "status")


class ChannelFilter(filters.FilterSet):
    kind = Word(Channel.Kind.choices, "kind")


class PublicationFilter(filters.FilterSet):
    statement = OfThing("stm")
    channel = OfThing("chn")
    status = Word(Publication.Status.choices, "status")


class CommentFilter(filters.FilterSet):
    statement = OfThing("stm")
    status = Word(Comment.Status.choices, "status")
    audience = Word(Comment.Audience.choices, "audience")


class OverrulingFilter(filters.FilterSet):
    statement = OfThing("stm")


class TemplateFilter(filters.FilterSet):
    type = Word(Statement.Type.choices, "type")


class PointFilter(filters.FilterSet):
    incident = OfThing("inc")
    kind = Word(TalkingPoint.Kind.choices, "kind")


class LintRuleFilter(filters.FilterSet):
    kind = Word(LintRule.Kind.choices, "kind")


class EventFilter(filters.FilterSet):
    kind = Kind("kind", label="kind")
    incident = OfThing("inc", "incident_id")
    since = At("at", "gte", label="since")
