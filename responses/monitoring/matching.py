"""Many rules against one post: look at the post's words once, try only the rules that could match.

Every rule lies at pairs of keys (`planning`): at the rarest word it needs, and beneath it at the next rarest.
So a word that a thousand rules need costs one intersection of two sets. A rule comes and goes at any time.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from responses.monitoring.query import Post, Query, QueryError, Words, compile_expanded, read
from responses.monitoring.query.nodes import Flag, In, Phrase, Prefix, Wild, Word
from responses.monitoring.query.patterns import Patterns
from responses.monitoring.query.planning import Plan, key_of, plans, simple_nodes

Id = TypeVar("Id", bound=Hashable)
Thing = TypeVar("Thing")


class Shelf(dict[str, Thing]):
    """A dictionary that keeps its keys as a set too: two sets meet in a third of the time."""

    __slots__ = ("names",)

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def at(self, name: str, make: Callable[[], Thing]) -> Thing:
        """What lies there; what is new is whole before anybody finds it."""
        if name not in self:
            self[name] = make()
            self.names.add(name)
        return self[name]

    def take_away(self, name: str) -> None:
        self.names.discard(name)
        del self[name]


class Leaf:
    """The rules at one pair of keys. Lists shrink by a new list: who is reading meanwhile sees no gap.

    What is empty is one and the same tuple for all leaves: it lies in the processor's cache.
    """

    __slots__ = ("quick", "slow", "sure")

    def __init__(self) -> None:
        self.sure: Sequence = ()  # ids
        self.quick: Sequence = ()  # (id, test of the keys)
        self.slow: Sequence = ()  # (id, test of the keys or None, test of the words)

    def put(self, rule_id, plan: Plan) -> None:
        if plan.slow:
            self._add("slow", (rule_id, plan.quick, plan.slow))
        elif plan.quick:
            self._add("quick", (rule_id, plan.quick))
        else:
            self._add("sure", rule_id)

    def _add(self, name: str, entry) -> None:
        if held := getattr(self, name):
            held.append(entry)
        else:
            setattr(self, name, [entry])

    def drop(self, rule_id, plan: Plan) -> None:
        """The oldest of this id: a rule that is changed is put in anew first."""
        name = "slow" if plan.slow else "quick" if plan.quick else "sure"
        entries = getattr(self, name)
        ids = entries if name == "sure" else [entry[0] for entry in entries]
        at = ids.index(rule_id)
        setattr(self, name, entries[:at] + entries[at + 1 :] or ())

    def __bool__(self) -> bool:
        return bool(self.sure or self.quick or self.slow)


class RuleIndex(Generic[Id]):
    """Answers exactly as trying every rule would, in a fraction of the time."""

    def __init__(self, rules: Iterable[tuple[Id, Query]] = ()):
        self._rules: dict[Id, tuple[Query, list[Plan]]] = {}
        self._leaves: Shelf[Shelf[Leaf]] = Shelf()  # first key → second key, or "" → leaf
        # Place, "" is the text → its patterns, in the text its words too.
        self._patterns: dict[str, Patterns] = {"": Patterns()}
        self._uses: Counter[str] = Counter()  # how many rules ask for a key
        self._pairs: Counter[str] = Counter()  # the same of two words side by side
        self._needs: Counter[str] = Counter()  # places looked at, "flags" among them
        rules = list(rules)
        for _rule_id, query in rules:  # first all, so that the plans know what is rare
            self._know(query)
        for rule_id, query in rules:
            self._put(rule_id, query)

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules

    def add(self, rule_id: Id, query: Query) -> None:
        """Add a rule, or put another query in its place."""
        self._know(query)
        self._put(rule_id, query)

    def remove(self, rule_id: Id) -> None:
        self._take_out(rule_id, *self._rules.pop(rule_id))

    def keep_to(self, sources: Mapping[Id, str], among: Iterable[Id] | None = None) -> None:
        """Hold just these rules (of `among`, otherwise of all), compiling only what changed.

        A query that an older release accepted and this one does not must not stop the others.
        """
        for rule_id in [known for known in (self._rules if among is None else among) if known in self]:
            if rule_id not in sources:
                self.remove(rule_id)
        for rule_id, source in sources.items():
            if rule_id in self and self._rules[rule_id][0].source == source:
                continue
            try:
                self.add(rule_id, compile_expanded(source))
            except QueryError:
                if rule_id in self:
                    self.remove(rule_id)

    def match(self, post: str | Post) -> set[Id]:
        return self.match_tokens(read(post))

    def match_tokens(self, words: Words) -> set[Id]:
        found: set[Id] = set()
        leaves, keys = self._leaves, self._keys(words)
        for first in leaves.names & keys:
            seconds = leaves.get(first)
            if seconds is None:  # taken out a moment ago
                continue
            for second in seconds.names & keys:
                leaf = seconds.get(second)
                if leaf is None:  # taken out a moment ago
                    continue
                if leaf.sure:
                    found.update(leaf.sure)
                if leaf.quick:
                    found.update([rule_id for rule_id, test in leaf.quick if test(keys)])
                if leaf.slow:
                    for rule_id, test, in_place in leaf.slow:
                        if rule_id not in found and (test is None or test(keys)) and in_place(keys, words):
                            found.add(rule_id)
        return found

    def _keys(self, words: Words) -> set[str]:
        """What holds for the post and some rule asks for. "" always does: no second key is needed there."""
        keys = self._patterns[""].of(words.all)
        keys.add("")
        if self._pairs:
            keys |= self._pairs.keys() & words.pairs()
        if self._needs and words.post is not None:
            uses = self._uses.keys()
            if self._needs["flags"]:
                keys |= uses & words.flags
            for place in ("author", "title", "url"):
                if self._needs[place]:
                    keys |= uses & self._keys_at(place, words.place(place))
        return keys

    def _keys_at(self, place: str, words: Words) -> set[str]:
        found = [*words.all, *words.pairs()]
        if patterns := self._patterns.get(place):
            found += patterns.of(words.all)
        return {f"{place}:{key}" for key in found}

    def _put(self, rule_id: Id, query: Query) -> None:
        before = self._rules.get(rule_id)
        found = plans(query.node, self._uses)
        self._rules[rule_id] = query, found
        for plan in found:
            for first in plan.first:
                seconds = self._leaves.at(first, Shelf)
                for second in plan.second or ("",):
                    seconds.at(second, Leaf).put(rule_id, plan)
        if before:
            self._take_out(rule_id, *before)

    def _take_out(self, rule_id: Id, query: Query, found: list[Plan]) -> None:
        for plan in found:
            for first in plan.first:
                seconds = self._leaves[first]
                for second in plan.second or ("",):
                    seconds[second].drop(rule_id, plan)
                    if not seconds[second]:
                        seconds.take_away(second)
                if not seconds:
                    self._leaves.take_away(first)
        self._know(query, -1)

    def _know(self, query: Query, times: int = 1) -> None:
        """Count what must be made of a post's words for this query."""
        for node in set(simple_nodes(query.node)):
            _add(self._uses, key_of(node), times)
            place = node.place if isinstance(node, In) else "flags" if isinstance(node, Flag) else ""
            if place:
                self._needs[place] += times
            term = node.term if isinstance(node, In) else node
            if isinstance(term, Prefix | Wild) or (isinstance(term, Word) and not place):
                patterns = self._patterns.setdefault(place, Patterns())
                (patterns.add if times > 0 else patterns.remove)(key_of(term))
            elif isinstance(term, Phrase) and not place:
                _add(self._pairs, key_of(term), times)


def _add(counts: Counter[str], key: str, times: int) -> None:
    counts[key] += times
    if not counts[key]:
        del counts[key]
