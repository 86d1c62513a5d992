"""Ids as the outside sees them: a prefix that says what it is, and a number nobody should read into."""

import re

from responses.incidents.models import Incident, Protocol, Task
from responses.monitoring.models import (
    Alert,
    Correction,
    Exclusion,
    Mention,
    NamedAuthor,
    NamedQuery,
    Rule,
    SavedView,
    Source,
    Story,
)
from responses.publishing.models import Publication
from responses.statements.commenting_models import Comment
from responses.statements.glass_models import Glass
from responses.statements.image_models import Image
from responses.statements.models import Channel, Review, Revision, Statement, Step
from responses.statements.policy_models import Deputy, ReviewPolicy

PREFIXES = {
    Source: "src",
    Mention: "men",
    Correction: "cor",
    Story: "sty",
    Rule: "rul",
    NamedQuery: "nqu",
    SavedView: "viw",
    Exclusion: "exc",
    Alert: "alr",
    NamedAuthor: "aut",
    Incident: "inc",
    Task: "tsk",
    Protocol: "pro",
    Statement: "stm",
    Revision: "rev",
    Review: "rvw",
    Step: "stp",
    ReviewPolicy: "pol",
    Deputy: "dep",
    Glass: "gls",
    Image: "img",
    Channel: "chn",
    Publication: "pub",
    Comment: "cmt",
}
OF_SUBJECT = {model._meta.model_name: prefix for model, prefix in PREFIXES.items()} | {"apikey": "key"}
OF_ACTOR = {"user": "usr", "key": "key", "source": "src"}


def spelled(prefix: str, pk) -> str | None:
    return None if pk is None else f"{prefix}_{pk}"


def pattern(prefix: str) -> str:
    return f"^{prefix}_[1-9][0-9]{{0,17}}$"


def read(prefix: str, text) -> int | None:
    """The number in an id of this kind, or None when it is not one."""
    if not isinstance(text, str) or not re.fullmatch(pattern(prefix)[1:-1], text, re.ASCII):
        return None
    return int(text[len(prefix) + 1 :])


def of_actor(actor_id: str) -> str:
    """`user:5` as `usr_5`; Tugon itself stays `tugon`."""
    kind, _colon, number = actor_id.partition(":")
    return f"{OF_ACTOR[kind]}_{number}" if number and kind in OF_ACTOR else actor_id
