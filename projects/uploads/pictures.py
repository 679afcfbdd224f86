"""Pictures are drawn anew: what is stored has the pixels of the upload and nothing else."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any

import pillow_heif
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, ImageSequence

from projects.uploads.content import Content, UnfitError


@dataclass(frozen=True)
class Written:
    """How a picture is written: good to look at, and no larger than it was."""

    image_format: str
    ending: str
    options: dict[str, Any]


JPEG = Written("JPEG", "jpg", {"quality": 90, "optimize": True, "progressive": True})
WEBP = Written("WEBP", "webp", {"quality": 90, "method": 2})
# By the format that is found in the content, whatever the name says: browsers, phones and messengers give pictures
# endings of other formats. HEIF is what telephones take, and what few browsers show. MPO is a JPEG into which a camera
# put a second picture, for programs that know of it.
WRITTEN = {
    "JPEG": JPEG,
    "MPO": JPEG,
    "HEIF": JPEG,
    "PNG": Written("PNG", "png", {}),
    "GIF": Written("GIF", "gif", {}),
    "WEBP": WEBP,
}
READ = ["JPEG", "HEIF", "PNG", "GIF", "WEBP"]  # an MPO begins as a JPEG
MOVING = {"PNG", "GIF", "WEBP"}
MEGAPIXEL = 1_000_000
# Each frame costs time even if it is tiny: twenty seconds of a screen recording, and seconds of a worker.
FRAMES_MAX = 300
# Pages show at most 1,200 pixels side by side. To write WebP in full size would take 20 seconds and two gigabytes.
SIDE_MAX = 4096
# What Pillow and libheif raise for damaged files.
DAMAGES = (OSError, ValueError, SyntaxError, IndexError, EOFError, RuntimeError, OverflowError, struct.error)

pillow_heif.register_heif_opener(thumbnails=False)


def redraw(content: Content, name: str) -> SimpleUploadedFile:
    """The picture without place, camera, comments and whatever else was in the file; turned as it is meant to be seen.

    It is named after what it is. Raises UnfitError if it is no picture of a kind that is known, or has more pixels or
    frames than can be kept in memory and drawn in time.
    """
    out = BytesIO()
    try:
        with Image.open(content.stream, formats=READ) as image:
            _refuse_too_large(image)
            written = WRITTEN[str(image.format)]
            timing: list[int] = []
            frames = [_pixels(frame, written.image_format) for frame in _frames(image, timing)]
            if len(frames) > 1 and written.image_format == "PNG":
                written = WEBP  # Wagtail does not know a PNG that moves
            moves = {
                "save_all": True,
                "append_images": frames[1:],
                "duration": timing,
                "loop": image.info.get("loop", 0),
            }
            frames[0].save(out, written.image_format, **written.options, **(moves if len(frames) > 1 else {}))
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except DAMAGES as error:
        raise _unreadable(content) from error
    new_name = f"{PurePath(name).stem}.{written.ending}"
    return SimpleUploadedFile(new_name, out.getvalue(), content_type=Image.MIME[written.image_format])


def _refuse_too_large(image: Image.Image) -> None:
    """Before anything is unpacked: a few bytes can say that they are gigabytes. Raises UnfitError."""
    pixels = image.width * image.height
    if pixels > settings.UPLOAD_MAX_PIXELS:
        raise _too_many_pixels()
    if image.format not in MOVING:
        return
    # Counting all frames would take as long as drawing them: the first one that is too many is asked for.
    affordable = min(FRAMES_MAX, settings.UPLOAD_MAX_PIXELS // max(pixels, 1))
    try:
        image.seek(affordable)
    except EOFError:
        image.seek(0)
        return
    if affordable < FRAMES_MAX:
        raise _too_many_pixels()
    raise UnfitError(
        _("The picture moves through more than %(limit)d frames. Make it shorter, or upload it as a video (.mp4).")
        % {"limit": FRAMES_MAX}
    )


def _too_many_pixels() -> UnfitError:
    return UnfitError(
        _("The picture has more than %(limit)d million pixels, in all its frames together. Make it smaller.")
        % {"limit": settings.UPLOAD_MAX_PIXELS // MEGAPIXEL}
    )


def _unreadable(content: Content) -> UnfitError:
    """The error to raise for what is none of our formats: names what it is, if that is known."""
    return UnfitError(
        _("This is no picture that can be read (%(found)s). Save it as a JPEG or PNG.")
        % {"found": f".{content.signature or content.ending}"}
    )


def _frames(image: Image.Image, timing: list[int]) -> Iterable[Image.Image]:
    """The pictures one after the other; notes how many milliseconds each is shown. A single one is made smaller."""
    if image.format not in MOVING or getattr(image, "n_frames", 1) == 1:
        image.thumbnail((SIDE_MAX, SIDE_MAX))
        yield image
        return
    for frame in ImageSequence.Iterator(image):
        frame.load()
        timing.append(frame.info.get("duration", 100))
        yield frame


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
