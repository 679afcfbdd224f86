"""What a request may bring along: no more of a file is kept than could be stored, whoever sends it, to any form."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class LargestFile(FileUploadHandler):
    """Lets go of what lies beyond the size that any form takes; what is left is still too large for the form.

    Without it, anybody could fill the disk by sending a file to a form that asks for none.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.UPLOAD_MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one have the file."""
