"""The spike detector: silent in ordinary life, quick in a burst, causal always."""

import csv
import json
import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from responses.monitoring.spikes import ALARM, DAY, FEWEST, REST, Detector

START = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(minutes=5)
WEEKS = 3
NOISE = random.Random()


@pytest.fixture(autouse=True)
def the_same_noise():
    """Each test draws the same, whatever ran before it."""
    NOISE.seed(7)


def poisson(mean: float, draw=NOISE) -> int:
    """Knuth's draw; above 100 its normal neighbour."""
    if mean > 100:
        return max(round(draw.gauss(mean, math.sqrt(mean))), 0)
    limit, product, count = math.exp(-mean), draw.random(), 0
    while product > limit:
        product, count = product * draw.random(), count + 1
    return count


def season(i: int) -> float:
    """Busy at noon, quiet at night."""
    return 20 - 18 * math.cos(2 * math.pi * i / DAY)


def scores(values, detector=None, first=0):
    detector = detector or Detector()
    return [detector.update(START + (first + i) * STEP, value) for i, value in enumerate(values)]


def alarms(values) -> list[int]:
    return [i for i, score in enumerate(scores(values)) if score >= ALARM]


def weeks(of, count=WEEKS) -> list[int]:
    return [of(i) for i in range(count * 7 * DAY)]


ORDINARY = {
    "silence": lambda i: 0,
    "constant": lambda i: 40,
    "flat": lambda i: poisson(8),
    "rare": lambda i: poisson(0.05),
    "seasonal": lambda i: poisson(season(i)),
    "slow growth": lambda i: poisson(season(i) * (1 + i / (21 * DAY))),
}


@pytest.mark.parametrize("life", ORDINARY)
def test_ordinary_life_is_silent(life):
    assert len(alarms(weeks(ORDINARY[life]))) <= 1


@pytest.mark.parametrize("life", ORDINARY)
def test_a_burst_is_told_within_three_samples_and_once(life):
    values = weeks(ORDINARY[life])
    at = 17 * DAY + 100
    for i in range(at, at + 36):
        values[i] += 10 * round(season(i))
    told = [i for i in alarms(values) if at <= i < at + REST]
    assert len(told) == 1
    assert told[0] < at + 3


def test_a_burst_at_night_is_told_only_above_the_past_days_peak():
    values = weeks(lambda i: round(season(i)))
    night = 17 * DAY + 6
    for i in range(night, night + 12):
        values[i] = 30  # below the 38 of noon
    assert not [i for i in alarms(values) if night <= i < night + 24]
    for i in range(night, night + 12):
        values[i] = 80
    assert [i for i in alarms(values) if night <= i < night + 3]


def test_the_next_storm_is_a_storm_again():
    values = weeks(lambda i: poisson(10))
    first, second = 15 * DAY, 18 * DAY
    for at in (first, second):
        values[at : at + 24] = [400] * 24
    told = alarms(values)
    assert any(first <= i < first + 3 for i in told)
    assert any(second <= i < second + 3 for i in told)


def test_two_mentions_are_no_storm_where_there_are_none():
    values = [0] * (12 * DAY)
    values[10 * DAY : 10 * DAY + 2] = [2, FEWEST - 3]
    assert not alarms(values)
    values[10 * DAY : 10 * DAY + 2] = [2, FEWEST - 2]
    assert alarms(values) == [10 * DAY + 1]


def test_nothing_is_said_in_the_first_day():
    assert not alarms([poisson(5) for _ in range(DAY - 20)] + [1000] * 20)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    mean=st.sampled_from([0.1, 2, 30]),
    bursts=st.lists(st.tuples(st.integers(DAY, 3 * DAY - 1), st.integers(1, 10**6)), max_size=6),
    cut=st.integers(1, 3 * DAY - 1),
)
def test_later_rows_never_change_a_score(seed, mean, bursts, cut):
    draw = random.Random(seed)
    values = [poisson(mean, draw) for _ in range(3 * DAY)]
    for at, height in bursts:
        values[at] = height
    assert scores(values)[:cut] == scores(values[:cut])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), cut=st.integers(0, 2 * DAY), mean=st.sampled_from([0.1, 5, 200]))
def test_a_stored_state_carries_on_as_if_nothing_had_happened(seed, cut, mean):
    draw = random.Random(seed)
    values = [poisson(mean, draw) for _ in range(2 * DAY)]
    before = Detector()
    head = scores(values[:cut], before)
    after = Detector(json.loads(json.dumps(before.state())))
    assert head + scores(values[cut:], after, first=cut) == scores(values)
    assert len(json.dumps(after.state())) < 12_000


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats() | st.integers(-(10**30), 10**30), min_size=1, max_size=60))
def test_whatever_comes_the_score_is_between_nought_and_one(odd):
    detector = Detector()
    scores([poisson(5) for _ in range(DAY)], detector)
    after = scores([*odd, *[5] * 30], detector, first=DAY)
    assert all(0 <= score <= 1 for score in after)
    json.dumps(detector.state(), allow_nan=False)


def test_missing_samples_neither_alarm_nor_deafen():
    values, detector, told = weeks(lambda i: poisson(season(i))), Detector(), []
    at = 18 * DAY + 100
    values[at : at + 12] = [900] * 12
    for i, value in enumerate(values):
        missing = i % 17 == 0 or 9 * DAY < i < 10 * DAY + 50  # a hole here and there, and a day of nothing
        if not missing and detector.update(START + i * STEP, value) >= ALARM:
            told.append(i)
    assert len([i for i in told if i < at]) <= 1
    assert any(at <= i < at + 3 for i in told)


def test_the_alert_can_say_why():
    detector = Detector()
    scores([12] * 8 * DAY, detector)
    scores([120] * 3, detector, first=8 * DAY)
    why = detector.why()
    assert why.count == 360
    assert why.usual == pytest.approx(36, rel=0.01)
    assert why.factor == pytest.approx(10, rel=0.01)


def write(path, values):
    lines = [f"{START.replace(tzinfo=None) + i * STEP},{value}" for i, value in enumerate(values)]
    path.write_text("\n".join(["timestamp,value", *lines]) + "\n")
    return path


def read(path):
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_command_writes_one_score_per_row_and_a_cut_file_has_the_same(tmp_path):
    values = [poisson(4) for _ in range(4 * DAY)]
    values[3 * DAY + 9] = 500
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    call_command("backtest_spikes", str(write(tmp_path / "a.csv", values)), out=whole)
    call_command("backtest_spikes", str(write(tmp_path / "b.csv", values[: 3 * DAY + 10])), out=cut)
    assert list(read(whole)[0]) == ["timestamp", "value", "anomaly_score"]
    assert len(read(whole)) == len(values)
    assert read(cut) == read(whole)[: 3 * DAY + 10]
    assert float(read(cut)[-1]["anomaly_score"]) >= ALARM


@pytest.mark.parametrize(
    "text", ["", "when,count\n1,2\n", "timestamp,value\nyesterday,4\n", "timestamp,value\n2026-03-02,many\n"]
)
def test_the_command_says_what_it_cannot_read(tmp_path, text):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(CommandError, match="a.csv"):
        call_command("backtest_spikes", str(tmp_path / "a.csv"), out=tmp_path / "out.csv")
