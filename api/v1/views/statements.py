"""Statements, revisions, reviews, steps, channels."""

from django.db.models import OuterRef, Prefetch, Subquery
from rest_framework.response import Response

from agency.roles import May
from api.permissions import PERSONS_ONLY
from api.scopes import Scope
from api.v1 import filters
from api.v1.serializers import publishing as publishing_shapes
from api.v1.serializers import statements as shapes
from responses.core import proving
from responses.incidents.models import Incident
from responses.publishing import scheduling
from responses.statements import drafting, reviewing
from responses.statements.image_models import RevisionImage
from responses.statements.models import Review, Revision, Statement, Step, asks_client

from .base import Desk, Lists, Reads, deed
from .incidents import READING, SEEING

SHOWN = RevisionImage.objects.select_related("image").defer("image__content")


def with_latest():
    """Statements with the id, number and hash of their latest revision, in one query."""
    latest = Revision.objects.filter(statement=OuterRef("pk")).order_by("-number")
    columns = {f"latest_{name}": Subquery(latest.values(name)[:1]) for name in ("id", "number", "hash")}
    return Statement.objects.annotate(**columns)


def by_channel(texts) -> dict:
    return {row["channel"]: row["text"] for row in texts}


def by_language(also) -> dict | None:
    """As the deeds take a second version; None when nothing was said about it."""
    if also is None:
        return None
    return {row["language"]: {"title": row["title"], "texts": by_channel(row["texts"])} for row in also}


class Statements(Lists, Reads, Desk):
    """What the brand says in public."""

    noun, prefix, order = "statements", "stm", ("created_at", "id")
    queryset = Statement.objects.all()
    serializer_class = shapes.StatementShown
    filterset_class = filters.StatementFilter
    versioned = True
    may = SEEING | dict.fromkeys(("create", "revise", "submit", "withdraw"), May.WRITE)
    scopes = READING | dict.fromkeys(("create", "revise", "submit", "withdraw"), Scope.STATEMENTS)

    def get_queryset(self):
        return with_latest()

    @deed(shapes.StatementGiven, status=201)
    def create(self, *, texts, also=None, incident=None, about=None, **given):
        """Begin a statement with its first revision."""
        linked = {
            "incident": self.linked(Incident, incident, "incident"),
            "about": self.linked(Statement, about, "about"),
        }
        return drafting.draft(texts=by_channel(texts), also=by_language(also), **linked, **given)

    @deed(shapes.ReviseGiven)
    def revise(self, statement, *, texts, also=None, **given):
        """Write a new revision. A review of the one before is void from then on."""
        drafting.revise(statement, texts=by_channel(texts), also=by_language(also), **given)

    @deed(shapes.SubmitGiven)
    def submit(self, statement, *, by, now, release_on_approval=None):
        """Send the latest revision to review."""
        reviewing.submit(statement, by=by, now=now, release_on_approval=release_on_approval)

    @deed(shapes.WithdrawGiven)
    def withdraw(self, statement, *, by, now, reason=""):
        """Take it off the table for good."""
        drafting.withdraw(statement, by=by, now=now, reason=reason)


class Schedules(Desk):
    """When a statement goes out, channel by channel."""

    noun, prefix, tag = "schedules", "stm", "statements"
    queryset = Statement.objects.all()
    may = {"show_schedule": May.SEE, "set_schedule": May.RELEASE}
    scopes = {"show_schedule": Scope.READ, "set_schedule": Scope.PUBLISHING}

    def show_schedule(self, request, brand, id):
        """The channels with a time of their own; the others go as soon as they may."""
        return Response(schedule_of(self.get_object()))

    @deed(publishing_shapes.ScheduleGiven, shows=publishing_shapes.ScheduleShown, match=False)
    def set_schedule(self, statement, *, times, by, now):
        """Set when it goes out. What is queued already and not yet begun moves with it."""
        given = {row["channel"]: row["at"] for row in times}
        scheduling.schedule(statement, given, by=by, now=now)
        return {"times": rows_of(statement)}


def rows_of(statement) -> list[dict]:
    return [{"channel": pk, "at": at} for pk, at in scheduling.times_of(statement).items()]


def schedule_of(statement) -> dict:
    return publishing_shapes.ScheduleShown({"times": rows_of(statement)}).data


class Revisions(Lists, Reads, Desk):
    """One immutable wording of a statement, with a text per channel and the hash people approve."""

    noun, prefix, order = "revisions", "rev", ("id",)
    queryset = Revision.objects.prefetch_related("variants", Prefetch("images", SHOWN))
    serializer_class = shapes.RevisionShown
    filterset_class = filters.RevisionFilter
    may, scopes = SEEING, READING


class Reviews(Lists, Reads, Desk):
    """The approval of one revision: ordered steps, each with decisions."""

    noun, prefix, order = "reviews", "rvw", ("id",)
    queryset = Review.objects.select_related("revision").prefetch_related(
        "steps__decisions", "steps__review__revision"
    )
    serializer_class = shapes.ReviewShown
    filterset_class = filters.ReviewFilter
    may, scopes = SEEING, READING


class Steps(Reads, Desk):
    """One stage of a review: who must decide, by when. A client sees the steps that are the client's."""

    noun, prefix = "steps", "stp"
    queryset = Step.objects.select_related("review__revision__statement").prefetch_related("decisions")
    serializer_class = shapes.StepWithPeopleShown
    versioned, whole = True, False  # seats come and go without its version
    may = {"retrieve": (May.SEE, May.APPROVE, May.PORTAL), "decide": (May.SEE, May.PORTAL)}
    scopes = {"retrieve": Scope.READ, "decide": PERSONS_ONLY}

    def get_queryset(self):
        found = super().get_queryset()
        if self.request.auth or self.request.standing.is_agency:
            return found
        return found.filter(asks_client(), opened_at__isnull=False)

    def get_serializer_context(self):
        is_client = not self.request.auth and not self.request.standing.is_agency
        return super().get_serializer_context() | {"is_client": is_client}

    @deed(shapes.DecideGiven, once=True)
    def decide(self, step, *, by, code="", **given):
        """Approve exactly this text, or ask for changes with a comment."""
        reviewing.decide(step, by=proving.with_code(self.request, by, code), **given)
