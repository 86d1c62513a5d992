"""Full-text search without extensions: words as they are, small letters, accents folded."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce

ACCENTED = "áàâäãåāéèêëēíìîïīóòôöõōúùûüūñçÁÀÂÄÃÅĀÉÈÊËĒÍÌÎÏĪÓÒÔÖÕŌÚÙÛÜŪÑÇ"
PLAIN = "aaaaaaaeeeeeiiiiioooooouuuuuncaaaaaaaeeeeeiiiiioooooouuuuunc"
FOLDING = str.maketrans(ACCENTED, PLAIN)


class SearchText(Func):
    """A `tsvector` of some text columns; only immutable functions, so that it can be a generated column."""

    def __init__(self, *columns, **extra):
        texts = [Coalesce(F(c) if isinstance(c, str) else c, Value("")) for c in columns]
        super().__init__(*texts, **extra)

    def as_sql(self, compiler, connection, **context):
        parts, params = [], []
        for source in self.get_source_expressions():
            sql, values = compiler.compile(source)
            parts.append(sql)
            params.extend(values)
        joined = " || ' ' || ".join(f"({part})" for part in parts)
        folded = f"translate(lower({joined}), '{ACCENTED}', '{PLAIN}')"
        return f"to_tsvector('simple'::regconfig, {folded})", params


def search_query(words: str) -> SearchQuery:
    """What a person typed, as PostgreSQL's web search understands it: words, "phrases", or, -not."""
    return SearchQuery(words.lower().translate(FOLDING), config="simple", search_type="websearch")
