"""Is a pack what it says it is? Needs the file alone: no database, no network, nothing of Django.

Each check says in words what does not hold. A pack whose text, decisions and chain agree could still have
been written whole by a forger, hence the signature; and a key inside the pack proves nothing about whose it
is, hence `trusted`, the keys got from the agency another way.
"""

import base64
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "tugon-evidence/1"
PASSED, APPROVED = "passed", "approved"
SILENCE = "silence"  # of a step that passes when nobody objects in time
AGREED = {APPROVED, SILENCE}
DECIDED = {
    APPROVED: {"review.step_passed", "review.approved_in_part"},
    "changes": {"review.step_returned"},
    SILENCE: {"review.passed_in_silence"},
}


@dataclass
class Verdict:
    """What was found: `flaws` in words, and facts of the pack worth printing."""

    flaws: list[str] = field(default_factory=list)
    key: str = ""
    approvals: int = 0
    events: int = 0
    links: int = 0

    @property
    def holds(self) -> bool:
        return not self.flaws


def verify(raw: bytes, trusted: Collection[str] = ()) -> Verdict:
    """All that does not hold in a pack; `trusted` are public keys the reader knows to be the agency's."""
    verdict = Verdict()
    pack = read(raw)
    if not isinstance(pack, dict) or pack.get("format") != FORMAT:
        verdict.flaws.append("This is not an evidence pack of this kind, or it is damaged.")
        return verdict
    for check in (sealed, wording, pictures, approvals, chain, agreement):
        try:
            verdict.flaws += check(pack, verdict)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            verdict.flaws.append(f"A part is missing or damaged ({check.__name__}: {error!r}).")
    if verdict.key and trusted and verdict.key not in trusted:
        verdict.flaws.append("It is signed with a key that is not among those you trust.")
    return verdict


def read(raw: bytes):
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def spelled(value) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(pack: dict, verdict: Verdict) -> Iterator[str]:
    """The signature is over everything but itself."""
    seal, body = pack["seal"], spelled({name: value for name, value in pack.items() if name != "seal"})
    verdict.key = seal["key"]
    if sha256(body) != seal["sha256"]:
        yield "The pack was changed after it was made."
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(seal["key"], validate=True))
        key.verify(base64.b64decode(seal["signature"], validate=True), body)
    except InvalidSignature:
        yield "The signature is not of this pack."


def wording(pack: dict, _verdict: Verdict) -> Iterator[str]:
    """The text's hash, taken anew, is the one that was approved; what went out is that text."""
    revision, publication = pack["revision"], pack["publication"]
    if sha256(spelled(revision["content"])) != revision["hash"]:
        yield "The text does not have the hash that was approved."
    if publication["approved_hash"] != revision["hash"]:
        yield "What went out is not the revision in this pack."
    content, channel = revision["content"], publication["channel"]
    versions = {each["language"]: each["variants"] for each in (content, *content.get("also", ()))}
    first = {"language": publication.get("language", content["language"]), "text": publication["text"]}
    for told in (first, *publication.get("also", ())):
        if [channel["id"], channel["kind"], told["text"]] not in versions.get(told["language"], ()):
            yield "The text that went out is not the revision's text for this channel."


def pictures(pack: dict, _verdict: Verdict) -> Iterator[str]:
    """Every picture of the text is in the pack and is the one whose hash was approved; no other went out."""
    approved = {each["sha256"]: each for each in pack["revision"]["content"].get("images", [])}
    inside = [base64.b64decode(each["data"], validate=True) for each in pack["revision"].get("images", [])]
    if [sha256(data) for data in inside] != list(approved):
        yield "The pictures in this pack are not the ones that were approved."
    channel, sent = pack["publication"]["channel"]["id"], pack["publication"].get("images", [])
    for name in sent:
        if name not in approved:
            yield "A picture went out that was not approved."
        elif channel in approved[name]["left_out"]:
            yield "A picture went out on a channel that it was not approved for."


def approvals(pack: dict, verdict: Verdict) -> Iterator[str]:
    """Every step passed by people who had exactly this text before them and had written none of it."""
    number, expected = pack["revision"]["number"], pack["revision"]["hash"]
    review = next((each for each in pack["reviews"] if each["revision"] == number), None)
    if review is None or review["status"] not in {PASSED, "voided"} or not review["steps"]:
        yield "There is no review of this revision that passed."
        return
    writings = [each for each in pack["written"] if each["revision"] <= number]
    writers = {who["id"] for each in writings for who in (each["by"], *each.get("with_words_by", ()))}
    for step in review["steps"]:
        given = [each for each in step["decisions"] if each["verdict"] in AGREED]
        verdict.approvals += len(given)
        if step["status"] != PASSED or not given:
            yield f"Step {step['position']} ({step['function']}) was not approved."
        else:
            yield from lacking(step, given)
        for each in given:
            if each["revision_hash"] != expected:
                yield f"{each['by']['name']} approved another text."
            if each["by"]["id"] in writers:
                yield f"{each['by']['name']} approved what they wrote."


def lacking(step: dict, given: list[dict]) -> Iterator[str]:
    """Of each function that the step asked, as many persons as it asked; older packs ask one in all."""
    if any(each["verdict"] == SILENCE for each in given):
        if not step.get("silence_minutes"):
            yield f"Step {step['position']} passed by silence and was not one that may."
        return
    for group in step.get("groups", ()):
        fitting = [each for each in given if each.get("function", step["function"]) == group["function"]]
        if len({each["by"]["id"] for each in fitting}) < (group["need"] if group["mode"] == "some" else 1):
            yield f"Step {step['position']} lacks an approval: {group['function']}."


def chain(pack: dict, verdict: Verdict) -> Iterator[str]:
    """Each link holds on to the one before, and each event whole has the hash its link says."""
    links, events = pack["history"]["links"], pack["history"]["events"]
    verdict.links, verdict.events = len(links), len(events)
    by_seq = {seq: (previous, own) for seq, previous, own in links}
    for (seq, _before, own), (following, previous, _own) in zip(links, links[1:], strict=False):
        if following != seq + 1 or previous != own:
            yield f"The history does not hold together between event {seq} and event {following}."
    for event in events:
        previous, own = by_seq.get(event["seq"], ("", ""))
        if hashlib.sha256(previous.encode() + spelled(event)).hexdigest() != own:
            yield f"Event {event['seq']} ({event['kind']}) is not as it was written."


def agreement(pack: dict, _verdict: Verdict) -> Iterator[str]:
    """What the pack says of decisions and of the publication, history says too."""
    events = pack["history"]["events"]
    decided = {(each["kind"], each["actor"][0], utc(each["at"])) for each in events}
    for review in pack["reviews"]:
        for step in review["steps"]:
            for each in step["decisions"]:
                fitting = {(kind, each["by"]["id"], utc(each["at"])) for kind in DECIDED[each["verdict"]]}
                if not fitting & decided:
                    yield f"History knows nothing of the decision of {each['by']['name']}."
        for each in review.get("seen", []):
            if ("statement.seen", each["by"]["id"], utc(each["at"])) not in decided:
                yield f"History knows nothing of {each['by']['name']} having seen the text."
    told = [each for each in events if each["subject"] == ["publication", pack["publication"]["id"]]]
    if not any(each["kind"] == "publication.queued" for each in told):
        yield "History knows nothing of this publication."
    if any(each["data"].get("hash", pack["revision"]["hash"]) != pack["revision"]["hash"] for each in told):
        yield "History names another text for this publication."


def utc(at: str) -> str:
    return at.removesuffix("Z").removesuffix("+00:00")
