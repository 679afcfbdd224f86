"""Every form of the platform reads numbers and days by one rule, so that a new field cannot be forgotten."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import django_filters
import pytest
from django import forms
from django.apps import apps
from wagtail.blocks import BaseStructBlock, Block, FieldBlock, ListBlock
from wagtail.blocks.stream_block import BaseStreamBlock
from wagtail.fields import StreamField
from wagtail.models import get_page_models
from wagtail.snippets.models import get_snippet_models

from pages.days import DayField, MomentField
from pages.numbers import DecimalNumberField, WholeNumberField

ROOMS = ("pages", "projects", "knowledge", "people", "search", "matching")
BY_RULE = (WholeNumberField, DecimalNumberField, DayField, MomentField)
# IntegerField is the parent of FloatField and DecimalField, BaseTemporalField of all that is a day or a time.
NEEDS_RULE = (forms.IntegerField, forms.fields.BaseTemporalField, forms.SplitDateTimeField, forms.DurationField)
Found = Iterator[tuple[str, forms.Field]]


def load_all_modules() -> None:
    for room in ROOMS:
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if "migrations" not in module.name:
                importlib.import_module(module.name)


def below(kind: Any) -> Iterator[Any]:
    for sub in kind.__subclasses__():
        yield sub
        yield from below(sub)


def fields_of(form: Any, name: str) -> Found:
    for field_name, field in form.base_fields.items():
        yield f"{name}.{field_name}", field
    for relation, formset in getattr(form, "formsets", {}).items():
        yield from fields_of(formset.form, f"{name}.{relation}")


def of_own_forms() -> Found:
    load_all_modules()
    for form in below(forms.BaseForm):
        if form.__module__.split(".")[0] in ROOMS:
            yield from fields_of(form, f"{form.__module__}.{form.__name__}")


def of_edited_models() -> Found:
    for model in get_page_models():
        yield from fields_of(model.get_edit_handler().get_form_class(), model.__name__)
    for model in get_snippet_models():
        yield from fields_of(model.snippet_viewset.get_edit_handler().get_form_class(), model.__name__)


def of_block(block: Block, name: str) -> Found:
    if isinstance(block, FieldBlock):
        yield name, block.field
    elif isinstance(block, ListBlock):
        yield from of_block(block.child_block, name)
    elif isinstance(block, BaseStructBlock | BaseStreamBlock):
        for child_name, child in block.child_blocks.items():
            yield from of_block(child, f"{name}.{child_name}")


def of_blocks() -> Found:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, StreamField):
                yield from of_block(field.stream_block, f"{model.__name__}.{field.name}")


def of_filters() -> Found:
    load_all_modules()
    for filters in below(django_filters.FilterSet):
        if filters.__module__.split(".")[0] in ROOMS:
            for name, chosen in filters.base_filters.items():
                yield f"{filters.__name__}.{name}", chosen.field


@pytest.mark.parametrize(
    ("walk", "known"),
    [
        (of_own_forms, {"people.reuse.forms.UseForm.cost", "matching.plans.forms.PlanForm.decision_on"}),
        (
            of_edited_models,
            {
                "ProjectPage.cost_from",
                "ProjectPage.artefacts.date",
                "ProjectPage.go_live_at",
                "Municipality.lat",
                "CentralSolution.valid_from",
            },
        ),
        (of_blocks, {"ProjectPage.body.figures.figures.value"}),
        (of_filters, {"BarrierReportFilterSet.waiting"}),
    ],
)
def test_every_field_for_a_number_or_a_day_follows_the_rule(walk: Any, known: set[str]) -> None:
    found = dict(walk())
    assert known <= set(found), sorted(found)
    asked = {name: field for name, field in found.items() if isinstance(field, NEEDS_RULE)}
    # What no person sees is filled by a machine. An order within a list is filled by its buttons.
    typed = {name: field for name, field in asked.items() if not field.widget.is_hidden and name[-6:] != ".ORDER"}
    assert {name for name, field in typed.items() if not isinstance(field, BY_RULE)} == set()
    # The browser's own fields send nothing for what they cannot read.
    assert {name for name, field in typed.items() if getattr(field.widget, "input_type", "") != "text"} == set()
