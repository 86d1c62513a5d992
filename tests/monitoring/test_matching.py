"""The index of rules answers as trying each rule would, only sooner."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from responses.monitoring.matching import RuleIndex
from responses.monitoring.query import compile_query, matches, read
from tests.monitoring.query.strategies import every_node, nodes, posts, texts, written


def _askable(node):
    return not matches(node, read(""))


askable, anything = nodes.filter(_askable), every_node.filter(_askable)


@given(st.lists(askable, max_size=12), st.lists(texts, min_size=1, max_size=4))
@settings(max_examples=250, deadline=None)
def test_the_index_is_exact(rules, some_texts):
    queries = [(number, compile_query(written(node))) for number, node in enumerate(rules)]
    index = RuleIndex(queries)
    for text in some_texts:
        assert index.match(text) == {number for number, query in queries if query.matches(text)}


@given(st.lists(anything, max_size=12), st.lists(posts, min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_the_index_is_exact_with_everything_the_language_has(rules, some_posts):
    queries = [(("brand", number), compile_query(written(node))) for number, node in enumerate(rules)]
    index = RuleIndex(queries)
    for post in some_posts:
        assert index.match(post) == {rule_id for rule_id, query in queries if query.matches(post)}


@given(
    st.lists(st.tuples(st.integers(0, 6), st.none() | anything), max_size=25),
    st.lists(posts, min_size=1, max_size=3),
)
@settings(max_examples=250, deadline=None)
def test_a_rule_added_changed_or_removed_takes_effect_at_once(changes, some_posts):
    index, queries = RuleIndex(), {}
    for rule_id, node in changes:
        if node is not None:
            queries[rule_id] = compile_query(written(node))
            index.add(rule_id, queries[rule_id])
        elif rule_id in index:
            index.remove(rule_id)
            del queries[rule_id]
        assert len(index) == len(queries)
        for post in some_posts:
            assert index.match(post) == {key for key, query in queries.items() if query.matches(post)}
    for rule_id in queries:
        index.remove(rule_id)
    assert not (index._leaves or index._uses or index._pairs)  # nothing is left behind


def test_an_index_is_kept_to_the_rules_there_are():
    index = RuleIndex()
    index.keep_to({1: "sunog", 2: "usok", 3: "NOT this one"})
    before = index._rules[1]
    index.keep_to({1: "sunog", 2: "apoy"})
    assert index._rules[1] is before  # not compiled again
    assert index.match("sunog apoy usok") == {1, 2}
    assert index.match("usok") == set()
    index.keep_to({2: "OR"}, among=[2])
    assert index.match("sunog apoy") == {1}


def test_an_empty_index_and_an_empty_text():
    assert RuleIndex([]).match("sunog") == set()
    assert RuleIndex([("r", compile_query("sunog"))]).match("") == set()


def test_ten_thousand_rules_find_what_each_finds_alone():
    chance = random.Random(7)
    words = [f"w{chance.randrange(10**6):06}" for _ in range(5000)]
    rules = [
        (n, compile_query(f"{chance.choice(words)} ({chance.choice(words)} OR {chance.choice(words)})"))
        for n in range(10_000)
    ]
    many = RuleIndex(rules)
    for _ in range(5):
        text = " ".join(chance.choices(words, k=400))
        found = many.match(text)
        assert found == {n for n, query in rules if query.matches(text)}
        assert found
