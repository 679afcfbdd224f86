"""Drafts may hold a result whose kind nobody has chosen yet; results and participants keep their order for certain."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_alliance")]

    operations = [
        migrations.AlterModelOptions(
            name="artefact",
            options={
                "ordering": ["sort_order", "pk"],
                "verbose_name": "artefact",
                "verbose_name_plural": "artefacts",
            },
        ),
        migrations.AlterModelOptions(
            name="participation",
            options={
                "ordering": ["sort_order", "pk"],
                "verbose_name": "participating body",
                "verbose_name_plural": "participating bodies",
            },
        ),
        migrations.AlterField(
            model_name="artefact",
            name="kind",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="artefacts",
                to="projects.artefactkind",
                verbose_name="kind",
            ),
        ),
    ]
