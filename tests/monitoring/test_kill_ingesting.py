"""The process that takes mentions in is killed at random, again and again: none is lost, none doubled."""

import os
import random
import time

from responses.core import history
from responses.core.models import Event
from responses.monitoring import ruling, sourcing
from responses.monitoring.locking import all_taken_in
from responses.monitoring.models import Match, Mention
from responses.monitoring.query import compile_query
from tests.bench import talking
from tests.cast import NOW
from tests.forking import Forker
from tests.monitoring.agreeing import assert_counts_agree
from tests.monitoring.taker import BATCHES, SIZE
from tests.seeds import chosen_seed

KILLS = int(os.environ.get("TUGON_KILLS_INGESTING", "6"))
LONGEST_LIFE = 0.8  # seconds


def test_killed_at_random_all_is_taken_in_once(committed_brand):
    seed = chosen_seed()
    print(f"seed {seed}")
    draw, by = random.Random(seed), committed_brand.by.lea
    for number, query in enumerate(talking.PARTS["queries"]):
        ruling.add_rule(name=f"Rule {number}", query=query, by=by, now=NOW)
    sourcing.add_source(kind="csv", name="File", config={}, by=by, now=NOW)
    with Forker("tests.monitoring.taker", committed_brand.brand.slug, seed, NOW.isoformat()) as taker:
        killed = 0
        for _time in range(KILLS):
            taker.go()
            time.sleep(draw.uniform(0, LONGEST_LIFE))  # the random moment is the point: nothing is waited for
            killed += taker.kill()
            all_taken_in()  # the server may still be at what the killed one asked for last
            assert_counts_agree()
        taker.go()
        taker.finish()
    assert killed
    assert_counts_agree()
    mentions = list(Mention.objects.select_related("source"))
    assert len(mentions) == BATCHES * SIZE
    queries = [compile_query(query) for query in talking.PARTS["queries"]]
    naive = sum(query.matches(ruling.as_post(mention)) for mention in mentions for query in queries)
    assert Match.objects.count() == naive > 0
    told = Event.objects.filter(kind="mention.ingested").values_list("data", flat=True)
    assert sum(data["new"] for data in told) == len(mentions)
    assert history.verify() == []
