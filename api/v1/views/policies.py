"""Who approves what: review policies, and people's deputies. Both are for people to say, not for keys."""

from rest_framework.response import Response

from agency.roles import May
from api.permissions import PERSONS_ONLY
from api.scopes import Scope
from api.v1.people import named
from api.v1.serializers import policies as shapes
from responses.core import proving
from responses.incidents.models import Incident
from responses.statements import breaking, deputising, policies
from responses.statements.glass_models import Glass, GlassRule
from responses.statements.models import Statement
from responses.statements.policy_models import Deputy, ReviewPolicy

from .base import Desk, Lists, Reads, deed
from .incidents import READING, SEEING

KEPT = ("name", "types", "from_severity", "channels", "second_factor", "steps", "is_active")


class Policies(Lists, Reads, Desk):
    """The steps by which a kind of statement is approved. A review copies them when it begins."""

    noun, prefix, order, tag = "policies", "pol", ("id",), "statements"
    queryset = ReviewPolicy.objects.all()
    serializer_class = shapes.PolicyShown
    versioned = True
    may = SEEING | dict.fromkeys(("create", "change"), May.GOVERN)
    scopes = READING | dict.fromkeys(("create", "change"), PERSONS_ONLY)

    @deed(shapes.PolicyGiven, status=201)
    def create(self, **given):
        """Write a policy."""
        return policies.save_policy(**given)

    @deed(shapes.PolicyGiven)
    def change(self, policy, *, by, now, **given):
        """Change it. Reviews that run keep the steps they began with."""
        if given:
            kept = {name: getattr(policy, name) for name in KEPT}
            policies.save_policy(policy, **kept | given, by=by, now=now)


class Deputies(Lists, Reads, Desk):
    """Who decides for whom while they are away, or when they do not answer in time."""

    noun, prefix, order, tag = "deputies", "dep", ("id",), "statements"
    queryset = Deputy.objects.all()
    serializer_class = shapes.DeputyShown
    versioned = True
    may = {
        "list": May.SEE,
        "retrieve": May.SEE,
        "create": (May.SEE, May.PORTAL),
        "remove": (May.SEE, May.PORTAL),
    }
    scopes = {"list": Scope.READ, "retrieve": Scope.READ, "create": PERSONS_ONLY, "remove": PERSONS_ONLY}

    @deed(shapes.DeputyGiven, status=201)
    def create(self, *, deputy, by, now, person=None, **given):
        """Name one, for oneself or, as who says who approves, for another."""
        brand = self.request.brand
        for_whom = named(brand, person, "person") or by
        return deputising.name_deputy(
            person=for_whom, deputy=named(brand, deputy, "deputy"), by=by, now=now, **given
        )

    @deed(status=204)
    def remove(self, deputy, *, by, now):
        """Nobody stands in any more."""
        deputising.let_go(deputy, by=by, now=now)


class GlassRules(Desk):
    """Whether break-glass is allowed at this brand, and who may."""

    noun, tag = "glass-rule", "statements"
    queryset = GlassRule.objects.all()
    serializer_class = shapes.GlassRuleShown
    may = {"show_glass_rule": May.SEE, "set_glass_rule": May.GOVERN}
    scopes = {"show_glass_rule": Scope.READ, "set_glass_rule": PERSONS_ONLY}

    def show_glass_rule(self, request, brand):
        """The brand's rule; off where it has none."""
        return Response(shapes.GlassRuleShown(GlassRule.objects.first() or GlassRule()).data)

    @deed(shapes.GlassRuleGiven, shows=shapes.GlassRuleShown)
    def set_glass_rule(self, *, is_on, people, by, now):
        """Allow it to these people, or to nobody. It takes two of them each time."""
        return breaking.set_rule(is_on=is_on, people=people, by=by, now=now)


class Glasses(Lists, Reads, Desk):
    """Break-glass: a text approved beforehand to stand by, let out at Critical by two named people."""

    noun, prefix, order, tag = "glasses", "gls", ("id",), "statements"
    queryset = Glass.objects.select_related("statement", "revision", "incident").prefetch_related("words")
    serializer_class = shapes.GlassShown
    versioned = True
    may = SEEING | {"create": May.SEE, "agree": May.SEE, "judge": (May.SEE, May.APPROVE)}
    scopes = READING | dict.fromkeys(("create", "agree", "judge"), PERSONS_ONLY)

    @deed(shapes.GlassGiven, status=201)
    def create(self, *, statement, incident, by, code="", **given):
        """Ask for it, as the first of two."""
        statement = self.linked(Statement, statement, "statement")
        incident = self.linked(Incident, incident, "incident")
        return breaking.ask(
            statement, incident=incident, by=proving.with_code(self.request, by, code), **given
        )

    @deed(shapes.GlassSaid)
    def agree(self, glass, *, by, code="", **given):
        """Agree, as the second: it goes out and everybody is told."""
        breaking.agree(glass, by=proving.with_code(self.request, by, code), **given)

    @deed(shapes.JudgeGiven)
    def judge(self, glass, *, by, code="", **given):
        """Approve afterwards what went out, or say that it should not have."""
        breaking.judge(glass, by=proving.with_code(self.request, by, code), **given)
