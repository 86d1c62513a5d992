"""Which seed a random test takes: the same one in every plain run, so that what lands is what was tested.

`make soak` takes a new one each time and prints it; TUGON_SEED repeats a run.
"""

import os
import random

PLAIN = "2026"


def chosen_seed() -> str:
    fresh = str(random.SystemRandom().randrange(10**9)) if os.environ.get("TUGON_SOAK") else PLAIN
    return os.environ.get("TUGON_SEED") or fresh
