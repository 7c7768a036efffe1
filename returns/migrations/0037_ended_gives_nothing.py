"""What was withdrawn, expired or closed as lost gives nothing, so its return says no sum, also from before."""

from django.db import migrations

# The triggers of 0024 mark the days whose figures change by it; the next sweep adds those up again.
NO_SUM = "UPDATE returns_returnrequest SET amount = 0 WHERE status IN ('withdrawn', 'expired') AND amount <> 0"


class Migration(migrations.Migration):
    """Not undone: what they would have given stands in their quotes."""

    dependencies = [
        ("returns", "0036_sums_of_proposals"),
    ]

    operations = [migrations.RunSQL(NO_SUM, migrations.RunSQL.noop)]
