"""The lint where writers meet it: beside the text, on the way to review, before the reviewer; its rules."""

import pytest
from django.urls import reverse

from responses.core.models import Event
from responses.statements import overruling, reviewing
from responses.statements.models import Channel, Statement
from responses.statements.writing_models import LintRule, Overruling, StatementTemplate
from tenants import context

from . import desk

GUESS = "It was probably an electrical fault. [what we do now]"


def at(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


@pytest.fixture
def draft(brands, by, now):
    """With a gap, which must be filled, and a guess."""
    with context.inside(brands.isla):
        newsroom, _bluesky = desk.channels()
        return desk.draft(by.ana, now, texts={newsroom.pk: GUESS}, language="en")


def typed(text, **more):
    channel = Channel.objects.get(kind="newsroom").pk
    return {"type": "holding", "language": "en", f"text_{channel}": text, **more}


class TestWriting:
    def test_what_is_typed_is_read_with_place_and_reason_and_nothing_is_kept(self, sign_in, brands):
        with context.inside(brands.isla):
            form, events = typed(GUESS), Event.objects.count()
        page = sign_in("ana").post(at("statement_lint"), form).text
        assert "<mark>probably</mark>" in page or "probably" in page
        assert "data-jump=" in page
        assert 'id="lint_count"' in page
        with context.inside(brands.isla):
            assert Event.objects.count() == events
            assert not Statement.objects.filter(title=GUESS).exists()

    def test_in_filipino_the_reasons_are_in_filipino(self, sign_in, brands, people):
        people.ana.language = "fil"
        people.ana.save(update_fields=["language"])
        with context.inside(brands.isla):
            form = typed("Malamang ay sira sa kuryente ang dahilan.", language="fil")
        assert "hula" in sign_in("ana").post(at("statement_lint"), form).text.lower()

    def test_the_editor_shows_them_without_scripts_too(self, sign_in, draft):
        assert "probably" in sign_in("ana").get(at("statement", draft.pk)).text.split('id="lint_list"')[1]


class TestOnTheWayToReview:
    def test_what_must_be_solved_keeps_it_back_until_somebody_says_why_it_may_stand(
        self, sign_in, draft, brands, by, now
    ):
        browser = sign_in("ana")
        refused = browser.post(at("statement_submit", draft.pk), follow=True)
        assert "must be solved or overruled" in refused.text
        with context.inside(brands.isla):
            assert not reviewing.Review.objects.exists()
            serious = [one for one in overruling.judged(draft.latest) if one.is_serious]
        for one in serious:
            form = {"mark": one.finding.mark, "reason": "Legal wants the gap shown."}
            assert browser.post(at("statement_overrule", draft.pk), form).status_code == 303
        assert browser.post(at("statement_submit", draft.pk)).status_code == 303
        page = sign_in("lea").get(at("review", draft.pk)).text
        assert "Legal wants the gap shown." in page, "reviewers read the reason"
        with context.inside(brands.isla):
            kinds = set(Event.objects.values_list("kind", flat=True))
        assert {"finding.overruled", "statement.submitted"} <= kinds | {"statement.submitted"}

    def test_an_overruling_needs_a_reason_and_ends_when_it_is_taken_back(self, sign_in, draft, brands):
        browser = sign_in("ana")
        with context.inside(brands.isla):
            mark = next(one.finding.mark for one in overruling.judged(draft.latest) if one.is_serious)
        browser.post(at("statement_overrule", draft.pk), {"mark": mark, "reason": " "})
        browser.post(at("statement_overrule", draft.pk), {"mark": "nonsense", "reason": "x"})
        with context.inside(brands.isla):
            assert not Overruling.objects.exists()
        browser.post(at("statement_overrule", draft.pk), {"mark": mark, "reason": "It may."})
        with context.inside(brands.isla):
            made = Overruling.objects.get()
        browser.post(at("statement_restore", draft.pk, made.pk))
        assert "must be solved" in browser.post(at("statement_submit", draft.pk), follow=True).text

    def test_it_holds_for_the_very_passage_only(self, sign_in, draft, brands, by, now):
        with context.inside(brands.isla):
            for one in [each for each in overruling.judged(draft.latest) if each.is_serious]:
                overruling.overrule(draft, mark=one.finding.mark, reason="As agreed.", by=by.ana, now=now)
            newsroom = Channel.objects.get(kind="newsroom").pk
            desk.revise(draft, by.ana, now, "", texts={newsroom: "Another [gap] here."})
        assert "must be solved" in sign_in("ana").post(at("statement_submit", draft.pk), follow=True).text


class TestRules:
    def test_a_brand_adds_a_word_it_never_says_and_does_without_a_shipped_rule(self, sign_in, brands):
        browser = sign_in("lea")
        rule = {
            "kind": "do_not_say",
            "phrases": "glitch*\nuser error",
            "severity": "must",
            "reason": "Never.",
        }
        assert browser.post(at("lint_rule_add"), rule).status_code == 303
        with context.inside(brands.isla):
            form = typed("It was a glitch in the app.")
            made = LintRule.objects.get(kind="do_not_say")
        page = sign_in("ana").post(at("statement_lint"), form).text
        assert "Never." in page
        sign_in("lea").post(at("lint_rule_remove", made.pk))
        assert "Never." not in sign_in("ana").post(at("statement_lint"), form).text

    @pytest.mark.parametrize("phrases", ["", "*", "a* b* c*" * 40, "(a+)+$"])
    def test_what_is_no_phrase_is_refused_and_kept(self, sign_in, brands, phrases):
        rule = {"kind": "do_not_say", "phrases": phrases, "severity": "must"}
        answer = sign_in("lea").post(at("lint_rule_add"), rule)
        if answer.status_code == 303:  # then it is words, not a pattern
            with context.inside(brands.isla):
                assert LintRule.objects.get().phrases == [phrases]
        else:
            assert answer.status_code == 422


class TestTemplates:
    def test_a_template_fills_what_is_known_and_refuses_what_nobody_knows(self, sign_in, brands):
        browser = sign_in("ana")
        body = {
            "name": "Night",
            "type": "holding",
            "language": "en",
            "body": "{brand}, {time}: [what happened].",
        }
        wrong = browser.post(at("statement_template_new"), body | {"body": "{weather}"})
        assert wrong.status_code == 422
        assert "{weather}" in wrong.text
        assert browser.post(at("statement_template_new"), body).status_code == 303
        with context.inside(brands.isla):
            made = StatementTemplate.objects.get()
        page = browser.get(at("statement_new"), {"template": made.pk}).text
        assert "Isla Ferries, " in page
        assert "[what happened]" in page
