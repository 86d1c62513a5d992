"""Comments on statements, and suggestions of other words."""

from django.utils.translation import gettext as _

from agency.roles import May
from api.scopes import Scope
from api.v1 import filters, ids
from api.v1.serializers import comments as shapes
from responses.errors import Invalid
from responses.statements import commenting, suggesting
from responses.statements.commenting_models import Comment
from responses.statements.models import Revision, Statement, Variant

from .base import Desk, Lists, Reads, deed

READERS = (May.SEE, May.PORTAL)
SPEAKERS = (May.SEE, May.PORTAL)  # whether an observer speaks, the deed says: they may be a deputy
SAYING = ("create", "reply", "resolve", "reopen")
DECIDING = ("apply", "decline")


def nothing(model, pk, field) -> Invalid:
    words = _("There is no %(id)s here.")
    return Invalid(words % {"id": ids.spelled(ids.PREFIXES[model], pk)}, field=field)


class Comments(Lists, Reads, Desk):
    """What people said about a text. Internal ones are for the agency, and for keys that write statements."""

    noun, prefix, order, tag = "comments", "cmt", ("id",), "statements"
    queryset = Comment.objects.none()
    serializer_class = shapes.CommentShown
    filterset_class = filters.CommentFilter
    versioned = True
    whole = False  # an answer changes no version
    may = (
        dict.fromkeys(("list", "retrieve"), READERS)
        | dict.fromkeys(SAYING, SPEAKERS)
        | dict.fromkeys(DECIDING, May.WRITE)
    )
    scopes = dict.fromkeys(("list", "retrieve"), Scope.READ) | dict.fromkeys(
        (*SAYING, *DECIDING), Scope.STATEMENTS
    )

    @property
    def is_inside(self) -> bool:
        """Whether the caller belongs to the agency; a key that only reads may be anybody's."""
        auth = self.request.auth
        return Scope.STATEMENTS in auth.scopes if auth else commenting.is_inside(self.request.standing)

    def get_queryset(self):
        return commenting.for_agency() if self.is_inside else commenting.for_client()

    @deed(shapes.CommentGiven, status=201)
    def create(
        self, *, statement, by, now, revision=None, channel=None, language="", audience=None, text="", **given
    ):
        """Say something about a text, or suggest other words."""
        revision = self.meant(self.linked(Statement, statement, "statement"), revision)
        variant = self.text_on(revision, channel, language) if channel is not None else None
        audience = audience or (Comment.Audience.INTERNAL if self.is_inside else Comment.Audience.CLIENT)
        return commenting.comment(
            revision, variant=variant, text=text, audience=audience, by=by, now=now, **given
        )

    def text_on(self, revision, channel, language) -> Variant:
        there = revision.variants.filter(channel=channel)
        if language:
            there = there.filter(language=language)
        found = sorted(there, key=lambda each: each.language != revision.language)
        if not found:
            raise Invalid(_("This revision says nothing on that channel."), field="channel")
        return found[0]

    def meant(self, statement, pk) -> Revision:
        """The revision that was read. What has not reached a client is not there for them."""
        readable = statement.revisions.order_by("-number")
        if not self.is_inside:
            readable = readable.filter(pk__in=commenting.shown_to_client())
        if not readable.exists():
            raise nothing(Statement, statement.pk, "statement")
        found = (readable.filter(pk=pk) if pk is not None else readable).first()
        if found is None:
            raise nothing(Revision, pk, "revision")
        return found

    @deed(shapes.ReplyGiven, match=False)
    def reply(self, comment, *, text, by, now):
        """Answer; whoever reads the comment reads it. A resolved one is open again."""
        commenting.reply(comment, text=text, by=by, now=now)

    @deed()
    def resolve(self, comment, *, by, now):
        """It is dealt with."""
        commenting.resolve(comment, by=by, now=now)

    @deed()
    def reopen(self, comment, *, by, now):
        """There is more to say about it."""
        commenting.reopen(comment, by=by, now=now)

    @deed()
    def apply(self, suggestion, *, by, now):
        """Put the words in as a new revision. A review that runs is void from then on."""
        suggesting.apply(suggestion, by=by, now=now)

    @deed(shapes.DeclineGiven)
    def decline(self, suggestion, *, by, now, reason=""):
        """Leave the text as it is."""
        suggesting.decline(suggestion, by=by, now=now, reason=reason)
