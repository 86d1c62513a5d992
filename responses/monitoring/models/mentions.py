"""What was said in public, and how often."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from responses.monitoring import reasoning, states
from responses.monitoring.search import SearchText


class Mention(models.Model):
    """One public post, review, article or comment about the brand."""

    class Sentiment(models.TextChoices):
        NEGATIVE = "negative", _("negative")
        NEUTRAL = "neutral", _("neutral")
        POSITIVE = "positive", _("positive")

    class Triage(models.TextChoices):
        NEW = states.NEW, _("new")
        SEEN = states.SEEN, _("seen")
        SET_ASIDE = states.SET_ASIDE, _("set aside")

    source = models.ForeignKey("Source", models.PROTECT, related_name="mentions")
    external_id = models.CharField(max_length=500)
    url = models.URLField(max_length=2000, blank=True)
    author = models.CharField(max_length=200, blank=True)
    author_url = models.URLField(max_length=2000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    sentiment = models.CharField(max_length=10, choices=Sentiment, default=Sentiment.NEUTRAL)
    score = models.FloatField(default=0)  # -1 … 1
    corrected_by = models.CharField(
        max_length=120, blank=True, db_default=""
    )  # a person said what its sentiment is
    country = models.CharField(max_length=2, blank=True, db_default="")  # two letters, if told
    reach = models.BigIntegerField(null=True, blank=True)  # followers, views: what the source tells of it
    verified = models.BooleanField(null=True, blank=True)
    media = models.CharField(max_length=40, blank=True, db_default="")  # "image video"
    reply_to = models.CharField(
        max_length=500, blank=True, db_default=""
    )  # the external id of what it answers
    thread = models.CharField(
        max_length=500, blank=True, db_default=""
    )  # the external id of where its thread began
    story = models.ForeignKey("Story", models.SET_NULL, null=True, blank=True, related_name="mentions")
    is_own = models.BooleanField(default=True, db_default=True)  # False: only rules on others matched it
    is_excluded = models.BooleanField(default=False, db_default=False)  # by an exclusion of the brand's
    risk = models.PositiveSmallIntegerField(default=0, db_default=0)  # 0 … 100
    # Codes and figures the reasons are told from.
    risk_why = models.JSONField(default=list, blank=True, db_default=Value([], models.JSONField()))
    triage = models.CharField(max_length=10, choices=Triage, default=Triage.NEW, db_default=states.NEW)
    triaged_by = models.CharField(max_length=120, blank=True, db_default="")
    published_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=SearchText("title", "author", "text"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="mention_once")]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="mention_feed"),
            models.Index(
                fields=["-published_at", "-id"],
                condition=~Q(triage=states.SET_ASIDE),
                name="mention_feed_shown",
            ),
            models.Index(
                fields=["-risk", "-published_at", "-id"], condition=Q(risk__gt=0), name="mention_riskiest"
            ),
            models.Index(
                fields=["-reach", "-published_at", "-id"], condition=Q(reach__gt=0), name="mention_widest"
            ),
            models.Index(fields=["sentiment", "-published_at", "-id"], name="mention_feed_by_tone"),
            models.Index(fields=["source", "-published_at", "-id"], name="mention_feed_by_source"),
            GinIndex(fields=["search"], name="mention_search"),
            models.Index(fields=["thread"], condition=~Q(thread=""), name="mention_thread"),
            models.Index(
                fields=["story", "-published_at"], condition=Q(story__isnull=False), name="mention_story"
            ),
        ]

    def __str__(self):
        return self.title or self.text[:80]

    @property
    def risk_level(self) -> int:
        """1 low to 4 critical, as severity is drawn."""
        return reasoning.level(self.risk)

    @property
    def reasons(self) -> list[reasoning.Reason]:
        """Why it is a risk, in the reader's language."""
        return reasoning.reasons(self.risk_why)


class HourCount(models.Model):
    """Mentions per hour and tone, kept as they come in, so that no page counts mentions."""

    hour = models.DateTimeField(primary_key=True)
    negative = models.PositiveIntegerField(default=0)
    neutral = models.PositiveIntegerField(default=0)
    positive = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.hour:%Y-%m-%d %H}h"


class SourceHour(models.Model):
    """The same per source, for the charts of where people speak."""

    source = models.ForeignKey("Source", models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    negative = models.PositiveIntegerField(default=0)
    neutral = models.PositiveIntegerField(default=0)
    positive = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "source"], name="source_hour_once")]

    def __str__(self):
        return f"{self.source_id} {self.hour:%Y-%m-%d %H}h"


class Correction(models.Model):
    """A person said what a mention's sentiment really is; kept, and learnt from."""

    mention = models.ForeignKey(Mention, models.CASCADE, related_name="corrections")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10, choices=Mention.Sentiment)
    by_name = models.CharField(max_length=120)
    by_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.mention_id}: {self.before} → {self.after}"


class Story(models.Model):
    """Mentions that say the same thing in nearly the same words: shares, copies, reprints."""

    title = models.CharField(max_length=300)
    first_mention = models.ForeignKey(Mention, models.SET_NULL, null=True, blank=True, related_name="+")
    mention_count = models.PositiveIntegerField(default=0)
    platforms = ArrayField(models.CharField(max_length=80), default=list)  # in the order it reached them
    reach = models.BigIntegerField(default=0)  # the sum of what is known
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at", "-pk"]
        indexes = [
            models.Index(fields=["-last_at", "-id"], name="story_latest"),
            # the page of stories: of a million most are told once only, and what it orders by is held here
            models.Index(
                fields=["-last_at", "-id"],
                include=["mention_count", "first_at"],
                condition=Q(mention_count__gt=1),
                name="story_going_round",
            ),
        ]
        verbose_name_plural = "stories"

    def __str__(self):
        return self.title


class StoryKey(models.Model):
    """A piece of a story's fingerprint: mentions that share one are compared."""

    key = models.BigIntegerField()
    story = models.ForeignKey(Story, models.CASCADE, related_name="keys")
    at = models.DateTimeField()  # old keys are dropped

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "story"], name="story_key_once")]
        indexes = [models.Index(fields=["at"], name="story_key_age")]

    def __str__(self):
        return f"{self.key:x}"


class SavedView(models.Model):
    """Filters of the feed that somebody comes back to."""

    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)  # the address's query string
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=120)
    is_shared = models.BooleanField(_("for the whole team"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["person_id", "name"], name="saved_view_once")]

    def __str__(self):
        return self.name
