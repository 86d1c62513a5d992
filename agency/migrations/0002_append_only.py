"""Triggers that hold whoever writes SQL: what the agency did with its seats stays as it was written."""

from django.db import migrations

UP = """
CREATE FUNCTION agency_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% refused: % is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER agencyevent_keeps_rows BEFORE UPDATE OR DELETE ON agency_agencyevent
  FOR EACH ROW EXECUTE FUNCTION agency_refuse_change();
CREATE TRIGGER agencyevent_keeps_all BEFORE TRUNCATE ON agency_agencyevent
  FOR EACH STATEMENT EXECUTE FUNCTION agency_refuse_change();
"""
DOWN = """
DROP TRIGGER agencyevent_keeps_rows ON agency_agencyevent;
DROP TRIGGER agencyevent_keeps_all ON agency_agencyevent;
DROP FUNCTION agency_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("agency", "0001_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
