"""What helps a writer: the lint, templates, talking points, rules of writing, overrulings."""

from agency.roles import May
from api.permissions import PERSONS_ONLY
from api.scopes import Scope
from api.v1 import filters
from api.v1.serializers import writing as shapes
from responses.incidents.models import Incident
from responses.statements import grounding, knowing, lint_rules, overruling, templating
from responses.statements.models import Statement
from responses.statements.writing_models import LintRule, Overruling, StatementTemplate, TalkingPoint

from .base import Desk, Lists, Reads, deed
from .incidents import READING, SEEING
from .statements import by_channel, by_language


class Lint(Desk):
    """What a statement of its type must say and must not."""

    noun, tag = "lint", "statements"
    queryset = Statement.objects.none()
    serializer_class = shapes.FindingsShown
    may, scopes = {"lint": May.SEE}, {"lint": Scope.READ}

    @deed(shapes.LintGiven, shows=shapes.FindingsShown, reads=True)
    def lint(self, *, type, language, texts, by, now, also=None, incident=None, statement=None):
        """Look at texts before they are saved. Keeps nothing."""
        incident = self.linked(Incident, incident, "incident")
        statement = self.linked(Statement, statement, "statement")
        beside = {code: each["texts"] for code, each in (by_language(also) or {}).items() if code != language}
        about = incident or (statement and statement.incident)
        found = knowing.findings(type, language, by_channel(texts), about, beside)
        return {"findings": overruling.judge(found, statement)}


class Overrulings(Lists, Reads, Desk):
    """A finding that somebody let stand, with the reason."""

    noun, prefix, order, tag = "overrulings", "ovr", ("id",), "statements"
    queryset = Overruling.objects.select_related("statement", "revision")
    serializer_class = shapes.OverrulingShown
    filterset_class = filters.OverrulingFilter
    may = SEEING | dict.fromkeys(("create", "restore"), May.WRITE)
    scopes = READING | dict.fromkeys(("create", "restore"), PERSONS_ONLY)

    @deed(shapes.OverruleGiven, status=201)
    def create(self, *, statement, mark, reason, by, now):
        """Let a finding of the latest revision stand."""
        statement = self.linked(Statement, statement, "statement")
        return overruling.overrule(statement, mark=mark, reason=reason, by=by, now=now)

    @deed()
    def restore(self, overruled, *, by, now):
        """Take it back: the finding counts again."""
        overruling.restore(overruled, by=by, now=now)


class Templates(Lists, Reads, Desk):
    """A wording to start from. Statements that were begun with it keep their text."""

    noun, prefix, order, tag = "templates", "tpl", ("id",), "statements"
    queryset = StatementTemplate.objects.all()
    serializer_class = shapes.TemplateShown
    filterset_class = filters.TemplateFilter
    versioned = True
    may = SEEING | dict.fromkeys(("create", "change", "retire", "restore"), May.WRITE)
    scopes = READING | dict.fromkeys(("create", "change", "retire", "restore"), Scope.STATEMENTS)

    @deed(shapes.TemplateGiven, status=201)
    def create(self, **given):
        """Add a template."""
        return templating.add_template(**given)

    @deed(shapes.TemplateGiven)
    def change(self, template, *, by, now, **given):
        """Change what it says."""
        if given:
            templating.change_template(template, by=by, now=now, **given)

    @deed()
    def retire(self, template, *, by, now):
        """Offer it no longer."""
        templating.use_template(template, False, by=by, now=now)

    @deed()
    def restore(self, template, *, by, now):
        """Offer it again."""
        templating.use_template(template, True, by=by, now=now)


class Points(Lists, Reads, Desk):
    """What may be said: confirmed facts and key messages; and names to keep out."""

    noun, prefix, order, tag = "points", "pnt", ("id",), "incidents"
    queryset = TalkingPoint.objects.all()
    serializer_class = shapes.PointShown
    filterset_class = filters.PointFilter
    may = SEEING | dict.fromkeys(("create", "remove"), May.WRITE)
    scopes = READING | dict.fromkeys(("create", "remove"), Scope.STATEMENTS)

    @deed(shapes.PointGiven, status=201)
    def create(self, *, incident=None, **given):
        """Write down what is agreed."""
        return grounding.add_point(incident=self.linked(Incident, incident, "incident"), **given)

    @deed(status=204)
    def remove(self, point, *, by, now):
        """Take it back."""
        grounding.remove_point(point, by=by, now=now)


class LintRules(Lists, Reads, Desk):
    """The brand's own rules of writing, and which of those that ship it does without."""

    noun, prefix, order, tag = "lint-rules", "lrl", ("id",), "statements"
    queryset = LintRule.objects.all()
    serializer_class = shapes.LintRuleShown
    filterset_class = filters.LintRuleFilter
    versioned = True
    may = SEEING | dict.fromkeys(("create", "change", "remove"), May.PLAN)
    scopes = READING | dict.fromkeys(("create", "change", "remove"), Scope.STATEMENTS)

    @deed(shapes.LintRuleGiven, status=201)
    def create(self, *, kind, by, now, shipped="", phrases=(), **given):
        """Add a rule of the brand's own, or turn a shipped one off."""
        if kind == LintRule.Kind.OFF:
            return lint_rules.turn_off(shipped, reason=given.get("reason", ""), by=by, now=now)
        return lint_rules.add_rule(kind=kind, phrases=phrases, by=by, now=now, **given)

    @deed(shapes.LintRuleChange)
    def change(self, rule, *, by, now, **given):
        """Change a rule of the brand's own."""
        if given:
            lint_rules.change_rule(rule, by=by, now=now, **given)

    @deed(status=204)
    def remove(self, rule, *, by, now):
        """Remove it; a shipped one is on again."""
        lint_rules.remove_rule(rule, by=by, now=now)
