"""A line's other name, by its SKU or its title, marks the days it counts into; second inspections count as work."""

from django.db import migrations

MARKS = """
CREATE FUNCTION mark_reports_of_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_reports(ARRAY(SELECT DISTINCT request_id FROM returns_returnline WHERE order_line_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER order_line_named_reported AFTER UPDATE OF sku, title ON returns_orderline FOR EACH ROW
    WHEN (coalesce(nullif(NEW.sku, ''), NEW.title) <> coalesce(nullif(OLD.sku, ''), OLD.title))
    EXECUTE FUNCTION mark_reports_of_name();

SELECT mark_reports(ARRAY(SELECT DISTINCT request_id FROM returns_returnevent WHERE action = 'inspect_again'));
"""

NO_MARKS = """
DROP TRIGGER order_line_named_reported ON returns_orderline;
DROP FUNCTION mark_reports_of_name();
"""


class Migration(migrations.Migration):
    dependencies = [("returns", "0032_report_figures_by_figure")]

    operations = [migrations.RunSQL(MARKS, NO_MARKS)]
