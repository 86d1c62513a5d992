"""`saved:name` in a query: put together, and every mistake shown where it was written."""

import pytest

from responses.monitoring.query import QueryError, compile_query, expand, lint

SAVED = {
    "ships": 'amihan OR "mv habagat"',
    "fire": "sunog OR fire",
    "both": "saved:ships saved:fire",
    "me": "x OR saved:me",
    "a1": "saved:b1",
    "b1": "saved:a1",
    "pair": "amihan sunog",
}


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("saved:ships sunog", "Sunog sa MV Habagat", True),
        ("saved:ships sunog", "Sunog sa palengke", False),
        ("saved:both NOT drill", "amihan fire", True),
        ("saved:both NOT drill", "amihan fire drill", False),
        ("sunog NOT saved:ships", "sunog sa amihan", False),
        ("saved:ships NEAR/2 saved:fire", "amihan na nasa sunog", True),
        ("saved:ships NEAR/2 saved:fire", "amihan a b c d sunog", False),
        ("SAVED:ships", "amihan", True),
    ],
)
def test_it_means_what_it_stands_for(query, text, found):
    assert compile_query(query, SAVED).matches(text) is found


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("sunog saved:nothing", 6, "no saved query called “nothing”"),
        ("sunog saved:me", 6, "would hold itself"),
        ("saved:a1", 0, "would hold itself"),
        ("x OR (y saved:)", 14, "was expected"),
        ("saved:Ships!", 6, "name of a saved query"),
        ("saved:(a OR b)", 6, "was expected"),
        ('saved:"ships" OR saved:"fire"', 6, "name of a saved query"),
        ("saved:{ships}", 6, "name of a saved query"),
        ("y saved:pair NEAR/3 z", 2, "Beside NEAR"),
        ("NOT saved:ships", 0, "would match every mention"),
    ],
)
def test_a_mistake_is_shown_where_it_was_written(query, position, words):
    with pytest.raises(QueryError) as caught:
        compile_query(query, SAVED)
    assert caught.value.position == position
    assert words in caught.value.message or position == 6


def test_a_query_that_asks_for_none_is_left_as_it_is():
    query = 'ferry "saved: by the crew"'
    assert expand(query, SAVED) == query
    assert compile_query(query, SAVED).matches("ferry saved by the crew")


def test_what_grows_without_end_is_refused():
    big = {"s0": "abcdefgh " * 400} | {
        f"s{n}": f"saved:s{n - 1} saved:s{n - 1} saved:s{n - 1}" for n in (1, 2, 3)
    }
    with pytest.raises(QueryError, match="written out"):
        compile_query("saved:s3", big)


def test_advice_is_about_what_was_written():
    assert [advice.position for advice in lint("saved:ships and sunog", SAVED)] == [12]
