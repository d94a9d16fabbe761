"""A reader's own pictures in a real browser: upload, paste, drop, camera, every kind of bad file, and the link."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnnviz.i18n import Texts
from tests.browser.harness import NewPage, settled
from tests.browser.rooms import params

OWN = re.compile(r"picture=up-[0-9a-f]{32}")


def png(size: tuple[int, int], mode: str = "RGB", colour: int | str = "green") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return out.getvalue()


def opened(page: Page, app_url: str, query: str = "") -> Page:
    page.goto(f"{app_url}/pixels{query}")
    settled(page)
    expect(page.locator(".pictures .upload")).to_be_visible()
    return page


def uploads(page: Page, data: bytes, name: str = "mine.png") -> None:
    file = {"name": name, "mimeType": "image/png", "buffer": data}
    page.locator(".pictures input[type=file]").set_input_files(file)


def whole(page: Page) -> str:
    """The heading over the whole picture: its size."""
    return page.locator(".whole-title").inner_text()


BAD = {
    "zero bytes": (b"", "empty_file"),
    "text named .png": (b"only text, whatever its name says", "not_a_picture"),
    "truncated PNG": (png((400, 400))[:150], "damaged"),
    "bomb": (png((30000, 30000), "1", 0), "too_many_pixels"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "svg"),
    "HEIC": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200), "heic"),
}


@pytest.mark.parametrize("page", [{"locale": "en-US"}, {"locale": "zh-CN"}], indirect=True, ids=["en", "zh"])
def test_every_bad_file_gets_one_sentence_and_the_old_picture_stays(page: Page, app_url: str) -> None:
    opened(page, app_url, "?picture=coins")
    lang = "zh" if page.evaluate("document.documentElement.lang") == "zh-Hans" else "en"
    before = whole(page)
    for name, (data, code) in BAD.items():
        uploads(page, data)
        sentence = Texts(lang)(f"image_errors.{code}", megapixels=900, limit=40, megabytes=0, format="")
        expect(page.locator(".pictures .fault span")).to_have_text(sentence), name
        assert whole(page) == before, name
        assert params(page.url)["picture"] == "coins", name
    page.locator(".pictures .fault button").click()
    expect(page.locator(".pictures .fault")).to_be_hidden()
    settled(page)
    expect(page.locator(".pictures .fault")).to_be_hidden()


def test_a_file_over_the_limit_is_refused_without_being_sent(page: Page, app_url: str, tmp_path: Path) -> None:
    opened(page, app_url)
    large = tmp_path / "mine.png"
    large.write_bytes(bytes(20_500_000))
    page.locator(".pictures input[type=file]").set_input_files(large)
    expect(page.locator(".pictures .fault span")).to_have_text(
        Texts("en")("image_errors.too_many_bytes", megabytes=21, limit=20)
    )


@pytest.mark.parametrize(("size", "heading"), [((1, 1), "1 × 1 × 3"), ((20000, 3), "1 × 1024 × 3")])
def test_the_smallest_and_the_longest_picture_open_in_every_view(
    page: Page, app_url: str, size: tuple[int, int], heading: str
) -> None:
    opened(page, app_url)
    uploads(page, png(size))
    expect(page.locator(".whole-title")).to_contain_text(heading)
    expect(page).to_have_url(OWN)
    for tab in page.locator(".tabs button").all():
        tab.click()
        settled(page)
        expect(page.locator(".view")).to_be_visible()


def test_the_link_of_an_own_picture_opens_in_another_browser(new_page: NewPage, app_url: str) -> None:
    mine, theirs = new_page(), new_page(locale="zh-CN")
    opened(mine, app_url)
    uploads(mine, png((37, 21)))
    expect(mine).to_have_url(OWN)
    theirs.goto(mine.url)
    settled(theirs)
    expect(theirs.locator(".whole-title")).to_contain_text("21 × 37 × 3")


def test_a_link_whose_picture_is_gone_says_so(page: Page, app_url: str) -> None:
    opened(page, app_url, f"?picture=up-{'a' * 32}")
    expect(page.locator(".pictures .fault span")).to_have_text(Texts("en")("pictures.gone"))
    expect(page.locator(".few button", has_text="Cat")).to_have_attribute("aria-pressed", "true")


SEND = """
([data, kind]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "x.png", { type: "image/png" }));
  const init = { bubbles: true, cancelable: true, clipboardData: transfer, dataTransfer: transfer };
  if (kind === "paste") document.body.dispatchEvent(new ClipboardEvent("paste", init));
  else for (const name of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(name, init));
}
"""


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_is_taken_from_anywhere_on_the_page(page: Page, app_url: str, way: str) -> None:
    opened(page, app_url)
    page.evaluate(SEND, [base64.b64encode(png((33, 12))).decode(), way])
    expect(page.locator(".whole-title")).to_contain_text("12 × 33 × 3")


def test_the_gallery_shows_every_sample_and_closes_with_the_choice(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.locator(".pictures .more").click()
    expect(page.locator("dialog.gallery .card")).to_have_count(24)
    thumb = page.locator("dialog.gallery .thumb").last
    expect(thumb).to_have_attribute("style", re.compile("blob:"), timeout=20_000)
    page.locator("dialog.gallery .card", has_text="Moon").click()
    expect(page.locator("dialog.gallery")).to_be_hidden()
    expect(page).to_have_url(re.compile("picture=moon"))


def test_without_a_camera_the_reader_is_told(page: Page, app_url: str) -> None:
    opened(page, app_url)
    page.locator(".row .camera").click()
    t = Texts("en")
    known = "|".join(re.escape(t(f"pictures.camera_{code}")) for code in ("none", "denied", "failed"))
    expect(page.locator("dialog.camera .says")).to_have_text(re.compile(known))
    expect(page.locator("dialog.camera .shoot")).to_be_disabled()
    page.locator("dialog.camera .close").click()
    expect(page.locator("dialog.camera")).to_be_hidden()


def test_what_was_done_to_the_file_is_said(page: Page, app_url: str) -> None:
    opened(page, app_url)
    out = io.BytesIO()
    photo = Image.new("RGB", (40, 20), "navy")
    exif = photo.getexif()
    exif[0x0112] = 6  # lies on its side
    photo.save(out, "JPEG", exif=exif)
    uploads(page, out.getvalue(), "photo.jpg")
    expect(page.locator(".pictures .notes")).to_have_text(Texts("en")("image_notes.exif_turned"))
    expect(page.locator(".whole-title")).to_contain_text("40 × 20 × 3")


CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 48];
  const pen = canvas.getContext("2d");
  const paint = () => { pen.fillStyle = "rgb(200, 40, 30)"; pen.fillRect(0, 0, 64, 48); };
  setInterval(paint, 40);
  paint();
  window.stream = canvas.captureStream(25);
  return window.stream;
};
"""


def test_a_photograph_becomes_the_picture_and_the_camera_is_let_go(page: Page, app_url: str) -> None:
    page.add_init_script(CAMERA)
    opened(page, app_url)
    page.locator(".row .camera").click()
    page.locator("dialog.camera .shoot").click()
    expect(page.locator(".whole-title")).to_contain_text("48 × 64 × 3")
    expect(page).to_have_url(OWN)
    assert page.evaluate("window.stream.getTracks().every((track) => track.readyState === 'ended')")


def test_without_https_the_reader_is_told_what_to_do(page: Page, app_url: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    opened(page, app_url)
    page.locator(".row .camera").click()
    expect(page.locator("dialog.camera .says")).to_have_text(Texts("en")("pictures.camera_https"))
