"""A constraint: every entry of the register has one page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_separate_bodies")]

    operations = [
        migrations.AddConstraint(
            model_name="bodypage",
            constraint=models.UniqueConstraint(fields=[field], name=f"one_page_per_{field}"),
        )
        for field in ("municipality", "district", "association", "state")
    ]
