"""Pictures are drawn anew: what is stored has the pixels of the upload and nothing else."""

import struct
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, ImageSequence

from projects.uploads.content import Content, UnfitError

# Formats by ending, with how they are written: good to look at, and no larger than they were.
WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "jpg": ("JPEG", {"quality": 90, "optimize": True, "progressive": True}),
    "jpeg": ("JPEG", {"quality": 90, "optimize": True, "progressive": True}),
    "png": ("PNG", {"optimize": True}),
    "gif": ("GIF", {}),
    "webp": ("WEBP", {"quality": 90, "method": 4}),
}
MEGAPIXEL = 1_000_000
# Some cameras put a second picture into a JPEG, for programs that know of it; it is called MPO then.
ONE_PICTURE = {"JPEG", "MPO"}
# What Pillow raises for damaged files, one that says it has a gigantic picture included.
DAMAGES = (OSError, ValueError, SyntaxError, IndexError, struct.error, Image.DecompressionBombError)


def redraw(content: Content, name: str) -> SimpleUploadedFile:
    """The picture without place, camera, comments and whatever else was in the file; turned as it is meant to be seen.

    Raises UnfitError if it is no picture of the kind its name says, or has more pixels than can be kept in memory.
    """
    refuse_too_many_pixels(content)
    image_format, options = WRITTEN[content.ending]
    try:
        with _open(content) as image:
            frames = [_pixels(frame, image_format) for frame in _frames(image)]
            timing = _timing(image) if len(frames) > 1 else {}
    except DAMAGES as error:
        raise content.misnamed() from error
    out = BytesIO()
    further = {"save_all": True, "append_images": frames[1:], **timing} if len(frames) > 1 else {}
    frames[0].save(out, image_format, **options, **further)
    return SimpleUploadedFile(Path(name).name, out.getvalue(), content_type=Image.MIME[image_format])


def refuse_too_many_pixels(content: Content) -> None:
    """Before anything is unpacked: a few bytes can say that they are gigabytes. Raises UnfitError like `redraw`."""
    if content.ending not in WRITTEN:
        raise content.misnamed()
    try:
        with _open(content) as image:
            pixels = image.width * image.height * (1 if image.format in ONE_PICTURE else getattr(image, "n_frames", 1))
    except DAMAGES as error:
        raise content.misnamed() from error
    if pixels > settings.UPLOAD_MAX_PIXELS:
        raise UnfitError(
            _("The picture has %(pixels)d million pixels; at most %(limit)d million can be stored. Make it smaller.")
            % {"pixels": round(pixels / MEGAPIXEL), "limit": settings.UPLOAD_MAX_PIXELS // MEGAPIXEL}
        )


def _open(content: Content) -> Image.Image:
    return Image.open(content.stream, formats=[WRITTEN[content.ending][0]])


def _frames(image: Image.Image) -> Iterable[Image.Image]:
    return [image] if image.format in ONE_PICTURE else ImageSequence.Iterator(image)


def _pixels(frame: Image.Image, image_format: str) -> Image.Image:
    """A frame as a picture of its own, turned, in sRGB where it says what its colours are, and without notes."""
    turned = ImageOps.exif_transpose(frame)
    profile, transparency = turned.info.get("icc_profile"), turned.info.get("transparency")
    if image_format == "JPEG" and turned.mode not in {"L", "RGB"}:
        turned = turned.convert("RGB") if profile is None or turned.mode != "CMYK" else _in_srgb(turned, profile)
    elif profile and turned.mode == "RGB":
        turned = _in_srgb(turned, profile)
    bare = turned.copy()
    bare.info = {} if transparency is None or image_format == "JPEG" else {"transparency": transparency}
    return bare


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours as every browser shows them; a profile that cannot be read is no reason to refuse a picture."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image.convert("RGB")
    return converted or image.convert("RGB")


def _timing(image: Image.Image) -> dict[str, Any]:
    """How a moving picture runs: milliseconds of each frame, and how often."""
    durations = [frame.info.get("duration", 100) for frame in ImageSequence.Iterator(image)]
    return {"duration": durations, "loop": image.info.get("loop", 0)}
