"""Filipino: who gets it unasked, how it writes numbers and days, and how it counts nothing."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from agency.templatetags.wording import duration_words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("fil-PH,en;q=0.5", "fil"),
        ("tl", "fil"),
        ("tl-PH,tl;q=0.9,en;q=0.5", "fil"),
        ("de,tl;q=0.8,en;q=0.5", "fil"),
        ("en-PH,tl;q=0.5", "en"),
        ("de", "en"),
    ],
)
def test_a_browser_is_given_the_language_it_asks_for(client, asked, given):
    page = client.get("/accounts/login/", headers={"accept-language": asked}).content.decode()
    assert f'<html lang="{given}"' in page


def test_each_language_is_named_in_its_own_words():
    page = Template('{% include "components/language.html" %}')
    with translation.override("fil"):
        shown = page.render(Context({"request": None}))
    assert ">English<" in shown and ">Filipino<" in shown


def test_numbers_and_days_follow_the_language():
    with translation.override("fil"):
        assert number_format(12345.5, force_grouping=True) == "12,345.5"
        assert date_format(date(2026, 11, 21), "j M Y") == "21 Nob 2026"
        assert date_format(date(2026, 5, 1)) == "1 Mayo 2026"
    with translation.override("en"):
        assert date_format(date(2026, 5, 1)) == "1 May 2026"


def test_nothing_is_counted_with_the_word_for_many():
    """Filipino's catalogue has the plural rule of ours: only exactly one is one."""
    with translation.override("fil"):
        none, one, two = (ngettext("One source needs you", "%(n)s sources need you", n) for n in range(3))
    assert one == "Kailangan ka ng isang source"
    assert none == two == "Kailangan ka ng %(n)s source"


def test_the_pages_of_the_libraries_speak_it_too():
    with translation.override("fil"):
        assert gettext("This field is required.") == "Kailangan ito."
        assert gettext("Two-Factor Authentication") == "Two-factor authentication"
        assert duration_words(4140) == "1 hr 09"
