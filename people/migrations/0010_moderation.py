import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import people.models.moderation


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_takeover_requests"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=200, unique=True, verbose_name="question")),
                (
                    "explanation",
                    models.TextField(
                        blank=True,
                        help_text="What to look at, and when it is in order.",
                        max_length=500,
                        verbose_name="explanation",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing"),
                            ("title", "Title and pages of the same title"),
                            ("completeness", "What is missing"),
                            ("licence", "Licences"),
                            ("contact", "Contact"),
                            ("personal_data", "Addresses and numbers in the texts"),
                            ("similar", "Similar projects"),
                        ],
                        max_length=20,
                        verbose_name="shown beside it",
                    ),
                ),
                (
                    "is_required",
                    models.BooleanField(
                        default=True, help_text="Without it nothing can be published.", verbose_name="required"
                    ),
                ),
                (
                    "only_projects",
                    models.BooleanField(
                        default=True,
                        help_text="Not asked when a body's profile is checked.",
                        verbose_name="only for projects",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "question of the check-list",
                "verbose_name_plural": "check-list",
                "ordering": ["sort_order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "task_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.task",
                    ),
                ),
            ],
            options={
                "verbose_name": "check by the centre",
                "verbose_name_plural": "checks by the centre",
            },
            bases=("wagtailcore.task",),
        ),
        migrations.CreateModel(
            name="ReviewState",
            fields=[
                (
                    "taskstate_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.taskstate",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        db_index=True,
                        default=people.models.moderation.deadline_from_today,
                        verbose_name="to be checked by",
                    ),
                ),
                ("answers", models.JSONField(default=list, verbose_name="answers")),
                ("remarks", models.JSONField(default=list, verbose_name="remarks")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="claimed_reviews",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="submitted_reviews",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="submitted by",
                    ),
                ),
            ],
            options={"verbose_name": "check", "verbose_name_plural": "checks"},
            bases=("wagtailcore.taskstate",),
        ),
        migrations.CreateModel(
            name="DirectPublication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="published")),
                ("is_first", models.BooleanField(default=False, verbose_name="for the first time")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="seen")),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="direct_publications",
                        to="wagtailcore.page",
                        verbose_name="page",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="seen by",
                    ),
                ),
            ],
            options={
                "verbose_name": "direct publication",
                "verbose_name_plural": "direct publications",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("seen_at__isnull", True)),
                        fields=("page",),
                        name="one_unseen_publication_for_each_page",
                    )
                ],
            },
        ),
    ]
