"""What is stored of a picture: its pixels, turned as they are meant to be seen, and nothing else."""

import io
import struct
import time
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageCms, PngImagePlugin
from wagtail.images.forms import get_image_form

from projects.models import Picture
from projects.uploads import pictures
from projects.uploads.pictures import FRAMES_MAX
from tests.factories import staff_member
from tests.projects.office_files import EXECUTABLE, SVG, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

SECRET = b"Hauptstr. 1"
# EXIF 2.32: turned by 90 degrees; who took it; where.
ORIENTATION, ARTIST, PLACE = 0x0112, 0x013B, 0x8825
TURNED = 6


def store(name: str, raw: bytes) -> Picture:
    """The picture as the form stores it. Raises AssertionError with the errors if it refuses it."""
    form = get_image_form(Picture)({"title": "Bild", "collection": "1"}, {"file": SimpleUploadedFile(name, raw)})
    assert form.is_valid(), form.errors
    stored: Picture = form.save()
    return stored


def errors(name: str, raw: bytes) -> Any:
    form = get_image_form(Picture)({"title": "Bild", "collection": "1"}, {"file": SimpleUploadedFile(name, raw)})
    return form.errors.get("file")


def stored_bytes(image: Picture) -> bytes:
    with image.file.storage.open(image.file.name) as file:
        return bytes(file.read())


def photograph(image_format: str) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = TURNED, SECRET.decode()
    exif.get_ifd(PLACE)[1] = "N"
    options: dict[str, Any] = {"exif": exif.tobytes()}
    if image_format == "JPEG":
        options["comment"] = SECRET
    if image_format == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", SECRET.decode())
        options["pnginfo"] = notes
    return picture(image_format, **options)


@pytest.mark.parametrize(("name", "image_format"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_place_author_and_comments_are_gone_and_the_picture_is_turned(name: str, image_format: str) -> None:
    raw = photograph(image_format)
    assert SECRET in raw
    stored = store(name, raw)
    kept = stored_bytes(stored)
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert image.size == (30, 40)
    assert (stored.width, stored.height) == (30, 40)


def test_what_hides_behind_the_pixels_is_gone() -> None:
    kept = stored_bytes(store("a.png", picture("PNG") + b"<script>alert(1)</script>"))
    assert kept.startswith(b"\x89PNG")
    assert b"script" not in kept


def test_comment_of_a_gif_is_gone_and_it_still_moves() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=[50, 60, 70], comment=SECRET)
    kept = stored_bytes(store("a.gif", out.getvalue()))
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.n_frames == 3  # type: ignore[attr-defined]


def test_second_picture_that_cameras_hide_in_a_jpeg_is_gone() -> None:
    hidden = Image.new("RGB", (8, 8), "red")
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "MPO", save_all=True, append_images=[hidden])
    kept = stored_bytes(store("a.jpg", out.getvalue()))
    with Image.open(io.BytesIO(kept)) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_transparency_stays() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(stored_bytes(store("a.png", out.getvalue())))) as image:
        assert image.getpixel((0, 0)) == (255, 0, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_picture_of_any_mode_is_stored(mode: str) -> None:
    out = io.BytesIO()
    name, image_format = ("a.jpg", "JPEG") if mode == "CMYK" else ("a.png", "PNG")
    Image.new(mode, (8, 8)).save(out, image_format)
    assert store(name, out.getvalue()).width == 8


@pytest.mark.parametrize("is_broken", [False, True])
def test_profile_of_colours_is_applied_and_a_broken_one_ignored(is_broken: bool) -> None:
    raw = b"no profile" if is_broken else ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = stored_bytes(store("a.jpg", picture("JPEG", icc_profile=raw)))
    with Image.open(io.BytesIO(kept)) as image:
        assert "icc_profile" not in image.info


def test_too_many_pixels_are_refused_before_they_are_unpacked(settings: Any) -> None:
    settings.UPLOAD_MAX_PIXELS = 40 * 30 - 1
    assert errors("a.png", picture("PNG"))
    settings.UPLOAD_MAX_PIXELS = 40 * 30
    assert errors("a.png", picture("PNG")) is None


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.svg", SVG),
        ("a.png", SVG),
        ("a.png", EXECUTABLE),
        ("a.png", picture("PNG")[:60]),
        ("a.bmp", picture("BMP")),
        ("a.tif", picture("TIFF")),
    ],
)
def test_what_is_no_picture_we_draw_is_refused_with_what_to_do(name: str, raw: bytes) -> None:
    (error,) = errors(name, raw)
    assert "JPEG oder PNG" in error


@pytest.mark.parametrize(
    ("name", "image_format", "stored_name"),
    [
        ("a.jfif", "JPEG", "a.jpg"),
        ("a.JPE", "JPEG", "a.jpg"),
        ("IMG_1.HEIC", "HEIF", "IMG_1.jpg"),
        ("a.heif", "HEIF", "a.jpg"),
        ("a.jpg", "WEBP", "a.webp"),
        ("a.png", "JPEG", "a.jpg"),
        ("a.heic", "JPEG", "a.jpg"),
    ],
)
def test_picture_is_stored_as_what_browsers_show_and_named_after_it(
    name: str, image_format: str, stored_name: str
) -> None:
    """Whatever a telephone, a browser or a messenger called it."""
    stored = store(name, picture(image_format))
    assert stored.filename.endswith(f"-{stored_name}")
    assert stored.get_rendition("width-20").width == 20


def test_telephone_picture_keeps_neither_place_nor_author() -> None:
    exif = Image.Exif()
    exif[ARTIST] = SECRET.decode()
    raw = picture("HEIF", exif=exif.tobytes())
    assert SECRET in raw
    kept = stored_bytes(store("a.heic", raw))
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()


def tiny_frames(count: int) -> bytes:
    """A GIF of so many frames of one pixel, of fifteen bytes each."""
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\x00\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 28, 28, 0x80, 0, 0) + bytes(3) + b"\xff" * 3 + frame * count + b"\x3b"


def moving(image_format: str, frames: int) -> bytes:
    drawn = [Image.new("RGB", (8, 8), (number * 40 % 256, number // 6, 0)) for number in range(frames)]
    out = io.BytesIO()
    drawn[0].save(out, image_format, save_all=True, append_images=drawn[1:], duration=40)
    return out.getvalue()


def test_picture_of_too_many_frames_is_refused_without_drawing_them() -> None:
    raw = tiny_frames(60_000)
    assert errors("a.gif", tiny_frames(FRAMES_MAX)) is None
    before = time.process_time()
    (error,) = errors("a.gif", raw)
    assert time.process_time() - before < 1
    assert str(FRAMES_MAX) in error


@pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP"])
def test_every_format_that_moves_keeps_its_frames_and_has_the_limit(image_format: str) -> None:
    kept = stored_bytes(store(f"a.{image_format.lower()}", moving(image_format, 3)))
    with Image.open(io.BytesIO(kept)) as image:
        assert image.n_frames == 3  # type: ignore[attr-defined]
    (error,) = errors(f"a.{image_format.lower()}", moving(image_format, FRAMES_MAX + 1))
    assert str(FRAMES_MAX) in error


def test_moving_picture_that_cannot_be_written_is_refused() -> None:
    """WebP, as which a PNG that moves is stored, ends at 16,383 pixels."""
    drawn = [Image.new("1", (17_000, 2), number) for number in range(2)]
    out = io.BytesIO()
    drawn[0].save(out, "PNG", save_all=True, append_images=drawn[1:])
    (error,) = errors("a.png", out.getvalue())
    assert "JPEG oder PNG" in error


def test_pixels_of_all_frames_count(settings: Any) -> None:
    settings.UPLOAD_MAX_PIXELS = 8 * 8 * 3
    assert errors("a.gif", moving("GIF", 3)) is None
    assert errors("a.gif", moving("GIF", 4))


def test_picture_that_only_says_it_is_gigantic_is_refused_for_that() -> None:
    raw = bytearray(picture("PNG"))
    raw[16:24] = struct.pack(">LL", 60_000, 60_000)
    raw[29:33] = struct.pack(">L", zlib.crc32(raw[12:29]))
    (error,) = errors("a.png", bytes(raw))
    assert "Millionen Bildpunkte" in error


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_picture_larger_than_pages_show_is_stored_smaller(image_format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SIDE_MAX", 20)
    stored = store(f"a.{'heic' if image_format == 'HEIF' else image_format.lower()}", photograph(image_format))
    assert (stored.width, stored.height) == (15, 20)


def test_resized_picture_cannot_be_found_by_the_name_of_the_upload(client: Client) -> None:
    rendition = store("rathaus.png", picture("PNG")).get_rendition("width-20")
    assert client.get(rendition.url).status_code == 200
    guessed = rendition.url.rsplit("/", 1)[0] + "/rathaus.width-20.png"
    assert client.get(guessed).status_code == 404
    stem = rendition.url.rsplit("/", 1)[1].split("-", 1)[0]
    assert len(stem) == 16


def test_every_way_into_the_admin_draws_anew(client: Client) -> None:
    """The form, several at once, the chooser, and a replaced file."""
    client.force_login(staff_member())
    replaced = store("alt.png", picture("PNG"))
    upload = SimpleUploadedFile("a.jpg", photograph("JPEG"), content_type="image/jpeg")
    client.post(f"/admin/images/{replaced.pk}/", {"title": "Bild", "collection": "1", "file": upload})
    replaced.refresh_from_db()
    assert replaced.filename.endswith("a.jpg")
    assert SECRET not in stored_bytes(replaced)
    for path, field, prefix in (
        ("/admin/images/add/", "file", ""),
        ("/admin/images/multiple/add/", "files[]", ""),
        ("/admin/images/chooser/create/", "image-chooser-upload-file", "image-chooser-upload-"),
    ):
        upload = SimpleUploadedFile("a.jpg", photograph("JPEG"), content_type="image/jpeg")
        before = Picture.objects.count()
        client.post(path, {f"{prefix}title": "Bild", f"{prefix}collection": "1", field: upload})
        assert Picture.objects.count() == before + 1, path
        assert SECRET not in stored_bytes(Picture.objects.latest("pk")), path
