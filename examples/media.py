"""Pictures and documents of the example content, each stored once."""

import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from wagtail.models import Collection

from examples.content import Record, picture_path
from examples.files import content
from pages.addresses import readable
from projects.models import BodyDocument, Picture

COLLECTION = "Beispielbilder"
CREDIT = "Eigene Zeichnung der Plattform, CC0-1.0"
# Long enough to recognise a file in the downloads folder, short enough for every file system.
FILE_NAME_LENGTH = 60


class PictureShelf:
    """Stores a drawing when it is first asked for and hands out the same picture afterwards."""

    def __init__(self) -> None:
        self._pictures: dict[str, Picture] = {}
        self._collection: Collection | None = None

    def get(self, name: str) -> Picture:
        """The picture of that drawing. Raises FileNotFoundError if nobody drew it."""
        if name not in self._pictures:
            title = f"Beispielbild {name}"
            picture = Picture.objects.filter(title=title, collection=self.collection).first()
            self._pictures[name] = picture or self._store(name, title)
        return self._pictures[name]

    @property
    def collection(self) -> Collection:
        if self._collection is None:
            existing = Collection.objects.filter(name=COLLECTION).first()
            self._collection = existing or Collection.get_first_root_node().add_child(name=COLLECTION)
        return self._collection

    def _store(self, name: str, title: str) -> Picture:
        raw = picture_path(name).read_bytes()
        file = ImageFile(BytesIO(raw), name=f"beispiel-{name}.png")
        picture = Picture(title=title, credit=CREDIT, collection=self.collection, file=file)
        picture.file_size, picture.file_hash = len(raw), hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        picture.save()
        return picture


def store_document(description: Record, collection: Collection) -> BodyDocument:
    """Write the file a text describes and store it in the collection of its body."""
    raw = content(description)
    name = readable(description["title"], "datei", FILE_NAME_LENGTH)
    document = BodyDocument(title=description["title"], collection=collection)
    document.file_size, document.file_hash = len(raw), hashlib.sha1(raw, usedforsecurity=False).hexdigest()
    document.file.save(f"{name}.{description['format']}", ContentFile(raw), save=False)
    document.save()
    return document
