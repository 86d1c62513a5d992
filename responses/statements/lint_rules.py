"""The brand's own rules of writing on top of those that ship, and which of those it turned off."""

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from responses.core import history
from responses.core.transitions import change
from responses.errors import Invalid

from .linting import shipped
from .linting.phrases import BadPhrase, compiled
from .linting.wording import title
from .models import Statement
from .writing_models import LintRule

MOST = 200  # phrases in one rule
WRONG = {
    "empty": gettext_noop("Write at least one word."),
    "long": gettext_noop("“%(phrase)s” is too long for a phrase."),
    "many": gettext_noop("“%(phrase)s” has too many alternatives. Write them on lines of their own."),
    "sign": gettext_noop("There is no word in “%(phrase)s”."),
    "gap": gettext_noop("“%(phrase)s” must begin and end with a word."),
    "gaps": gettext_noop("“%(phrase)s” has more than two gaps."),
    "wild": gettext_noop(
        "A word of “%(phrase)s” has too many wildcards: write at least a letter and at most two *."
    ),
}


def own():
    return LintRule.objects.exclude(kind=LintRule.Kind.OFF)


def turned_off() -> dict[str, LintRule]:
    return {rule.shipped: rule for rule in LintRule.objects.filter(kind=LintRule.Kind.OFF)}


@transaction.atomic
def add_rule(*, kind, phrases, by, now, severity="", types=(), language="", reason="") -> LintRule:
    """A word the brand never says, or one of several it always says."""
    if kind not in (LintRule.Kind.DO_NOT_SAY, LintRule.Kind.MUST_SAY):
        raise Invalid(_("Choose “do not say” or “always say”."), field="kind")
    severity = severity or (LintRule.Severity.MUST if kind == "do_not_say" else LintRule.Severity.WARNING)
    fields = checked(phrases=phrases, severity=severity, types=types, language=language, reason=reason)
    rule = LintRule.objects.create(kind=kind, changed_by=by.name, changed_at=now, **fields)
    tell("lint_rule.added", rule, by=by, now=now)
    return rule


@transaction.atomic
def change_rule(rule: LintRule, *, by, now, **given) -> LintRule:
    refuse_off(rule)
    kept = {name: getattr(rule, name) for name in ("phrases", "severity", "types", "language", "reason")}
    change(rule, changed_by=by.name, changed_at=now, **checked(**kept | given))
    tell("lint_rule.changed", rule, by=by, now=now)
    return rule


@transaction.atomic
def remove_rule(rule: LintRule, *, by, now) -> None:
    """The brand's own rule goes; a shipped one that was off is on again."""
    tell("lint_rule.removed", rule, by=by, now=now)
    rule.delete()


@transaction.atomic
def turn_off(name: str, *, reason: str, by, now) -> LintRule:
    """A shipped rule that the brand does without, with the reason that others will ask for."""
    if name not in shipped.names():
        raise Invalid(_("There is no such rule."), field="shipped")
    if not (reason := reason.replace("\x00", "").strip()):
        raise Invalid(_("Say why the brand does without this rule."), field="reason")
    try:
        with transaction.atomic():
            rule = LintRule.objects.create(
                kind=LintRule.Kind.OFF, shipped=name, reason=reason[:300], changed_by=by.name, changed_at=now
            )
    except IntegrityError as error:
        raise Invalid(_("This rule is off already."), field="shipped") from error
    tell("lint_rule.added", rule, by=by, now=now)
    return rule


def refuse_off(rule) -> None:
    if rule.kind == LintRule.Kind.OFF:
        raise Invalid(_("A rule that is turned off can only be turned on again."))


def checked(*, phrases, severity, types, language, reason) -> dict:
    if severity not in LintRule.Severity.values:
        raise Invalid(_("Choose how serious it is."), field="severity")
    if unknown := set(types) - set(Statement.Type.values):
        raise Invalid(
            _("There is no kind of statement called %(name)s.") % {"name": min(unknown)}, field="types"
        )
    if language not in ("", "en", "fil"):
        raise Invalid(_("Choose a language."), field="language")
    return {
        "phrases": checked_phrases(phrases),
        "severity": severity,
        "types": sorted(set(types)),
        "language": language,
        "reason": reason.replace("\x00", "").strip()[:300],
    }


def checked_phrases(phrases) -> list[str]:
    """Each once, as written; only words, phrases and wildcards."""
    found = list(dict.fromkeys(" ".join(each.replace("\x00", "").split()) for each in phrases))
    found = [each for each in found if each]
    if not found:
        raise Invalid(_(WRONG["empty"]), field="phrases")
    if len(found) > MOST:
        raise Invalid(_("Use at most %(most)s phrases in one rule.") % {"most": MOST}, field="phrases")
    for phrase in found:
        try:
            compiled(phrase)
        except BadPhrase as error:
            raise Invalid(_(WRONG[error.code]) % {"phrase": phrase[:60]}, field="phrases") from error
    return found


def tell(kind, rule, *, by, now) -> None:
    with translation.override("en"):  # the history is one for all its readers
        what = rule.shipped and title(rule.shipped)
        words = f"{rule.get_kind_display()}: {what or ', '.join(rule.phrases[:5])}"
    history.record(
        kind, by=by, now=now, subject=rule, title=words, rule_kind=rule.kind, shipped=rule.shipped,
        phrases=rule.phrases, severity=rule.severity, types=rule.types, language=rule.language,
        reason=rule.reason,
    )  # fmt: skip
