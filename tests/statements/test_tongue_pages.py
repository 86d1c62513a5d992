"""Two languages where people meet them: the editor, what is kept while typing, the review, the portal."""

import re

import pytest
from django.urls import reverse

from responses.statements import drafting, lagging, reviewing
from responses.statements.models import Channel, Statement
from responses.statements.writing_models import StatementTemplate
from tenants import context

from . import desk
from .test_tongues import ENGLISH, FILIPINO, both, edit


def at(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


@pytest.fixture
def pair(brands, by, now):
    """A statement in both, and the ids of its channels."""
    with context.inside(brands.isla):
        statement = both(by.ana, now)
        statement.news, statement.short = (channel.pk for channel in desk.channels())
        return statement


def form(statement, **more):
    return {
        "title": "Fire on MV Amihan",
        "language": "en",
        "other": "fil",
        "title_fil": "Sunog sa MV Amihan",
        "base": 1,
        f"text_{statement.news}": ENGLISH,
        f"text_{statement.news}_fil": FILIPINO,
        f"text_{statement.short}": "All 214 on MV Amihan are safe.",
        **more,
    }


class TestEditor:
    def test_both_stand_side_by_side_with_a_limit_each(self, sign_in, pair):
        page = sign_in("ana").get(at("statement", pair.pk)).text
        assert "Newsroom, English" in page and "Newsroom, Filipino" in page
        assert page.index(f'name="text_{pair.news}"') < page.index(f'name="text_{pair.news}_fil"')
        assert 'data-side="1"' in page and 'data-side="2"' in page
        assert re.search(rf'name="text_{pair.news}_fil"[^>]* lang="fil"', page), "said in its language"
        assert f"{len(FILIPINO)} / 20000" in page
        assert f'name="text_{pair.short}_fil"' not in page, "Bluesky carries one text"

    def test_a_save_keeps_both_and_an_empty_version_goes(self, sign_in, pair, brands):
        browser, changed = sign_in("ana"), FILIPINO + " Magsasalita kami muli sa 3:00."
        answer = browser.post(at("statement_save", pair.pk), form(pair, **{f"text_{pair.news}_fil": changed}))
        assert answer.status_code == 303
        with context.inside(brands.isla):
            latest = Statement.objects.get(pk=pair.pk).latest
            assert latest.variants.get(language="fil").text == changed
        gone = form(pair, base=2, **{f"text_{pair.news}_fil": "", "title_fil": ""})
        assert browser.post(at("statement_save", pair.pk), gone).status_code == 303
        with context.inside(brands.isla):
            assert Statement.objects.get(pk=pair.pk).latest.languages == ["en"]

    def test_a_fault_stands_at_its_own_field_and_nothing_typed_is_lost(self, sign_in, pair):
        answer = sign_in("ana").post(at("statement_save", pair.pk), form(pair, title_fil=""))
        assert answer.status_code == 422
        assert 'id="id_title_fil_error"' in answer.text and FILIPINO in answer.text

    def test_the_second_language_is_begun_without_a_script_and_without_saving(self, sign_in, brands, by, now):
        with context.inside(brands.isla):
            statement = desk.draft(by.ana, now, language="en")
            news, _short = (channel.pk for channel in desk.channels())
        typed = {"title": "Fire", "language": "en", "base": 1, f"text_{news}": "Typed just now.", "both": "1"}
        page = sign_in("ana").post(at("statement_save", statement.pk), typed).text
        assert "Typed just now." in page and f'name="text_{news}_fil"' in page
        assert "Ang tiyak naming alam" in page, "its skeleton, in Filipino"
        with context.inside(brands.isla):
            assert Statement.objects.get(pk=statement.pk).latest.number == 1

    def test_a_new_one_is_written_in_both(self, sign_in, brands):
        with context.inside(brands.isla):
            news = Channel.objects.get(kind="newsroom").pk
        texts = {f"text_{news}": ENGLISH, f"text_{news}_fil": FILIPINO}
        begun = {"type": "holding", "title": "Fire", "language": "en"}
        page = sign_in("ana").post(at("statement_new"), begun | {"both": "1"}).text
        assert 'name="other" value="fil"' in page
        sent = begun | texts | {"other": "fil", "title_fil": "Sunog"}
        assert sign_in("ana").post(at("statement_new"), sent).status_code == 303
        with context.inside(brands.isla):
            assert Statement.objects.latest("pk").latest.titles == {"fil": "Sunog"}

    def test_what_is_typed_in_both_is_kept(self, sign_in, pair, brands):
        browser, words = sign_in("ana"), "Kalahating pangungusap at saka nagsara"
        kept = browser.post(
            at("statement_keep", pair.pk), form(pair, **{f"text_{pair.news}_fil": words})
        ).text
        assert "Kept at" in kept and "not saved" in kept
        assert words in browser.get(at("statement", pair.pk)).text
        same = browser.post(at("statement_keep", pair.pk), form(pair)).text
        assert "not saved" not in same, "the same as the revision"

    def test_a_template_begins_both(self, sign_in, brands):
        browser = sign_in("ana")
        given = {"name": "At sea", "type": "holding", "language": "en", "body": "We know of {brand}."}
        given |= {"also_body": "Alam namin ang sa {brand}."}
        assert browser.post(at("statement_template_new"), given).status_code == 303
        with context.inside(brands.isla):
            template = StatementTemplate.objects.get(name="At sea")
        page = browser.get(at("statement_new") + f"?template={template.pk}").text
        assert "We know of Isla Ferries." in page and "Alam namin ang sa Isla Ferries." in page

    def test_two_who_write_at_once_see_each_language(self, sign_in, pair, brands, by, now):
        with context.inside(brands.isla):
            edit(Statement.objects.get(pk=pair.pk), by.lea, now, "Lea was here.")
        mine = form(pair, **{f"text_{pair.news}_fil": "Ang sa akin."})
        answer = sign_in("ana").post(at("statement_save", pair.pk), mine)
        assert answer.status_code == 412
        assert "Ang sa akin." in answer.text and "Lea" in answer.text and "Newsroom, Filipino" in answer.text


class TestWarnings:
    def test_the_lint_says_what_one_language_says_and_the_other_does_not(self, sign_in, pair):
        typed = form(pair, type="holding", **{f"text_{pair.news}": ENGLISH + " More at 14:00."})
        page = sign_in("ana").post(at("statement_lint"), typed).text
        assert "The English says “14:00”, the Filipino does not." in page

    def test_in_filipino_it_says_so_too(self, sign_in, pair, people):
        people.ana.language = "fil"
        people.ana.save(update_fields=["language"])
        typed = form(
            pair, type="holding", **{f"text_{pair.news}_fil": FILIPINO + " Tumawag sa 0917 555 0100."}
        )
        page = sign_in("ana").post(at("statement_lint"), typed).text
        assert "0917 555 0100" in page and f'href="#id_text_{pair.news}_fil"' in page

    def test_an_empty_version_is_told(self, sign_in, pair):
        typed = form(pair, type="holding", **{f"text_{pair.news}_fil": ""})
        assert "The English has a text here, the Filipino has none." in (
            sign_in("ana").post(at("statement_lint"), typed).text
        )

    def test_who_lags_is_told_to_writer_reviewer_and_client_until_somebody_read_both(
        self, sign_in, pair, brands, by, now
    ):
        words = "The Filipino has not been changed since revision 1"
        with context.inside(brands.isla):
            statement = Statement.objects.get(pk=pair.pk)
            edit(statement, by.ana, now, ENGLISH + " We are with you.")
            reviewing.submit(statement, by=by.ana, now=now)
            latest = statement.latest
        assert words in sign_in("ana").get(at("statement", pair.pk)).text
        assert words in sign_in("lea").get(at("review", pair.pk)).text
        said = {"language": "fil", "revision_hash": latest.hash}
        assert sign_in("ana").post(at("statement_still_right", pair.pk), said).status_code == 303
        page = sign_in("lea").get(at("review", pair.pk)).text
        assert "Ana read both and says that it is still right" in page
        with context.inside(brands.isla):
            assert lagging.open_lags(latest) == []
            step = desk.active(statement)
            reviewing.decide(step, revision_hash=latest.hash, verdict="approved", by=by.lea, now=now)
            step = desk.active(statement)
        portal = sign_in("marta").get(reverse("portal:decision", args=["isla", step.pk])).text
        assert "Ana read both" in portal

    def test_a_reviewer_without_a_pen_cannot_say_so(self, sign_in, pair):
        said = {"language": "fil", "revision_hash": "x"}
        assert sign_in("nilo").post(at("statement_still_right", pair.pk), said).status_code in (403, 404)


class TestReading:
    def test_each_language_is_compared_with_itself(self, sign_in, pair, brands, by, now):
        with context.inside(brands.isla):
            edit(Statement.objects.get(pk=pair.pk), by.ana, now, ENGLISH + " Anew.")
        page = sign_in("lea").get(at("revision", pair.pk, 2)).text
        assert "<ins>" in page and "Newsroom, Filipino" in page and "unchanged" in page

    def test_the_client_reads_their_own_language_first(self, sign_in, pair, brands, by, now, people):
        with context.inside(brands.isla):
            statement = Statement.objects.get(pk=pair.pk)
            reviewing.submit(statement, by=by.ana, now=now)
            desk.decide(statement, by.lea, now)
            step = desk.active(statement)
        address = reverse("portal:decision", args=["isla", step.pk])
        page = sign_in("marta").get(address).text
        assert page.index("There was a fire"[6:]) < page.index("Kaninang 12:40")
        people.marta.language = "fil"
        people.marta.save(update_fields=["language"])
        page = sign_in("marta").get(address).text
        assert page.index("Kaninang 12:40") < page.index("there was a fire")
        assert "<title>Sunog sa MV Amihan" in page
        assert "Sunog sa MV Amihan" in sign_in("marta").get(reverse("portal:home", args=["isla"])).text
        assert page.index("Sunog sa MV Amihan</strong>") < page.index("Fire on MV Amihan</strong>")

    def test_the_preview_shows_both(self, sign_in, pair):
        page = sign_in("lea").get(reverse("responses:statement_preview", args=["isla", pair.pk])).text
        assert "Newsroom, English" in page and "Newsroom, Filipino" in page and "Sunog sa MV Amihan" in page

    def test_a_correction_begins_in_both(self, sign_in, pair, brands, by, now):
        with context.inside(brands.isla):
            Statement.objects.filter(pk=pair.pk).update(status="published")
        page = sign_in("ana").get(at("statement_follow", pair.pk, "correct")).text
        assert 'name="other" value="fil"' in page and f'name="text_{pair.news}_fil"' in page


def test_one_language_looks_as_before(sign_in, brands, by, now):
    with context.inside(brands.isla):
        statement = desk.draft(by.ana, now)
        drafting.revise(
            statement, base=1, title="T", language="fil", texts=desk.texts("Bago."), by=by.ana, now=now
        )
    page = sign_in("ana").get(at("statement", statement.pk)).text
    assert "Newsroom, Filipino" not in page and "Language of the text" in page
