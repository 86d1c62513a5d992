class QueryError(Exception):
    """What is wrong in a query, and at which character (counted from 0)."""

    def __init__(self, message: str, position: int):
        super().__init__(message)
        self.message = message
        self.position = position


def caret(query: str, position: int, width: int = 72) -> str:
    """Two lines: the part of the query around the mistake, and a ^ under it."""
    flat = "".join(" " if char.isspace() else char for char in query)
    start = max(0, min(position - width // 2, len(flat) - width))
    return f"{flat[start : start + width]}\n{' ' * (position - start)}^"
