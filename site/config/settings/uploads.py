"""What may be uploaded, and who looks at it.

Read from the environment: UPLOAD_KINDS, UPLOAD_MAX_MEGABYTES, UPLOAD_MAX_MEGAPIXELS, UPLOAD_MACROS, UPLOAD_RESCAN_DAYS
and CLAMD_URL. What is recognised stands in projects/uploads/kinds.py.
"""

import environ

env = environ.Env()

MEGABYTE = 1024 * 1024
# 20 MB: a scanned tender with annexes fits; larger files belong to the body's own site and are linked.
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MEGABYTES", default=20) * MEGABYTE
# 50 million: what a good camera takes. While it is drawn anew, such a picture needs 400 MB of memory, of WebP 800.
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_MEGAPIXELS", default=50) * 1_000_000
FILE_UPLOAD_HANDLERS = [
    "config.uploads.LargestFile",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Our forms send one at a time; each that is sent along fills disk or memory.
DATA_UPLOAD_MAX_NUMBER_FILES = 10
UPLOAD_KINDS: list[str] = env.list(
    "UPLOAD_KINDS",
    default=[
        "bpmn", "csv", "dmn", "doc", "docx", "geojson", "gpkg", "json", "md", "mp4", "odg", "odp", "ods", "odt", "pdf",
        "ppt", "pptx", "rtf", "svg", "txt", "vtt", "webm", "xls", "xlsx", "xml", "yaml", "yml", "zip",
    ],
)  # fmt: skip
# Macros run on the computers of those who take a file over.
UPLOAD_MACROS = env.bool("UPLOAD_MACROS", default=False)
# tcp://host:port or unix:///path of a clamd; empty: files are not checked for viruses.
CLAMD_URL = env("CLAMD_URL", default="")
# Scanners learn: what was clean is asked about again after so many days.
UPLOAD_RESCAN_DAYS = env.int("UPLOAD_RESCAN_DAYS", default=30)

WAGTAILIMAGES_IMAGE_MODEL = "projects.Picture"
# What is not shown by browsers, or has an ending they do not know, is stored as .jpg.
WAGTAILIMAGES_EXTENSIONS = ["gif", "heic", "heif", "jfif", "jpe", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = UPLOAD_MAX_BYTES
WAGTAILIMAGES_MAX_IMAGE_PIXELS = UPLOAD_MAX_PIXELS
WAGTAILIMAGES_IMAGE_FORM_BASE = "projects.files.forms.PictureForm"
WAGTAILDOCS_DOCUMENT_MODEL = "projects.BodyDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "projects.files.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = UPLOAD_KINDS
# Everything goes through a view that knows the rules; only a PDF is shown rather than saved.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf"]
