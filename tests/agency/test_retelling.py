"""What the worker wrote in English is read in Filipino; what is not ours stays."""

import pytest
from django.template import Context, Template
from django.utils import translation

from agency.retelling import retell


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("The server does not answer.", "Hindi sumasagot ang server."),
        ("The server took longer than 15 seconds.", "Lumampas sa 15 segundo ang server."),
        ("The server has a fault. (HTTP 503)", "May problema ang server. (HTTP 503)"),
        ("There is no server called a.example.", "Walang server na a.example."),
        ("Bluesky refused: Profile not found", "Tumanggi ang Bluesky: Profile not found"),
        ("It could not be read back: Bluesky's server could not be reached.",
         "Hindi ito mabasa pabalik: Hindi maabot ang server ng Bluesky."),
        ("connection reset by peer", "connection reset by peer"),
        ("Marta approved", "Marta approved"),
        ("100 % of it, %(who)s", "100 % of it, %(who)s"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_kept_sentence_is_told_in_filipino(kept, told):
    with translation.override("fil"):
        assert retell(kept) == told
    assert retell(kept) == kept


def test_a_page_escapes_what_it_retells():
    with translation.override("fil"):
        page = Template("{{ error|retold }}").render(Context({"error": "Bluesky refused: <b>"}))
    assert page == "Tumanggi ang Bluesky: &lt;b&gt;"
