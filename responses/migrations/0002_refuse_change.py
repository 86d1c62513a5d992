"""Triggers that hold whoever writes SQL: history is append-only; what was written, shown and decided never changes."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% refused: % is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
WORDS_OF_A_COMMENT = """statement_id, revision_id, variant_id, start, "end", quote, text, replacement, audience, side,
  by_id, by_name, via, written_at"""
ROWS = {  # table: which changes of a row are refused
    "event": "UPDATE OR DELETE",
    "revision": "UPDATE OR DELETE",
    "variant": "UPDATE OR DELETE",
    "revisionimage": "UPDATE OR DELETE",
    "image": "UPDATE",  # it goes while no revision shows it; its foreign key sees to that
    "stillright": "UPDATE OR DELETE",
    "decision": "UPDATE OR DELETE",
    "glassword": "UPDATE OR DELETE",
    "comment": "DELETE",  # it may be resolved; its words stay, see below
    "reply": "UPDATE OR DELETE",
}
NEVER_EMPTIED = [table for table in ROWS if table != "stillright"]


def trigger(table, name, when, each):
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_{name} BEFORE {when} ON responses_{table} "
        f"FOR EACH {each} EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER {table}_{name} ON responses_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("responses", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        *(trigger(table, "keeps_rows", when, "ROW") for table, when in ROWS.items()),
        *(trigger(table, "keeps_all", "TRUNCATE", "STATEMENT") for table in NEVER_EMPTIED),
        trigger("comment", "keeps_words", f"UPDATE OF {WORDS_OF_A_COMMENT}", "ROW"),
    ]
