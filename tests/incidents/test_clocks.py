"""The clocks on the wall, with a minute more and a minute less."""

from datetime import timedelta

import pytest

from responses.core import history
from responses.incidents import lifecycle
from responses.incidents.clocks import clocks
from responses.incidents.severity import PROMISES


def after(now, minutes):
    return now + timedelta(minutes=minutes)


def state(incident, label, now):
    clock = next(clock for clock in clocks(incident, now) if clock.label == label)
    return clock.state, clock.value


def publish(incident, by, at, type_="holding"):
    history.record("statement.drafted", by=by.ana, now=at, incident=incident, title="x", type=type_)
    history.record("statement.published", by=by.ana, now=at, incident=incident, title="x", type=type_)


def test_noticed_runs_from_the_first_mention_to_the_alert(incident, now):
    assert state(incident, "Noticed", now) == ("ok", "3 min")


def test_an_incident_opened_by_hand_was_noticed_by_hand(isla, by, now):
    incident = lifecycle.open_incident(title="A call", severity=3, by=by.lea, now=now)
    assert state(incident, "Noticed", now) == ("ok", "by hand")


@pytest.mark.parametrize(("minutes", "expected"), [(5, ("ok", "5 min")), (6, ("late", "6 min"))])
def test_acknowledged_in_time_or_late(minutes, expected, incident, by, now):
    lifecycle.acknowledge(incident, by=by.lea, now=after(now, minutes))
    assert state(incident, "Acknowledged", after(now, 60)) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(10, ("waiting", "20 min left")), (30, ("waiting", "0 s left")), (41, ("late", "11 min late"))],
)
def test_the_holding_statement_is_waited_for(minutes, expected, incident, now):
    assert state(incident, "Holding statement", after(now, minutes)) == expected


@pytest.mark.parametrize("type_", ["holding", "full"])
def test_any_first_word_stops_the_holding_clock(type_, incident, by, now):
    publish(incident, by, after(now, 29), type_)
    assert state(incident, "Holding statement", after(now, 200)) == ("ok", "29 min")


def test_out_on_one_channel_is_a_public_word(incident, by, now):
    history.record("publication.sent", by=by.ana, now=after(now, 12), incident=incident, statement=5)
    assert state(incident, "Holding statement", after(now, 50)) == ("ok", "12 min")


def test_only_a_full_statement_stops_the_full_clock(incident, by, now):
    publish(incident, by, after(now, 20), "holding")
    for type_ in ("update", "correction", "customer"):
        publish(incident, by, after(now, 25), type_)
    assert state(incident, "Full statement", after(now, 30))[0] == "waiting"
    publish(incident, by, after(now, 69), "full")
    assert state(incident, "Full statement", after(now, 100)) == ("ok", "1 h 09")


def test_the_next_update_is_counted_from_the_last_word(incident, by, now):
    assert state(incident, "Next public update", now) == ("waiting", "–")
    publish(incident, by, now)
    assert state(incident, "Next public update", after(now, 10))[0] == "waiting"
    assert state(incident, "Next public update", after(now, 121)) == ("late", "1 min late")
    publish(incident, by, after(now, 122), "update")
    assert state(incident, "Next public update", after(now, 123))[0] == "waiting"


def test_a_raised_level_brings_the_promise_forward_from_the_raise(isla, by, now):
    incident = lifecycle.open_incident(title="Smoke", severity=2, by=by.lea, now=now)
    assert state(incident, "Holding statement", after(now, 60))[1] == "3 h 00 left"
    lifecycle.set_severity(incident, 4, reason="fire", by=by.lea, now=after(now, 60))
    assert state(incident, "Holding statement", after(now, 61))[1] == "29 min left"


def test_a_lowered_level_takes_back_no_promise(incident, by, now):
    lifecycle.set_severity(incident, 2, reason="smoke", by=by.lea, now=after(now, 5))
    assert state(incident, "Holding statement", after(now, 40)) == ("late", "10 min late")


def test_a_raise_afterwards_judges_nothing_that_was_done(isla, by, now):
    incident = lifecycle.open_incident(title="Smoke", severity=2, by=by.lea, now=now)
    lifecycle.acknowledge(incident, by=by.lea, now=after(now, 50))
    lifecycle.set_severity(incident, 4, reason="fire", by=by.lea, now=after(now, 55))
    assert state(incident, "Acknowledged", after(now, 90)) == ("ok", "50 min")


def test_clocks_stop_when_it_is_resolved(incident, by, now):
    lifecycle.resolve(incident, resolution="out", by=by.lea, now=after(now, 20))
    assert state(incident, "Holding statement", after(now, 900)) == ("ok", "–")
    assert state(incident, "Acknowledged", after(now, 900)) == ("late", "20 min")


def test_what_was_late_when_it_was_resolved_stays_late(incident, by, now):
    lifecycle.resolve(incident, resolution="out", by=by.lea, now=after(now, 40))
    assert state(incident, "Holding statement", after(now, 900)) == ("late", "10 min late")


def test_resolving_straight_away_is_seeing_it(incident, by, now):
    lifecycle.resolve(incident, resolution="a false alarm", by=by.lea, now=after(now, 2))
    assert state(incident, "Acknowledged", after(now, 900)) == ("ok", "2 min")
    lifecycle.reopen(incident, by=by.lea, now=after(now, 2880))
    assert state(incident, "Acknowledged", after(now, 2881)) == ("ok", "2 min")


def test_nothing_was_promised_while_it_was_resolved(incident, by, now):
    publish(incident, by, now)
    lifecycle.resolve(incident, resolution="out", by=by.lea, now=after(now, 60))
    assert state(incident, "Next public update", after(now, 900)) == ("ok", "–")
    lifecycle.reopen(incident, by=by.lea, now=after(now, 2880))
    assert state(incident, "Next public update", after(now, 2880 + 119))[0] == "waiting"
    assert state(incident, "Next public update", after(now, 2880 + 121)) == ("late", "1 min late")


def test_what_was_only_contained_promised_all_the_while(incident, by, now):
    publish(incident, by, now)
    lifecycle.acknowledge(incident, by=by.lea, now=now)
    lifecycle.contain(incident, by=by.lea, now=after(now, 60))
    lifecycle.reopen(incident, by=by.lea, now=after(now, 110))
    assert state(incident, "Next public update", after(now, 121)) == ("late", "1 min late")


def test_a_memo_to_staff_keeps_no_promise_to_the_public(incident, by, now):
    publish(incident, by, after(now, 5), "memo")
    told = {"incident": incident, "statement": 5, "type": "memo"}
    history.record("publication.sent", by=by.ana, now=after(now, 5), **told)
    assert state(incident, "Holding statement", after(now, 10)) == ("waiting", "20 min left")
    assert state(incident, "Next public update", after(now, 10)) == ("waiting", "–")


def test_higher_levels_promise_sooner():
    for name in ("acknowledge", "holding", "update"):
        minutes = [getattr(PROMISES[level], name) for level in (2, 3, 4)]
        assert minutes == sorted(minutes, reverse=True)
