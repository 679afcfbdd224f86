"""Questions to whom a page names as its contact, by form: nobody is shown the address."""

from wagtail.fields import StreamField
from wagtail.models import Page

from pages.blocks import ContactValue
from people.mail.letters import write
from projects.models import ContactRequest


def contact_of(page: Page, key: str) -> ContactValue | None:
    """The contact in one of the page's texts that has the key; None if it names nobody like that."""
    texts = [getattr(page, field.name) for field in page._meta.concrete_fields if isinstance(field, StreamField)]
    found = (block.value for text in texts for block in text if block.block_type == "contact")
    return next((contact for contact in found if key and contact.key == key), None)


def ask(page: Page, contact: ContactValue, question: ContactRequest, copy_to: str = "") -> None:
    """Send a question, which is not kept. `copy_to` is an address the asker is known to own."""
    context = {"question": question, "page": page, "contact": contact}
    write("page_contact", [contact["email"]], context, {"Reply-To": question.email})
    if copy_to:
        write("page_contact_copy", [copy_to], context)
