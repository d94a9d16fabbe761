"""Files without a browser: `cnnviz gif` and `cnnviz export` give what the share panel gives, or one sentence."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz import cli, export
from cnnviz.core.scenes.convolution import ConvolutionScene
from cnnviz.i18n import Texts
from cnnviz.ui import state
from cnnviz.ui.rooms import rooms


def run(*arguments: str | Path) -> int:
    return cli.main([str(argument) for argument in arguments])


def test_a_film_of_the_step_player_shows_every_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.gif"
    assert run("gif", "--kernel", "sobel_x", "--size", "5", "--out", out) == 0
    with Image.open(out) as film:
        assert film.n_frames == 9  # a 3 x 3 output
    assert capsys.readouterr().out == f"{out}: {out.stat().st_size:,} bytes\n"


def test_the_ending_says_what_kind_of_film(tmp_path: Path) -> None:
    assert run("gif", "--size", "4", "--out", tmp_path / "x.webp", "--theme", "dark", "--lang", "zh") == 0
    with Image.open(tmp_path / "x.webp") as film:
        assert (film.format, film.n_frames) == ("WEBP", 4)
    assert run("gif", "--size", "4", "--out", tmp_path / "x.MP4", "--fps", "4") == 0
    with av.open(str(tmp_path / "x.MP4")) as video:
        assert sum(1 for _ in video.decode(video=0)) >= 4


@pytest.mark.parametrize(
    ("padding", "kernel", "wanted"),
    [
        ("same", "1,1,1;1,1,1;1,1,1", (1, 1, 1, 1)),
        ("same", "1,1;1,1", (0, 1, 0, 1)),
        ("full", "1,1,1", (0, 0, 2, 2)),
        ("valid", "1,1,1", (0, 0, 0, 0)),
        ("1,0,2,0", "1", (1, 0, 2, 0)),
        ("2", "1", (2, 2, 2, 2)),
    ],
)
def test_padding_by_name_is_torchs(padding: str, kernel: str, wanted: tuple[int, ...]) -> None:
    asked = cli.parser().parse_args(["gif", "--out", "x.gif", "--padding", padding, "--kernel", kernel, "--size", "9"])
    scene = export.scene_of(cli.player_link(asked))
    assert isinstance(scene, ConvolutionScene)
    assert scene.padding == wanted


def test_every_option_reaches_the_scene() -> None:
    words = (
        "--input cross --size 7,8 --kernel 1,2;3,-4 --stride 2,1 --padding 1 --dilation 1,2 --mode reflect --bias -0.5"
    )
    asked = cli.parser().parse_args(["gif", "--out", "x.gif", *words.split(), "--flip"])
    scene = export.scene_of(cli.player_link(asked))
    assert scene == ConvolutionScene(
        source="cross",
        size=(7, 8),
        kernel=((1, 2), (3, -4)),
        stride=(2, 1),
        padding=(1, 1, 1, 1),
        dilation=(1, 2),
        mode="reflect",
        bias=-0.5,
        flip=True,
    )


MOVES, CALCULATES = ("convolution", "shapes", "pooling"), ("convolution", "kernels", "shapes", "pooling")
OFFERED = {
    page: {*export.PICTURES, "zip", "py", "html"}
    | ({*export.FILMS} if page in MOVES else set())
    | ({"tex"} if page in CALCULATES else set())
    for page in export.PAGES
} | {"shapes": {*export.PICTURES, *export.FILMS, "py", "tex", "html"}}  # its first view, the formula, has no tensors
FIRST_BYTES = {
    "gif": b"GIF89a", "webp": b"RIFF", "mp4": b"", "png": b"\x89PNG", "svg": b"<?xml", "zip": b"PK", "py": b"",
    "tex": b"", "html": b"<!doctype html>",
}  # fmt: skip


def test_every_page_with_a_share_panel_gives_files() -> None:
    assert set(export.PAGES) == {room.id for room in rooms()}
    assert all(page == known.scene.PAGE for page, known in export.PAGES.items())


@pytest.fixture
def no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails where a file needs the reader's session."""

    def asked(*args: object) -> None:
        raise AssertionError("the session was asked")

    for name in ("preferences", "texts", "scene", "recall", "query"):
        monkeypatch.setattr(state, name, asked)


@pytest.mark.usefixtures("no_session")
@pytest.mark.parametrize("kind", export.KINDS)
@pytest.mark.parametrize("page", export.PAGES)
def test_every_page_gives_what_its_panel_offers(
    page: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"x.{kind}"
    status = run("export", f"http://localhost/{page}?lang=en", out, "--lang", "zh")
    if kind in OFFERED[page]:
        assert status == 0
        made = out.read_bytes()
        assert len(made) > 100
        assert made.startswith(FIRST_BYTES[kind])
        assert kind != "py" or compile(made, "x.py", "exec")
    else:
        assert status == 2
        assert not out.exists()
        assert re.fullmatch(rf"cnnviz: {page} (gives no|does not move).*\n", capsys.readouterr().err)


@pytest.mark.parametrize("page", export.PAGES)
def test_what_is_offered_is_what_the_page_gives(page: str) -> None:
    offer = export.export_of(export.scene_of(page), Texts("en"), "")
    found = {kind for kind, name in export.PROGRAMS.items() if name in offer.code} | {"html"}
    found |= {*export.FILMS} if offer.frames else set()
    found |= {*export.PICTURES} if offer.figure else set()
    found |= {"zip"} if offer.arrays else set()
    assert found == OFFERED[page]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("pixels?view=shift&dx=3", "平移"),
        ("shapes?view=padding", "valid、same、full"),
        ("pooling?view=water&kernel=3&stride=3", "涨"),
        ("lenet?view=why&turn=20", "turn = 20"),
    ],
)
def test_the_handout_is_in_the_language_asked_for(link: str, said: str, tmp_path: Path) -> None:
    out = tmp_path / "x.html"
    assert run("export", f"https://cnn.example/{link}", out, "--lang", "zh") == 0
    text = out.read_text("utf-8")
    assert '<html lang="zh-Hans">' in text
    assert said in text
    address = f"https://cnn.example/{link}".replace("&", "&amp;")
    assert f'<a href="{address}">{address}</a>' in text
    assert 'class="qr"' in text
    assert run("export", link, out) == 0  # the end of a link: nobody knows on which server
    assert "<a " not in out.read_text("utf-8")


def test_a_picture_of_ones_own_is_shown_to_the_network(tmp_path: Path) -> None:
    paper = np.full((64, 64, 3), 255, np.uint8)
    paper[8:56, 28:36] = 0  # a one
    Image.fromarray(paper).save(tmp_path / "one.png")
    out = tmp_path / "x.zip"
    assert run("export", "lenet?picture=up-" + "0" * 32, out, "--picture", tmp_path / "one.png") == 0
    with zipfile.ZipFile(out) as file:
        assert np.load(io.BytesIO(file.read("probabilities.npy"))).argmax() == 1
    assert run("export", "http://a.org/lenet", tmp_path / "x.html", "--picture", tmp_path / "one.png") == 0
    assert "a.org" not in (tmp_path / "x.html").read_text("utf-8")  # that address would not show this picture


LINK = "http://localhost:8501/convolution?in=ramp&size=7&kernel=1,0;-1,2&stride=2&bias=0.5&lang=zh&present=1"


def test_the_tensors_of_a_link_are_torchs(tmp_path: Path) -> None:
    assert run("export", LINK, tmp_path / "x.zip") == 0
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        held = {n: np.load(io.BytesIO(file.read(n))) for n in file.namelist() if n.endswith(".npy")}
    x, w, y = (next(a for n, a in held.items() if part in n) for part in ("input", "kernel", "output"))
    wanted = torch.nn.functional.conv2d(
        torch.tensor(x)[None, None], torch.tensor(w)[None, None], torch.tensor([0.5]), 2
    )
    assert np.array_equal(y, wanted[0, 0].numpy())


def test_the_program_of_a_link_runs(tmp_path: Path) -> None:
    assert run("export", LINK, tmp_path / "x.py") == 0
    done = subprocess.run([sys.executable, str(tmp_path / "x.py")], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_pictures_of_a_link(tmp_path: Path) -> None:
    assert run("export", LINK, tmp_path / "x.png") == 0
    assert run("export", LINK, tmp_path / "dark.png", "--theme", "dark") == 0
    assert run("export", "kernels?picture=coins&kernel=sobel_y", tmp_path / "x.svg") == 0
    with Image.open(tmp_path / "x.png") as light, Image.open(tmp_path / "dark.png") as dark:
        assert light.size == dark.size
        assert light.convert("L").getpixel((0, 0)) > 200 > 60 > dark.convert("L").getpixel((0, 0))
    assert ElementTree.parse(tmp_path / "x.svg").getroot().tag.endswith("}svg")


def test_a_picture_of_ones_own(tmp_path: Path) -> None:
    Image.fromarray(np.full((20, 30, 3), 255, np.uint8)).save(tmp_path / "white.png")
    assert run("export", "kernels?kernel=box_3", tmp_path / "x.zip", "--picture", tmp_path / "white.png") == 0
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        name = next(n for n in file.namelist() if "output" in n and n.endswith(".npy"))
        assert np.load(io.BytesIO(file.read(name)))[0, 5, 5] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gif", "--out", "x.avi"], "'x.avi' does not end in .gif, .webp or .mp4"),
        (["gif", "--out", "x.gif", "--size", "99"], "`size` (=99) cannot be: 99 is not between 1 and 32"),
        (
            ["gif", "--out", "x.gif", "--kernel", "nonsense"],
            "`--kernel` (=nonsense) is neither rows of numbers nor one",
        ),
        (["gif", "--out", "x.gif", "--stride", "0"], "`stride` (=0) cannot be: 0 is not between 1 and 8"),
        (["gif", "--out", "x.gif", "--input", "cat"], "`in` (=cat) cannot be: 'cat' is not one of"),
        (["gif", "--out", "x.gif", "--mode", "reflect", "--padding", "9"], "must be smaller than the input"),
        (["gif", "--out", "x.gif", "--kernel", "1,2;3"], "`kernel` (=1,2;3) cannot be: not a rectangular matrix"),
        (["gif", "--out", "x.gif", "--fps", "1000"], "`fps` (=1000) must be 0.1 to 50"),
        (
            ["export", "nonsense", "x.png"],
            "'nonsense' is not a page that gives files; there are pixels, convolution, kernels, shapes,",
        ),
        (["export", "kernels?stride=99", "x.png"], "`stride` (=99) cannot be: 99 is not between 1 and 16"),
        (["export", "kernels?nonsense=1", "x.png"], "`nonsense` is not a setting of kernels; there are act, at, bank"),
        (["export", "kernels", "x.gif"], "kernels does not move: there is no film of it"),
        (["export", "kernels", "x.exe"], "'x.exe' does not end in one of gif, webp, mp4, png, svg, zip, py, tex, html"),
        (["export", "kernels?picture=up-" + "0" * 32, "x.png"], "is not kept on this computer; name a file"),
        (["export", "shapes?n=2&k=9", "x.png"], "shapes gives no picture for this link"),
        (["export", "pooling?size=2&kernel=3&stride=1", "x.html"], "must"),
        (["export", "lenet?net=resnet", "x.html"], "`net` (=resnet) cannot be: 'resnet' is not one of"),
        (["export", "convolution", "gone/x.png"], "gone/x.png: No such file or directory"),
        (["export", "kernels", "x.png", "--picture", "gone.png"], "gone.png: No such file or directory"),
    ],
)
def test_a_bad_argument_gets_one_sentence_and_no_file(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("cnnviz: ")
    assert message in told
    assert told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
