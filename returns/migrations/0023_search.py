"""Indexes for the desk's search: addresses and numbers in any case, beginnings of order numbers, parts of names."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Upper


def parts_of(model: str, field: str, name: str) -> migrations.AddIndex:
    """An index that finds a part of a name, whatever its case."""
    compared = django.contrib.postgres.indexes.OpClass(Upper(field), name="gin_trgm_ops")
    return migrations.AddIndex(model, django.contrib.postgres.indexes.GinIndex(compared, name=name))


class Migration(migrations.Migration):
    dependencies = [("returns", "0022_refused_packages")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex("returnrequest", models.Index(Upper("contact_email"), name="request_contact_email")),
        migrations.AddIndex(
            "returnrequest", models.Index(Upper("contact_account_number"), name="request_contact_account")
        ),
        parts_of("returnrequest", "contact_name", "request_contact_name"),
        migrations.AddIndex("customeraccount", models.Index(Upper("email"), name="account_email_any_case")),
        migrations.AddIndex("customeraccount", models.Index(Upper("number"), name="account_number_any_case")),
        parts_of("customeraccount", "name", "account_name"),
        migrations.RemoveIndex("order", name="order_number_key"),
        migrations.AddIndex(
            "order",
            models.Index(fields=["number_key"], opclasses=["varchar_pattern_ops"], name="order_number_begins"),
        ),
        migrations.AddIndex("order", models.Index(Upper("email"), name="order_email_any_case")),
        parts_of("order", "name", "order_name"),
    ]
