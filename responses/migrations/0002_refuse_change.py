"""Triggers that hold whoever writes SQL: history is append-only, revisions and decisions never change."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% refused: % is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
TABLES = ["event", "revision", "variant", "decision"]


def triggers(table):
    name = f"responses_{table}"
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {name}
          FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {name}
          FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"DROP TRIGGER {table}_keeps_rows ON {name}; DROP TRIGGER {table}_keeps_all ON {name};",
    )


class Migration(migrations.Migration):
    dependencies = [("responses", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        *(triggers(table) for table in TABLES),
    ]
