"""One text with all that is read out of it, worked out once and only when asked for."""

import re
from functools import cached_property

from .findings import Text
from .moments import moments
from .numbers import EMAIL, LINK, read
from .tokens import Words

_QUESTION = re.compile(r"^\s*(?:q|t|tanong|question)\s*[:.]|\?\s*$", re.I | re.M)
FINDERS = ("time", "phone", "email", "link", "number", "question")


class Page:
    def __init__(self, text: Text):
        self.given = text
        self.text = text.text

    @cached_property
    def words(self) -> Words:
        return Words(self.text)

    @cached_property
    def moments(self):
        return moments(self.text)

    @cached_property
    def found(self):
        return read(self.words)

    @cached_property
    def links(self) -> list[tuple[int, int, str]]:
        """The addresses a reader could follow; the part of an e-mail address after the @ is none."""
        mails = [found.span() for found in EMAIL.finditer(self.text)]
        found = []
        for each in LINK.finditer(self.text):
            address = each.group().rstrip(".,;:!?)’'\"")
            if not any(start <= each.start() < end for start, end in mails):
                found.append((each.start(), each.start() + len(address), address))
        return found

    def places(self, finder: str) -> list[int]:
        """Where something of this kind begins in the text."""
        if finder == "time":
            return [one.start for one in self.moments]
        if finder == "phone":
            return [start for start, _end, _digits in self.found.phones]
        if finder == "email":
            return [found.start() for found in EMAIL.finditer(self.text)]
        if finder == "link":
            return [start for start, _end, _address in self.links]
        if finder == "number":
            return [one.start for one in self.found.numbers]
        return [found.start() for found in _QUESTION.finditer(self.text)]

    def sentences_with(self, finder: str) -> set[int]:
        return {self.words.sentence_at(place) for place in self.places(finder)}
