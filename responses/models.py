"""Index of every table of a brand's schema, in the order of the path."""

from .core.models import Cursor, DeadLetter, Event
from .incidents.models import Incident, Part, Protocol, ProtocolStep, Run, Task
from .monitoring.models import (
    Alert,
    Baseline,
    Chore,
    Correction,
    Delivery,
    Exclusion,
    HourCount,
    Match,
    Mention,
    NamedAuthor,
    NamedQuery,
    NoiseBudget,
    Rule,
    RuleHour,
    SavedView,
    Source,
    SourceHour,
    Story,
    StoryKey,
)
from .publishing.models import Attempt, Letter, NewsroomPost, Publication, Subscriber
from .statements.commenting_models import Comment, Reply
from .statements.glass_models import Glass, GlassRule, GlassWord
from .statements.image_models import Image, RevisionImage
from .statements.keeping_models import WorkingCopy
from .statements.lagging_models import StillRight
from .statements.link_models import ApprovalLink
from .statements.models import (
    Channel,
    Decision,
    Review,
    Revision,
    Statement,
    Step,
    Variant,
)
from .statements.policy_models import Deputy, ReviewPolicy
from .statements.writing_models import LinkCheck, LintRule, Overruling, StatementTemplate, TalkingPoint

__all__ = [
    "Alert",
    "ApprovalLink",
    "Attempt",
    "Baseline",
    "Chore",
    "Channel",
    "Comment",
    "Correction",
    "Cursor",
    "DeadLetter",
    "Decision",
    "Delivery",
    "Deputy",
    "Event",
    "Exclusion",
    "HourCount",
    "Glass",
    "GlassRule",
    "GlassWord",
    "Image",
    "Incident",
    "LinkCheck",
    "LintRule",
    "Match",
    "Mention",
    "NamedAuthor",
    "NamedQuery",
    "Letter",
    "NewsroomPost",
    "NoiseBudget",
    "Overruling",
    "Part",
    "Protocol",
    "ProtocolStep",
    "Publication",
    "Reply",
    "Review",
    "ReviewPolicy",
    "Revision",
    "RevisionImage",
    "Rule",
    "RuleHour",
    "Run",
    "SavedView",
    "Source",
    "SourceHour",
    "Statement",
    "StatementTemplate",
    "Step",
    "StillRight",
    "Story",
    "Subscriber",
    "StoryKey",
    "TalkingPoint",
    "Task",
    "Variant",
    "WorkingCopy",
]
