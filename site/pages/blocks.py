"""The blocks of every long text: what a council, a department or a neighbouring town needs, and nothing to decorate."""

from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

PROSE_FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]
# Long enough that nobody finds an address by trying.
CONTACT_KEY_LENGTH = 20
SENTENCE_FEATURES = ["bold", "italic", "link"]
SPANS = ("rowspan", "colspan")
TABLE_OPTIONS = {"contextMenu": ["row_above", "row_below", "---------", "col_left", "col_right", "---------",
                                 "remove_row", "remove_col", "---------", "undo", "redo"]}  # fmt: skip


class PictureBlock(blocks.StructBlock):
    """An image with its alternative text, a caption and whose picture it is."""

    image = ImageBlock(label=_("image"))
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=250)
    credit = blocks.CharBlock(label=_("credit"), required=False, max_length=150)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "blocks/image.html"
        description = _("Image with alternative text and credit")


class FigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(
        label=_("figure"), max_length=20, help_text=_("With its unit, such as “4,200” or “−38 %”.")
    )
    label = blocks.CharBlock(label=_("what it counts"), max_length=80)

    class Meta:
        icon = "order"
        label = _("Figure")


class FiguresBlock(blocks.StructBlock):
    """Two to four figures side by side, with the source that lets a reader check them."""

    figures = blocks.ListBlock(FigureBlock(), label=_("figures"), min_num=1, max_num=6)
    source = blocks.CharBlock(label=_("source"), required=False, max_length=200)

    class Meta:
        icon = "order"
        label = _("Figures")
        template = "blocks/figures.html"
        description = _("Key figures with their source")
        preview_value = {"figures": [{"value": "4.200", "label": "Leuchten"}, {"value": "−38 %", "label": "Strom"}]}


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("quotation"), rows=3, max_length=600)
    attribution = blocks.CharBlock(label=_("said by"), required=False, max_length=150)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quotation.html"
        description = _("What somebody said, with name or role")
        preview_value = {
            "text": "Die Meldung landet dort, wo sie bearbeitet wird.",
            "attribution": "Leitung Bauhof",
        }


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("title"), max_length=120)
    text = blocks.RichTextBlock(label=_("text"), features=SENTENCE_FEATURES, required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")


class StepsBlock(blocks.StructBlock):
    """What was done in which order, so that the next municipality can do the same."""

    heading = blocks.CharBlock(label=_("heading"), required=False, max_length=120)
    steps = blocks.ListBlock(StepBlock(), label=_("steps"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "blocks/steps.html"
        description = _("Numbered steps")
        preview_value = {
            "heading": "So sind wir vorgegangen",
            "steps": [{"title": "Bedarf klären", "text": ""}],
        }


class VideoBlock(blocks.StructBlock):
    """A film served by the platform itself; players of others would tell them who reads the page."""

    video = DocumentChooserBlock(label=_("video file"), help_text=_("MP4 or WebM from the documents."))
    poster = ImageBlock(label=_("preview image"), required=False)
    title = blocks.CharBlock(label=_("title"), max_length=150)
    captions = DocumentChooserBlock(label=_("captions"), required=False, help_text=_("WebVTT file in German."))
    transcript = blocks.RichTextBlock(label=_("transcript"), features=["ol", "ul"], required=False)

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blocks/video.html"
        description = _("Video without a third-party player")

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if not result.get("captions") and not str(result.get("transcript") or "").strip():
            error = ValidationError(_("Give captions or a transcript, so that deaf people can follow."))
            raise blocks.StructBlockValidationError(block_errors={"transcript": error})
        return result


class DownloadBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("document"))
    description = blocks.CharBlock(label=_("description"), required=False, max_length=250)

    class Meta:
        icon = "download"
        label = _("Download")
        template = "blocks/download.html"
        description = _("A file to take along")


class ContactValue(blocks.StructValue):
    """Whom to ask; pages name the address by its key, as programs that collect addresses read them too."""

    @property
    def key(self) -> str:
        """Stands for the address on its page; empty if there is none."""
        email = self.get("email")
        return salted_hmac("pages.contact", email).hexdigest()[:CONTACT_KEY_LENGTH] if email else ""


class ContactBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("name or office"), max_length=120)
    role = blocks.CharBlock(label=_("role"), required=False, max_length=120)
    email = blocks.EmailBlock(label=_("e-mail"), required=False)
    phone = blocks.CharBlock(label=_("phone"), required=False, max_length=40)

    class Meta:
        icon = "user"
        label = _("Contact")
        template = "blocks/contact.html"
        value_class = ContactValue
        description = _("Whom to ask")
        preview_value = {
            "name": "Stabsstelle Digitalisierung",
            "role": "Projektleitung",
            "email": "digital@example.org",
        }


class LinkBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("link text"), max_length=150)
    page = blocks.PageChooserBlock(label=_("page of this site"), required=False)
    url = blocks.URLBlock(label=_("or address elsewhere"), required=False)

    class Meta:
        icon = "link"
        label = _("Link")

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if bool(result.get("page")) == bool(result.get("url")):
            error = ValidationError(_("Choose either a page of this site or an address elsewhere."))
            raise blocks.StructBlockValidationError(block_errors={"url": error})
        return result


class LinkListBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("heading"), required=False, max_length=120)
    links = blocks.ListBlock(LinkBlock(), label=_("links"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Link list")
        template = "blocks/link_list.html"
        description = _("Where to read on")


def is_table(value: Any) -> bool:
    """Whether it is what Wagtail's table sends: anything else would be stored, and no page or check could show it."""
    if not isinstance(value, dict):
        return not value
    rows = value.get("data") or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return False
    if not all(isinstance(cell, str | int | float | None) for row in rows for cell in row):
        return False
    marks = [(value.get("cell") or [], {"row", "col"}), (value.get("mergeCells") or [], {"row", "col", *SPANS})]
    return all(isinstance(mark, dict) and names <= set(mark) for found, names in marks for mark in _listed(found))


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


class ProseStreamBlock(blocks.StreamBlock):
    """The stream of a project, an article, a body's profile or a legal page."""

    text = blocks.RichTextBlock(
        label=_("Text"),
        features=PROSE_FEATURES,
        template="blocks/text.html",
        description=_("Paragraphs, headings, lists and links"),
        preview_value="<h2>Ausgangslage</h2><p>Was war das Problem, und wer hatte es?</p>",
    )
    image = PictureBlock()
    figures = FiguresBlock()
    quotation = QuotationBlock()
    steps = StepsBlock()
    table = TableBlock(
        label=_("Table"),
        template="blocks/table.html",
        table_options=TABLE_OPTIONS,
        description=_("Rows and columns"),
    )
    video = VideoBlock()
    download = DownloadBlock()
    contact = ContactBlock()
    link_list = LinkListBlock()

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        value = super().value_from_datadict(data, files, prefix)
        if not all(is_table(child.value) for child in value if isinstance(child.block, TableBlock)):
            raise BadRequest
        return value

    class Meta:
        block_counts: dict[str, dict[str, int]] = {}
