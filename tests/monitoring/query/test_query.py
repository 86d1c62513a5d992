"""What the query language means, and what it says when it does not understand."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from responses.monitoring.query import Post, QueryError, caret, compile_query, lint, matches, read
from responses.monitoring.query.lexer import LONGEST
from responses.monitoring.query.nodes import (
    And,
    Flag,
    In,
    Loose,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Raw,
    Reach,
    Wild,
    Word,
)
from responses.monitoring.query.parser import parse
from tests.monitoring.query.strategies import (
    every_node,
    looses,
    nears,
    nodes,
    oracle,
    phrases,
    posts,
    standing_at,
    texts,
    tokens_of,
    wilds,
    written,
)

a, b, c = Word("aa"), Word("bb"), Word("cc")


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("aa", a),
        ("aa bb", And((a, b))),
        ("aa AND bb cc", And((a, b, c))),
        ("aa bb OR cc", Or((And((a, b)), c))),
        ("aa (bb OR cc)", And((a, Or((b, c))))),
        ("aa NOT bb", And((a, Not(b)))),
        ("aa AND NOT NOT bb", And((a, b))),
        ("aa NOT (bb OR cc)", And((a, Not(Or((b, c)))))),
        ("((aa))", a),
        ('"aa bb"', Phrase((a, b))),
        ("“aa bb”", Phrase((a, b))),
        ('"aa"', a),
        ('"aa bb*"', Phrase((a, Prefix("bb")))),
        ("sun*", Prefix("sun")),
        ("na-hack*", Phrase((Word("na"), Prefix("hack")))),
        ("#Sunog", Word("#sunog")),
        ("@Ana.bsky.social", Phrase((Word("@ana"), Word("bsky"), Word("social")))),
        ("NIÑO", Word("nino")),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
        ('"AND"', Word("and")),
        ("Москва", Word("москва")),
        ("東京*", Prefix("東京")),
        ("w?rd", Wild("w?rd")),
        ("wo?d*", Wild("wo?d*")),
        ('"na h?ck"', Phrase((Word("na"), Wild("h?ck")))),
        ('"aa bb"~5', Loose((a, b), 5)),
        ("aa NEAR/5 bb", Near(a, b, 5)),
        ("aa ONEAR/0 (bb OR cc)", Near(a, Or((b, c)), 0, True)),
        ("aa NEAR/3f bb cc", And((Near(a, b, 3, True), c))),
        ("NOT aa NEAR/3 bb", Not(Near(a, b, 3))),
        ("{Air  Bank}", Raw("Air Bank")),
        ("😡👍🏽", Phrase((Word("😡"), Word("👍")))),
        ("🇵🇭", Word("🇵🇭")),
        ("Author:Niño", In("author", Word("nino"))),
        (
            'author:("Juan Cruz" OR ana*)',
            Or((In("author", Phrase((Word("juan"), Word("cruz")))), In("author", Prefix("ana")))),
        ),
        ("site:https://www.Rappler.com/", Flag("site:rappler.com")),
        ("lang:(Filipino OR en)", Or((Flag("lang:fil"), Flag("lang:en")))),
        ("reach>:10k", Reach(">", 10_000)),
        ("reach<=2,000", Reach("<=", 2_000)),
        ("verified:true", Flag("verified:yes")),
        ("Update: aa", And((Word("update"), a))),
    ],
)
def test_how_a_query_is_read(query, node):
    assert parse(query) == node


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("sunog", "May SUNOG sa pier!"),
        ("sunog", "#Sunog na naman"),
        ("#sunog", "grabe #SUNOG"),
        ("@ferryline", "hoy @FerryLine, nasaan kayo"),
        ("@ana.bsky.social", "salamat @Ana.bsky.social!"),
        ("niño", "Santo Nino ferry"),
        ("nino", "Santo Niño ferry"),
        ("cafe", "cafe\u0301"),
        ('"walang kwenta"', "sobrang walang  kwenta"),
        ("na-hack", "Na-hack ang account ko"),
        ("nahack*", "nahackan ako"),
        ("don't", "I don't know"),
        ("ferry NOT schedule", "ferry stranded"),
        ("(ferry OR barko) (sunog OR fire)", "nasa barko ang sunog"),
        ("straße", "STRASSE"),
        ("c", "C# and C++"),
        ("s?nog", "may SÚNOG"),
        ('"ibalik pera"~1', "pera na ibalik"),
        ("ferry NEAR/2 sunog", "sunog ang isang ferry"),
        ("ferry ONEAR/1 (apoy OR sunog)", "Ferry na sunog"),
        ("{AirBank}", "sa AirBank!"),
        ("{C++}", "mahirap ang C++11"),
        ("😡", "ano ba ❤️😡👍🏽"),
        ("👍", "ok👍🏿"),
    ],
)
def test_what_matches(query, text):
    assert compile_query(query).matches(text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("sunog", "nasunog"),
        ("#sunog", "sunog"),
        ("@ana", "mail to x@ana.ph"),
        ('"walang kwenta"', "kwenta walang"),
        ('"walang kwenta"', "walang masyadong kwenta"),
        ("ferry NOT schedule", "Ferry Schedule"),
        ("sun*", "nasunog"),
        ("ferry sunog", "ferry"),
        ("s?nog", "snog"),
        ("s?nog", "sunogan"),
        ('"ibalik pera"~1', "ibalik mo ang pera"),
        ("ferry NEAR/1 sunog", "sunog ang isang ferry"),
        ("ferry ONEAR/5 sunog", "sunog ang ferry"),
        ("aa NEAR/5 aa", "aa bb"),
        ("{AirBank}", "sa AIRBANK at AirBanker"),
        ("{Niño}", "Nino"),
        ("author:juan", "si juan"),
        ("lang:fil", "ang sunog"),
        ("reach<:10", "sunog"),
    ],
)
def test_what_does_not_match(query, text):
    assert not compile_query(query).matches(text)


POST = Post(
    text="Na-recall ang noodles https://t.co/x",
    title="Recall ng pagkain",
    author="Maria Santos",
    url="https://news.abs-cbn.com/2026/noodles-recall",
    source="rss",
    source_name="ABS-CBN feed",
    language="tl",
    country="PH",
    sentiment="negative",
    reach=10_000,
    verified=True,
    media=frozenset({"image"}),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('author:"maria santos"', True),
        ("author:recall", False),
        ("title:(recall pagkain)", True),
        ("title:noodles", False),
        ("noodles pagkain", True),
        ('"pagkain na"', False),  # not across title and text
        ("pagkain NEAR/9 noodles", False),
        ('"pagkain noodles"~9', False),
        ("url:noodles-recall", True),
        ("site:abs-cbn.com", True),
        ("site:cbn.com", False),
        ("lang:fil", True),
        ("lang:en", False),
        ("source:RSS", True),
        ('source:"abs-cbn FEED"', True),
        ("country:ph", True),
        ("sentiment:negative", True),
        ("sentiment:(neutral OR positive)", False),
        ("reach>:9999", True),
        ("reach>:10k", False),
        ("reach>=:10k reach<:1m", True),
        ("verified:yes has:image has:link", True),
        ("has:video", False),
        ("noodles NOT verified:no", True),
    ],
)
def test_what_is_known_of_a_post(query, found):
    assert compile_query(query).matches(POST) is found
    assert not compile_query(query).matches(Post(text="nothing is known"))


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("aa AND", 6, "ends too early"),
        ("aa OR OR bb", 6, "before OR"),
        ("AND aa", 0, "before AND"),
        ("aa NOT", 6, "ends too early"),
        ("aa NOT AND bb", 7, "before AND"),
        ("(aa OR bb", 0, "not closed"),
        ("aa (bb (cc)", 3, "not closed"),
        ("aa)", 2, "closes nothing"),
        ("()", 1, "was expected here, not “"),
        ('aa "bb', 3, "not closed"),
        ('aa ""', 3, "at least one word"),
        ("aa ”", 3, "never opened"),
        ("aa -bb", 3, "write NOT"),
        ("aa …!", 3, "no letter and no digit"),
        ("aa *", 3, "2 letters"),
        ("s*", 1, "2 letters"),
        ("aa-*", 3, "2 letters"),
        ("a*b", 1, "end of a word"),
        ("*bb", 0, "end of a word"),
        ("NOT aa", 0, "every mention without"),
        ("aa OR NOT bb", 0, "every mention without"),
        ("NOT (aa NOT bb)", 0, "every mention without"),
        ("(" * 41 + "aa" + ")" * 41, 40, "40 deep"),
        ("a" * (LONGEST + 1), LONGEST, "4096"),
        ("aa NEAR bb", 7, "as in NEAR/5"),
        ("aa NEAR/101 bb", 8, "At most 100"),
        ("NEAR/5 aa", 0, "before NEAR/5"),
        ("aa NEAR/5", 9, "ends too early"),
        ("aa NEAR/5 NOT bb", 10, "before NOT"),
        ("(aa bb) NEAR/5 cc", 0, "Beside NEAR"),
        ("aa NEAR/5 lang:en", 10, "Beside NEAR"),
        ('"aa bb"~', 8, "most words between"),
        ('"aa"~5', 4, "at least two words"),
        ('"aa bb"~999', 8, "At most 100"),
        ("roam~1", 4, "only after a phrase"),
        ("?ord", 0, "beginning of a word"),
        ("aa w??", 4, "2 letters were expected before the"),
        ("aa {Bank", 3, "not closed"),
        ("aa Bank}", 7, "closes nothing"),
        ("{+}", 0, "at least one word"),
        ("author:", 7, "with no blank"),
        ("author: juan", 7, "with no blank"),
        ("author:()", 8, "was expected here"),
        ("aa author:(title:bb)", 11, "word or a phrase"),
        ("author:(site:(aa))", 8, "field within a field"),
        ("aa country:Philippines", 11, "two letters"),
        ("lang:klingonisch", 5, "lang:fil"),
        ("sentiment:angry", 10, "negative, neutral, positive"),
        ("verified:maybe", 9, "yes"),
        ("has:cheese", 4, "image"),
        ("site:a/b", 5, "url:"),
        ("reach:100", 6, "reach>:1000"),
        ("reach>:many", 7, "A number"),
        ("author>:juan", 8, "Only reach"),
    ],
)
def test_a_mistake_is_pointed_at(query, position, words):
    with pytest.raises(QueryError, match=words) as caught:
        compile_query(query)
    assert caught.value.position == position


def test_the_caret_stands_under_the_mistake():
    assert caret("aa OR OR bb", 6) == "aa OR OR bb\n      ^"
    line, mark = caret("x" * 100 + "!" + "y" * 100, 100).split("\n")
    assert line[len(mark) - 1] == "!"
    assert len(line) == 72


def test_the_terms_to_highlight_are_the_wanted_ones():
    query = compile_query('ferry (sunog OR "na hack*") NOT drill NOT (aa NOT bb) ferry')
    assert query.terms == ("ferry", "sunog", "na hack*", "bb")


def test_a_query_of_common_words_is_known_as_such():
    assert compile_query("ang OR ferry").too_common
    assert not compile_query("ang ferry").too_common


@given(nodes, texts)
@settings(max_examples=400, deadline=None)
def test_the_evaluator_agrees_with_a_second_opinion(node, text):
    assert matches(node, read(text)) == oracle(node, text)


@given(nodes, texts)
@settings(max_examples=300, deadline=None)
def test_what_is_written_down_is_read_back_with_the_same_meaning(node, text):
    assert matches(parse(written(node)), read(text)) == matches(node, read(text))


@given(looses | nears | phrases | wilds, texts)
@settings(max_examples=600, deadline=None)
def test_what_stands_where_agrees_with_a_second_opinion(node, text):
    assert matches(node, read(text)) == bool(standing_at(node, tokens_of(text)))


@given(every_node, posts)
@settings(max_examples=400, deadline=None)
def test_everything_written_down_is_read_back_with_the_same_meaning(node, post):
    assert matches(parse(written(node)), read(post)) == matches(node, read(post))


@given(every_node, posts)
@settings(max_examples=400, deadline=None)
def test_whatever_matches_a_post_holds_an_anchor(node, post):
    assume(not matches(node, read(Post())))
    query, words = compile_query(written(node)), read(post)
    if query.matches_tokens(words):
        assert any(matches(anchor, words) for anchor in query.anchors)


@given(nodes)
@settings(max_examples=300, deadline=None)
def test_refused_are_exactly_the_queries_that_match_an_empty_text(node):
    query = written(node)
    if matches(node, read("")):
        with pytest.raises(QueryError, match="every mention without"):
            compile_query(query)
    else:
        assert compile_query(query).anchors


@given(nodes, texts)
@settings(max_examples=300, deadline=None)
def test_whatever_matches_holds_an_anchor(node, text):
    assume(not matches(node, read("")))
    query, words = compile_query(written(node)), read(text)
    if query.matches_tokens(words):
        assert any(matches(anchor, words) for anchor in query.anchors)


@given(st.text(max_size=60) | st.text(alphabet='ab*?"()#@-~/{}:<>5“” ANDORTE\n', max_size=60))
@settings(max_examples=600, deadline=None)
def test_any_text_is_a_query_or_a_mistake_at_a_place_in_it(text):
    try:
        compile_query(text).matches(text)
        assert all(0 <= advice.position < len(text) for advice in lint(text))
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        assert caret(text, error.position)
