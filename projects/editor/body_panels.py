"""The editor of a body: who it is, is asked when its page is made, and afterwards shown."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from pages.models import PageForm
from projects.models.identity import IDENTITY_FIELDS

# Of the staff who keep the register.
MAY_CHANGE_IDENTITY = "projects.change_state"


class BodyForm(PageForm):
    """A page that exists is who it is, whatever is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in IDENTITY_FIELDS:
                self.fields.pop(name, None)

    def add_error(self, field: Any, error: Any) -> None:
        """What is wrong with who it is stands above the form, which has no field for that."""
        by_field = dict(getattr(error, "error_dict", {})) if field is None else {}
        unasked = [one for name in set(IDENTITY_FIELDS).difference(self.fields) for one in by_field.pop(name, [])]
        if unasked:
            super().add_error(None, unasked)
            error = ValidationError(by_field)
        if by_field or not unasked:
            super().add_error(field, error)


class IdentityPanel(MultiFieldPanel):
    """Fields for a new page; for one that exists what they say, and for the staff the way to change it."""

    def __init__(self, children: Any = (), **kwargs: Any) -> None:
        super().__init__(children or [FieldPanel(name) for name in IDENTITY_FIELDS], **kwargs)

    class BoundPanel(MultiFieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            if self.instance.pk:
                self.template_name = "projects/admin/body_identity.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) or super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            may_change = self.instance.pk and self.request.user.has_perm(MAY_CHANGE_IDENTITY)
            change_url = reverse("body_identity", args=[self.instance.pk]) if may_change else ""
            return context | {"body": self.instance, "change_url": change_url}
