"""A pack names whose suggested words are in a revision, and whoever wrote some may not have approved it."""

from responses.publishing.evidence import verifying


def pack(approver):
    step = {"position": 1, "function": "client", "status": "passed"}
    given = {"verdict": "approved", "revision_hash": "h", "by": {"id": approver, "name": approver}}
    return {
        "revision": {"number": 2, "hash": "h"},
        "written": [
            {"revision": 1, "by": {"id": "ana"}},  # as packs were before suggestions
            {"revision": 2, "by": {"id": "ana"}, "with_words_by": [{"id": "marta", "name": "Marta"}]},
            {"revision": 3, "by": {"id": "ana"}, "with_words_by": [{"id": "jun", "name": "Jun"}]},
        ],
        "reviews": [{"revision": 2, "status": "passed", "steps": [step | {"decisions": [given]}]}],
    }


def flaws(approver):
    return list(verifying.approvals(pack(approver), verifying.Verdict()))


def test_whose_words_are_in_it_wrote_part_of_it():
    assert flaws("marta") == ["marta approved what they wrote."]
    assert flaws("ana") == ["ana approved what they wrote."]


def test_others_may_approve_and_so_may_who_wrote_only_later():
    assert flaws("nilo") == flaws("jun") == []
