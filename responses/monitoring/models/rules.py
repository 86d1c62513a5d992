"""What to look for, and what was found."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Rule(models.Model):
    """A boolean query plus what to do when it matches."""

    class Watches(models.TextChoices):
        BRAND = "brand", _("the brand")
        COMPETITOR = "competitor", _("a competitor")
        INDUSTRY = "industry", _("a topic of the industry")

    class Sensitivity(models.TextChoices):
        FEWER = "fewer", _("fewer")
        BALANCED = "balanced", _("balanced")
        MORE = "more", _("more")

    name = models.CharField(_("name"), max_length=120)
    query = models.TextField(_("query"), max_length=4096)
    watches = models.CharField(_("about"), max_length=12, choices=Watches, default=Watches.BRAND)
    subject = models.CharField(_("called"), max_length=80, blank=True)  # the competitor's or topic's name
    sensitivity = models.CharField(
        _("sensitivity"), max_length=10, choices=Sensitivity, default=Sensitivity.BALANCED
    )
    is_active = models.BooleanField(_("active"), default=True)
    raises_alert = models.BooleanField(_("raise an alert"), default=True)
    alert_after = models.PositiveIntegerField(_("matches within an hour before it alerts"), default=1)
    opens_incident = models.BooleanField(_("open an incident by itself"), default=False)
    severity = models.PositiveSmallIntegerField(_("level"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="rule_name"),
            models.CheckConstraint(condition=Q(severity__lte=4), name="rule_severity"),
        ]

    def __str__(self):
        return self.name


class Match(models.Model):
    """A mention that a rule matched, and the alert it was counted in."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="matches")
    mention = models.ForeignKey("Mention", models.CASCADE, related_name="matches")
    alert = models.ForeignKey("Alert", models.SET_NULL, null=True, blank=True, related_name="matches")
    at = models.DateTimeField()  # the mention's time, so that an hour's matches are one index range

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "mention"], name="match_once")]
        indexes = [models.Index(fields=["rule", "-at"], name="match_recent")]
        verbose_name_plural = "matches"

    def __str__(self):
        return f"{self.rule_id} ~ {self.mention_id}"


class RuleHour(models.Model):
    """Matches per rule, hour and tone: what trends, share of voice and the usual figures are drawn from."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    negative = models.PositiveIntegerField(default=0)
    neutral = models.PositiveIntegerField(default=0)
    positive = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "hour"], name="rule_hour_once")]

    def __str__(self):
        return f"{self.rule_id} {self.hour:%Y-%m-%d %H}h"


class Baseline(models.Model):
    """What a detector has learnt of what is usual, and up to when."""

    name = models.CharField(max_length=60, primary_key=True)  # "brand", "rule:12"
    state = models.JSONField(default=dict)
    upto_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.name


class NamedQuery(models.Model):
    """A part of queries with a name of its own, written once and used as `saved:name`."""

    name = models.SlugField(_("name"), max_length=40, unique=True)
    query = models.TextField(_("query"), max_length=4096)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "named queries"

    def __str__(self):
        return self.name


class Exclusion(models.Model):
    """What the brand wants to hear no more of: an author, a site, words. Kept aside, not thrown away."""

    class Field(models.TextChoices):
        AUTHOR = "author", _("author")
        SITE = "site", _("site")
        QUERY = "query", _("words")

    field = models.CharField(_("what"), max_length=8, choices=Field)
    value = models.CharField(_("value"), max_length=500)
    reason = models.CharField(_("reason"), max_length=300)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["field", "value"]
        constraints = [models.UniqueConstraint(fields=["field", "value"], name="exclusion_once")]

    def __str__(self):
        return f"{self.field}: {self.value}"


class NamedAuthor(models.Model):
    """Somebody whose every matching word a person must see: a journalist, a regulator, an agitator."""

    name = models.CharField(_("author"), max_length=200)  # as sources spell it: a handle or a name
    note = models.CharField(_("who it is"), max_length=200, blank=True)
    severity = models.PositiveSmallIntegerField(_("level of the alert"), default=2)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="named_author_once"),
            models.CheckConstraint(condition=Q(severity__lte=4), name="named_author_severity"),
        ]

    def __str__(self):
        return self.name
