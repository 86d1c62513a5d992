"""The lint on what professionals would write: the sound passes, the faulty is caught for the right reason."""

from . import corpus

SOUND, FAULTY = ("sound_en", "sound_fil"), ("faulty_en", "faulty_fil")


def test_there_are_thirty_of_either_kind_in_both_languages():
    for names in (SOUND, FAULTY):
        assert [len(corpus.read(name)) for name in names] == [15, 15]
    everything = [row["text"] for row in corpus.read(*SOUND, *FAULTY, "held_out")]
    assert len(set(everything)) == len(everything) == 80


def test_of_thirty_sound_statements_at_most_three_are_flagged():
    assert len(corpus.flagged(corpus.read(*SOUND))) <= 3, corpus.flagged(corpus.read(*SOUND))


def test_of_thirty_faulty_ones_at_least_twenty_seven_are_caught_for_the_right_reason():
    assert len(corpus.missed(corpus.read(*FAULTY))) <= 3, corpus.missed(corpus.read(*FAULTY))


def test_on_twenty_that_the_rules_were_not_made_with_it_does_nearly_as_well():
    """Written before the rules and looked at once, when they were done: none flagged, one fault missed."""
    rows = corpus.read("held_out")
    sound = [row for row in rows if "wrong" not in row]
    faulty = [row for row in rows if "wrong" in row]
    assert (len(sound), len(faulty)) == (10, 10)
    assert len(corpus.flagged(sound)) <= 1
    assert len(corpus.missed(faulty)) <= 2


def test_it_says_where_the_words_are():
    for row in corpus.read(*FAULTY):
        texts = {"newsroom": row["text"].strip(), "bluesky": row.get("short", "").strip()}
        for finding in corpus.findings(row):
            if finding.passage:
                assert finding.passage in texts[finding.variant], (row["name"], finding)
