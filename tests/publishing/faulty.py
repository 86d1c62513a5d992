"""Breaks the release path at one point of it: before or after a statement, a commit, a call outside.

The points number themselves: a clean run counts them, later runs break at each. What breaks is either an
error (the statement or the call fails, the process goes on) or the process itself (nothing it does after
that reaches the database or the world, as after `kill -9`).
"""

import functools
from contextlib import contextmanager

from django.db import Error, OperationalError, connections


class Broke(OperationalError):
    """The statement, the commit or the call failed."""


class Died(BaseException):
    """The process is gone: no handler of errors may run."""


class Faults:
    def __init__(self, at=None, kind=Broke):
        self.at, self.kind = at, kind
        self.points: list[str] = []
        self.is_dead = False

    def point(self, name):
        if self.is_dead:
            raise Died(name)
        self.points.append(name)
        if len(self.points) == self.at:
            if self.kind is Died:
                self.die()
            raise self.kind(name)

    def die(self):
        """The server sees the session end, and rolls back what was not committed."""
        self.is_dead = True
        connections["default"].connection.close()

    def around(self, name, call):
        self.point(f"before {name}")
        done = call()
        self.point(f"after {name}")
        return done

    def statement(self, execute, sql, params, many, context):
        return self.around(" ".join(str(sql).split())[:70], lambda: execute(sql, params, many, context))

    def calling(self, deed):
        """A call outside, as points."""

        @functools.wraps(deed)
        def call(*given, **more):
            return self.around(f"call {deed.__name__}", lambda: deed(*given, **more))

        return call

    def release(self, world, deed):
        """Do the deed with the fault in it; how it ended, an error or a death, is nobody's news."""
        with self.within(world):
            try:
                deed()
            except (Died, Error):
                assert self.at, "broken without a fault"

    @contextmanager
    def within(self, world):
        """Every statement and commit of this connection, and every call of the fake channel."""
        connection = connections["default"]
        commit, send, read = connection._commit, world.send, world.read
        connection._commit = lambda: self.around("COMMIT", commit)
        world.send, world.read = self.calling(send), self.calling(read)
        try:
            with connection.execute_wrapper(self.statement):
                yield self
        finally:
            connection._commit, world.send, world.read = commit, send, read
            if self.is_dead:  # who comes after has a session of its own
                connection.in_atomic_block = False
                connection.close()
