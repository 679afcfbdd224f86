"""A second editor in a process of its own: changes random pages for a while, as fast as it can.

`python -m tests.search.editing SEED SECONDS` works on the database of the environment and prints what it did as JSON.
"""

import json
import random
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.db import transaction  # noqa: E402
from wagtail.models import Page, PageViewRestriction  # noqa: E402

from projects.models import BodyPage, ProjectPage  # noqa: E402

# Pages with this in their title are left alone: a search must find them at every moment.
UNTOUCHED = "Unberührt"
# Two editors cannot sort the same branch of the page tree at once: only the first one adds, moves and deletes pages.
FIRST = 1


class Editor:
    """Works like the editor's buttons: each change in one transaction, as in a request of the admin."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.number = 0

    def change(self) -> None:
        actions = [self.publish, self.publish, self.publish, self.unpublish, self.restrict]
        if self.seed == FIRST:
            actions += [self.add, self.move, self.delete]
        self.number += 1
        with transaction.atomic():
            self.chance.choice(actions)()

    def page(self) -> ProjectPage | None:
        """One of this editor's pages, at random."""
        numbers = ProjectPage.objects.exclude(title__startswith=UNTOUCHED).order_by("pk").values_list("pk", flat=True)
        own = [number for number in numbers if number % 2 == self.seed % 2]
        return ProjectPage.objects.get(pk=self.chance.choice(own)) if own else None

    def publish(self) -> None:
        if page := self.page():
            page.title = f"Ampel {self.seed}-{self.number}"
            page.save_revision().publish()

    def unpublish(self) -> None:
        if page := self.page():
            page.unpublish()

    def restrict(self) -> None:
        if page := self.page():
            restriction = PageViewRestriction.objects.filter(page=page).first()
            if restriction:
                restriction.delete()
            else:
                PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    def add(self) -> None:
        name = f"Neu {self.seed}-{self.number}"
        page = ProjectPage(title=name, slug=f"neu-{self.seed}-{self.number}-{time.time_ns()}", summary=name, phase="P3")
        self.body().add_child(instance=page)
        page.save_revision().publish()

    def move(self) -> None:
        if page := self.page():
            Page.objects.get(pk=page.pk).move(self.body(), "last-child")

    def delete(self) -> None:
        if page := self.page():
            page.delete()

    def body(self) -> BodyPage:
        return self.chance.choice(list(BodyPage.objects.order_by("pk")))


def main(seed: int, seconds: float) -> None:
    editor = Editor(seed)
    act: Callable[[], None] = editor.change
    done, errors, end = 0, [], time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            act()
            done += 1
        except Exception as error:  # noqa: BLE001  counted and told
            errors.append(repr(error))
    sys.stdout.write(json.dumps({"done": done, "errors": errors}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
