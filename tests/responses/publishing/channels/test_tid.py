"""Record keys: valid, the same for the same publication, later for a later one, and not shared."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from atproto_client.models.string_formats import TID_RE
from hypothesis import given
from hypothesis import strategies as st

from responses.publishing.channels.tid import ALPHABET, encode, record_key

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIRST, LAST = (datetime.fromisoformat(day) for day in ("1970-01-02", "2254-01-01"))
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
keys = st.text(max_size=60)


def decoded(tid):
    number = 0
    for letter in tid:
        number = number * 32 + ALPHABET.index(letter)
    return number


@given(moments, keys)
def test_a_key_is_a_valid_tid(created_at, key):
    assert re.fullmatch(TID_RE, record_key(created_at, key))


@given(moments, keys)
def test_the_key_holds_the_second_it_was_created_in(created_at, key):
    microseconds = decoded(record_key(created_at, key)) >> 10
    assert datetime.fromtimestamp(microseconds // 1_000_000, UTC) == created_at.replace(microsecond=0)


@given(moments, keys, st.integers(-12, 14))
def test_the_zone_it_is_written_in_changes_nothing(created_at, key, hours):
    elsewhere = created_at.astimezone(timezone(timedelta(hours=hours)))
    assert record_key(elsewhere, key) == record_key(created_at, key)


@given(moments, moments, keys, keys)
def test_a_later_second_sorts_later(one, other, key, other_key):
    seconds = [moment.replace(microsecond=0) for moment in (one, other)]
    if seconds[0] < seconds[1]:
        assert record_key(one, key) < record_key(other, other_key)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_letters_sort_as_numbers_do(one, other):
    assert (encode(one) < encode(other)) == (one < other)
    assert decoded(encode(one)) == one


def test_a_thousand_publications_released_together_keep_apart():
    assert len({record_key(NOON, f"publication-{number}") for number in range(1000)}) == 1000


def test_the_key_of_a_publication_never_changes():
    """Written down: another formula would publish again what is out already."""
    assert record_key(NOON, "publication-1") == "3mg37dt7uoi37"


@pytest.mark.parametrize("number", [-1, 2**63])
def test_what_a_tid_cannot_hold_is_refused(number):
    with pytest.raises(ValueError, match="TID"):
        encode(number)
