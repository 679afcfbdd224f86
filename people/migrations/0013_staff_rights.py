"""Notes which rights the staff were given, so that a later version gives only what is new."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0012_joining")]

    operations = [
        migrations.CreateModel(
            name="StaffRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="right")),
            ],
            options={
                "verbose_name": "right of the staff",
                "verbose_name_plural": "rights of the staff",
            },
        ),
    ]
