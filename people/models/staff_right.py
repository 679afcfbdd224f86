"""Which rights the centre's staff were given once, so that later versions give only what is new."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffRight(models.Model):
    """A right given to the staff's group, as “app.codename”; what an administrator takes away is not given again."""

    name = models.CharField(_("right"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("right of the staff")
        verbose_name_plural = _("rights of the staff")

    def __str__(self) -> str:
        return self.name
