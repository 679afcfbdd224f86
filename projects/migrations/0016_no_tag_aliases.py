from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("projects", "0015_former_tags")]

    operations = [migrations.DeleteModel("TagAlias")]
