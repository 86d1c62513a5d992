"""Which of many words, `sun*` and `w?rd` a word satisfies, without trying each."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

MOST_REMEMBERED = 200_000
Shape = tuple[int, tuple[int, ...], bool]  # how long, where each ? stands, whether the end is open


class _Remembered(dict[str, tuple[str, ...]]):
    """What a word satisfies, worked out when it is met first."""

    def __init__(self, look: Callable[[str], Iterator[str]]):
        super().__init__()
        self._look = look
        self.changes = 0

    def __missing__(self, word: str) -> tuple[str, ...]:
        before = self.changes
        self[word] = found = tuple(self._look(word))
        if self.changes != before:  # somebody has put a word in meanwhile: what was seen may be out of date
            self.pop(word, None)
        return found

    def forget(self, word: str) -> None:
        self.changes += 1
        self.pop(word, None)


class Patterns:
    """Patterns of one shape are found by one look: the word cut and masked as they are. A plain word is

    satisfied by itself. One thread changes them; any number may ask meanwhile.
    """

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._shapes: dict[Shape, dict[str, str]] = {}
        self._remembered = _Remembered(self._look)

    def __bool__(self) -> bool:
        return bool(self._count)

    def add(self, pattern: str) -> None:
        self._count[pattern] += 1
        if self._count[pattern] > 1:
            return
        if is_plain(pattern):
            self._remembered.forget(pattern)
        else:
            self._shapes.setdefault(_shape(pattern), {})[pattern.removesuffix("*")] = pattern
            self._remembered = _Remembered(self._look)

    def remove(self, pattern: str) -> None:
        self._count[pattern] -= 1
        if self._count[pattern]:
            return
        del self._count[pattern]
        if is_plain(pattern):
            self._remembered.forget(pattern)
            return
        shape = _shape(pattern)
        del self._shapes[shape][pattern.removesuffix("*")]
        if not self._shapes[shape]:
            del self._shapes[shape]
        self._remembered = _Remembered(self._look)

    def of(self, words: Iterable[str]) -> set[str]:
        """The patterns that any of the words satisfies."""
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered = _Remembered(self._look)
        return set().union(*map(self._remembered.__getitem__, words))

    def _look(self, word: str) -> Iterator[str]:
        if word in self._count:
            yield word
        for (length, gaps, is_open), bodies in list(self._shapes.items()):
            if len(word) == length or (is_open and len(word) > length):
                masked = word[:length]
                for gap in gaps:
                    masked = f"{masked[:gap]}?{masked[gap + 1 :]}"
                if masked in bodies:
                    yield bodies[masked]


def is_plain(pattern: str) -> bool:
    return "*" not in pattern and "?" not in pattern


def _shape(pattern: str) -> Shape:
    body = pattern.removesuffix("*")
    gaps = tuple(at for at, char in enumerate(body) if char == "?")
    return len(body), gaps, body != pattern
