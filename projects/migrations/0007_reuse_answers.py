"""What the adopter of a project has answered: no, or nothing within a year."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_plans_reuse_partners")]

    operations = [
        migrations.AddField("reuse", "refused_at", models.DateTimeField(null=True, verbose_name="refused")),
        migrations.AddField("reuse", "lapsed_at", models.DateTimeField(null=True, verbose_name="lapsed")),
    ]
