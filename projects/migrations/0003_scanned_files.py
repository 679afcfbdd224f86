import projects.models.media
from django.db import migrations, models

SCANNED = [
    ("scan_finding", models.CharField(blank=True, editable=False, max_length=200, verbose_name="finding")),
    (
        "scanned_at",
        models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="checked"),
    ),
    ("scanned_name", models.CharField(blank=True, editable=False, max_length=255)),
]


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_vocabularies"),
    ]

    operations = [
        *(migrations.AddField("bodydocument", name, field) for name, field in SCANNED),
        *(migrations.AddField("picture", name, field.clone()) for name, field in SCANNED),
        migrations.AlterField(
            "bodydocument",
            "file",
            models.FileField(upload_to=projects.models.media.unused_folder, verbose_name="file"),
        ),
    ]
