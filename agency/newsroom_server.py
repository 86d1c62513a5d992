"""The newsroom alone, for `manage.py serve_newsroom`: an RSGI application over the files, without Django.

It needs no database, so the public page stands when all else is away. TUGON_NEWSROOM names the folder, and
TUGON_STATIC that of the collected stylesheets and icons.
"""

import json
import os
from pathlib import Path

from .standing import Answer, Standing, static

NOT_HERE = Answer(404, [("content-type", "text/plain; charset=utf-8")], b"Not here.\n")


class Newsroom:
    def __init__(self, root: Path, assets: Path | None, extra):
        self.standing = Standing(root, extra)
        self.assets = Standing(assets, extra) if assets else None

    async def __rsgi__(self, scope, protocol) -> None:
        answer = self.answer(scope)
        protocol.response_bytes(answer.status, answer.headers, answer.body)

    def answer(self, scope) -> Answer:
        known = scope.headers
        if scope.path.startswith("/static/") and self.assets:
            return static(self.assets, scope.method, scope.path, known) or NOT_HERE
        host = scope.authority or known.get("host", "")
        asked = scope.method, host, scope.path, scope.query_string, known
        return self.standing.answer(*asked) or self.standing.missing(*asked) or NOT_HERE


def made() -> Newsroom:
    assets = os.environ.get("TUGON_STATIC")
    extra = [tuple(pair) for pair in json.loads(os.environ.get("TUGON_NEWSROOM_HEADERS", "[]"))]
    return Newsroom(Path(os.environ["TUGON_NEWSROOM"]), Path(assets) if assets else None, extra)


app = made() if "TUGON_NEWSROOM" in os.environ else None
