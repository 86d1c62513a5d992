"""Server-sent events, as https://html.spec.whatwg.org/multipage/server-sent-events.html says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 1024 * 1024  # letters of one event; a status has thousands


@dataclass(frozen=True)
class Event:
    """One event; a comment, which servers send as a sign of life, has neither name nor data."""

    name: str = ""
    data: str = ""


def events(lines: Iterable[str]) -> Iterator[Event]:
    """The events in the order they came. One that is too long comes without its data."""
    name, length = "", 0
    data: list[str] = []
    for line in lines:
        if line.startswith(":"):
            yield Event()
            continue
        if not line:
            if length:  # no data, no event
                yield Event(name or "message", "\n".join(data) if length <= LONGEST else "")
            name, data, length = "", [], 0
            continue
        field, _colon, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value[:100]
        elif field == "data":
            length += len(value)
            if length <= LONGEST:
                data.append(value)
