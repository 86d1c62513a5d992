"""Run by tests in a process of its own: set a brand up and kill the process -9 at one exact place.

python -m tests.tenants.provision_and_die BRAND_ID STEP before|uncommitted|unnoted
"""

import os
import signal
import sys

import django


def die(brand=None):
    os.kill(os.getpid(), signal.SIGKILL)


def dying(step, where):
    """The step, ending this process before it, before its commit, or before it is noted as done."""
    from django.db import transaction

    def run(brand):
        if where == "before":
            die()
        with transaction.atomic():
            step(brand)
            if where == "uncommitted":
                die()
        die()

    return run


def main():
    brand_id, number, where = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    django.setup()
    from tenants import provisioning

    steps = list(provisioning.steps())
    steps[number] = dying(steps[number], where)
    provisioning.steps = lambda: iter(steps)
    provisioning.provision(brand_id)


if __name__ == "__main__":
    main()
