"""`manage.py work`: an idle worker that is killed stops nothing, and the supervisor leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tenants import jobs, states, supervising
from tenants.models import Brand, Heartbeat

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="reads the process tree in /proc"
)
PATIENCE = 90


def until(condition, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.2)
    return pytest.fail(f"not within {seconds} s: {what}")


def processes():
    """(pid, parent, group, state) of every process."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent, group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if state != "Z":
                yield int(entry.name), int(parent), int(group)


def children(pid):
    return sorted(child for child, parent, _group in processes() if parent == pid)


def of_group(group):
    return [pid for pid, _parent, theirs in processes() if theirs == group]


def beat_since(moment):
    return Heartbeat.objects.filter(name="worker", beat_at__gt=moment).exists()


@pytest.fixture
def worker(environment):
    """A supervised worker on the test database, up and beating."""
    Heartbeat.objects.all().delete()
    began = timezone.now()
    words = [sys.executable, "-m", "django", "work"]
    process = subprocess.Popen(words, env=environment, cwd=settings.BASE_DIR)
    until(lambda: beat_since(began), 60, "the first beat")
    cluster = children(process.pid)[0]
    yield process, cluster
    if process.poll() is None:
        process.terminate()
        process.wait(40)
    for group in {cluster, *(pid for pid in of_group(cluster))}:
        assert not of_group(group)
    Heartbeat.objects.all().delete()


@pytest.mark.slow
def test_an_idle_worker_killed_dash_nine_does_not_stop_the_work(worker, order):
    process, cluster = worker
    sentinel = children(cluster)[0]
    idle = children(sentinel)[:2]  # the workers are started first, then monitor and pusher
    for pid in idle:
        os.kill(pid, signal.SIGKILL)
    brand = order()
    until(
        lambda: Brand.objects.filter(pk=brand.pk, status=states.ACTIVE).exists(),
        PATIENCE,
        "the job enqueued after the kill",
    )
    killed = timezone.now()
    until(lambda: beat_since(killed), PATIENCE, "the next beat")
    assert process.poll() is None


def test_a_cluster_that_dies_is_started_again(worker):
    process, cluster = worker
    os.kill(cluster, signal.SIGKILL)
    killed = timezone.now()
    until(lambda: beat_since(killed) and children(process.pid) != [cluster], 60, "a beat of a new cluster")
    assert not of_group(cluster), "what is left of the old one is ended"


def test_sigterm_ends_all_of_it_soon(worker):
    process, cluster = worker
    process.terminate()
    assert process.wait(30) == 0
    assert not of_group(cluster)


def test_a_supervisor_killed_dash_nine_leaves_no_cluster_behind(worker):
    process, cluster = worker
    process.kill()
    process.wait()
    until(lambda: not of_group(cluster), supervising.STOP_SECONDS + 10, "the end of the cluster")


# --- how the supervisor judges, without processes


class Silent(supervising.Supervisor):
    """A supervisor whose cluster is a note in a list."""

    def __init__(self, now, ended=None):
        super().__init__()
        self.started_at, self.restarts, self.ended = now, [], ended
        self.process = self

    def poll(self):
        return self.ended

    def restart(self, why, now):
        self.restarts.append(why)
        self.started_at, self.asked_at = now, None


@pytest.mark.django_db
def test_a_silent_cluster_is_restarted_after_its_time_and_not_before(now):
    supervisor = Silent(now)
    supervisor.look(now + supervising.DEAD_AFTER)
    assert supervisor.restarts == []
    supervisor.look(now + supervising.DEAD_AFTER + timedelta(seconds=1))
    assert len(supervisor.restarts) == 1
    supervisor.look(now + supervising.DEAD_AFTER * 2)
    assert len(supervisor.restarts) == 1, "a new cluster has its time again"


@pytest.mark.django_db
def test_one_canary_at_a_time(now, monkeypatch):
    sent = []
    monkeypatch.setattr(jobs, "enqueue", lambda name, **ids: sent.append(name))
    supervisor = Silent(now)
    for second in range(1, 40):
        supervisor.look(now + timedelta(seconds=second))
    assert sent.count("beat") == 1, "the first is not back yet"
    Heartbeat.objects.create(name="worker", beat_at=now + timedelta(seconds=41))
    supervisor.look(now + timedelta(seconds=42))
    assert sent.count("beat") == 2


@pytest.mark.django_db
def test_a_database_that_is_away_is_no_reason_to_kill(now, monkeypatch):
    from django.db import OperationalError

    supervisor = Silent(now)

    def away():
        raise OperationalError("away")

    monkeypatch.setattr(supervisor, "heard_at", away)
    monkeypatch.setattr(supervising.connection, "close", lambda: None)
    late = now + timedelta(minutes=5)
    supervisor.look(late)
    assert supervisor.restarts == []
    assert supervisor.started_at == late


@pytest.mark.django_db
def test_what_a_killed_cluster_held_is_given_back(now):
    from django_q.models import OrmQ

    jobs.enqueue("beat")
    OrmQ.objects.update(lock=timezone.now() + timedelta(minutes=5))
    assert supervising.give_back(timezone.now()) == 1
    assert not OrmQ.objects.filter(lock__gt=timezone.now()).exists()
