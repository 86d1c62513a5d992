"""100,000 rules of 1,000 brands against short posts, beside trying every rule."""

import random
import statistics
import time

from responses.monitoring.matching import RuleIndex
from responses.monitoring.query import compile_query, read

from .figures import SEED, figure, line

BRANDS, RULES_EACH, TOKENS = 1_000, 100, 15
POSTS, NAIVE_POSTS, ROUNDS = 3_000, 3, 5
OWN = 3  # names of a brand, its products and people
SHAPES = [  # of a hundred rules: {own} is one of the brand's names, {a} {b} {c} are words all care about
    (40, "{own} ({a} OR {b} OR {c})"),
    (15, "{own} ({a} OR {b}) NOT {c}"),
    (15, "{own} ({a} OR {b})"),
    (10, '{own} ("{a} {b}" OR {c})'),
    (5, "{own} {a}*"),
    (5, "{own} NEAR/5 ({a} OR {b})"),
    (5, '"{a} {b}" NOT {c}'),
    (5, "{a} ({b} OR {c}) {rare}"),
]


def vocabulary(draw):
    syllables = [c + v for c in "bdghklmnprstwy" for v in "aeiou"]
    return list(
        dict.fromkeys("".join(draw.choices(syllables, k=draw.choice((2, 3, 3, 4)))) for _ in range(30_000))
    )


def stage(dense: bool):
    """The rules, and posts drawn so that about 26 (dense) or 4 of them match each post."""
    draw = random.Random(SEED)
    words = vocabulary(draw)
    own, words = words[: BRANDS * OWN], words[BRANDS * OWN :]
    topics = words[:400]
    common, weights = ([1 / (rank + 10) for rank in range(len(each))] for each in (topics, words))
    rules = []
    for brand in range(BRANDS):
        names = own[brand * OWN : brand * OWN + OWN]
        written = (
            _rule(draw, draw.choice(names), topics, common, n, draw.choice(words)) for n in range(RULES_EACH)
        )
        rules += [((brand, number), compile_query(query)) for number, query in enumerate(written)]
    posts = []
    for _ in range(POSTS):
        brand = draw.randrange(BRANDS - 1) * OWN  # a dense post is about two rivals at once
        tokens = own[brand : brand + 2 * OWN] if dense else [own[brand]]
        tokens += draw.choices(topics, common, k=9 if dense else 1)
        tokens += draw.choices(words, weights, k=TOKENS - len(tokens))
        draw.shuffle(tokens)
        posts.append(" ".join(tokens).capitalize())
    return rules, posts


def _rule(draw, name, topics, weights, number, rare):
    a, b, c = draw.choices(topics, weights, k=3)
    for share, shape in SHAPES:
        if number < share:
            return shape.format(own=name, a=a, b=b, c=c, rare=rare)
        number -= share
    raise AssertionError(number)


def measured(dense: bool):
    """Posts a second by the index and by trying every rule, and how many rules match a post."""
    rules, posts = stage(dense)
    index = RuleIndex(rules)
    found = sum(len(index.match(post)) for post in posts)
    ours = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for post in posts:
            index.match(post)
        ours.append(time.perf_counter() - start)
    start = time.perf_counter()
    for post in posts[:NAIVE_POSTS]:
        words = read(post)
        expected = {rule_id for rule_id, query in rules if query.matches_tokens(words)}
        assert index.match(post) == expected, post
    naive = NAIVE_POSTS / (time.perf_counter() - start)
    return POSTS / statistics.median(ours), naive, found / POSTS


@figure
def matching():
    """100,000 rules of 1,000 brands: posts a second on one core, against trying every rule."""
    for dense, goal in ((True, 10_000), (False, 40_000)):
        ours, naive, _found = measured(dense)
        yield line(f"matching.{'dense' if dense else 'sparse'}_per_s", ours, "posts/s", naive, goal)
