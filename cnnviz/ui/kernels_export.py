"""The kernel lab as things to take away: programs that give the map, the arrays, a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core.codegen import keras_code, latex_code, numpy_code, per_channel, torch_code
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture
from cnnviz.core.kernel_lab import Floats, feature_maps, in_lab, planes, scales
from cnnviz.core.kernels import rows
from cnnviz.core.scenes.kernels import NOT_PINNED, KernelScene
from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.map_figure import Scale, map_figure
from cnnviz.figures.palette import Pixels, Theme, grey
from cnnviz.i18n import Texts
from cnnviz.ui import share
from cnnviz.ui.kernels_live import nearest
from cnnviz.ui.kernels_maps import CHANNELS, laid_of

Arrays = Mapping[str, npt.NDArray[Any]]
FILE = "cnnviz-kernels-input.npy"
"""The name under which the panel hands out the input: the programs load it."""


def export_of(scene: KernelScene, picture: Picture, t: Texts) -> share.Export:
    """What the share panel offers; everything is computed when a reader asks for it."""
    small, now = in_lab(picture), possible(scene, in_lab(picture))
    writers: dict[str, Callable[..., str]] = {"pytorch": torch_code, "numpy": numpy_code, "keras": keras_code}
    code = {name: partial(program, writer, now, small) for name, writer in writers.items()}
    return share.Export(
        page="kernels",
        scene=scene,
        code={**code, "latex": partial(worked_example, now, small)},
        arrays=partial(arrays, now, small),
        figure=partial(figure, now, small, t),
    )


def possible(scene: KernelScene, picture: Picture) -> KernelScene:
    """The scene, or the nearest that can be laid on the picture."""
    try:
        scene.layer().output_size((picture.height, picture.width))
    except InvalidSpec:
        return nearest(scene)
    return scene


def layer_of(scene: KernelScene, channels: int) -> tuple[ConvSpec, npt.NDArray[Any], npt.NDArray[Any]]:
    """The lab's setting as one layer of torch: its spec, weight and bias.

    >>> spec, weight, bias = layer_of(KernelScene(channels="sum", bias=0.5), 3)
    >>> weight.shape, bias.tolist()
    ((1, 3, 3, 3), [0.5])
    """
    spec, kernel = scene.layer(), scene.effective()
    if scene.channels == "each":
        spec, weight = per_channel(spec, kernel, channels)
    else:
        depth = channels if scene.channels == "sum" else 1
        weight = np.broadcast_to(kernel, (1, depth, *kernel.shape)).copy()
        spec = _with_depth(spec, depth)
    return spec, weight, np.full(spec.out_channels, scene.bias + scene.shifted_by)


def _with_depth(spec: ConvSpec, depth: int) -> ConvSpec:
    padding: Any = spec.padding
    more = {"padding_mode": str(spec.padding_mode), "padding_value": spec.padding_value, "flip": spec.flip}
    return ConvSpec(spec.kernel_size, depth, 1, spec.stride, padding, spec.dilation, 1, **more)  # type: ignore[arg-type]


def laid_on(scene: KernelScene, picture: Picture) -> Floats:
    """The planes the kernel meets, float32 (C, H, W): for a sum of channels, every channel."""
    return planes(picture, "each" if scene.channels == "sum" else scene.channels)


def program(write: Callable[..., str], scene: KernelScene, picture: Picture) -> str:
    """The program in one language; the picture is loaded from the file the panel hands out."""
    spec, weight, bias = layer_of(scene, picture.channels)
    given = bias if bool(np.any(bias)) else None
    return write(spec, laid_on(scene, picture), weight, given, files={"input": FILE}, activation=scene.activation)


def worked_example(scene: KernelScene, picture: Picture) -> str:
    """The arithmetic of the held output pixel, or of the middle one, in LaTeX."""
    spec, weight, bias = layer_of(scene, picture.channels)
    output = spec.output_size((picture.height, picture.width))
    held = scene.at != NOT_PINNED and all(i < n for i, n in zip(scene.at, output, strict=True))
    at = scene.at if held else tuple(n // 2 for n in output)
    return latex_code(spec, laid_on(scene, picture), weight, bias, at=(0, *at))


def maps(scene: KernelScene, picture: Picture) -> Floats:
    """The feature maps on the screen, float32 (C, H', W')."""
    return feature_maps(picture, scene.channels, rows(scene.effective()), laid_of(scene, scene.shifted_by))


def arrays(scene: KernelScene, picture: Picture) -> Arrays:
    """Input (C, H, W), kernel (kh, kw) with the divisor applied, output (C, H', W')."""
    return {"input": laid_on(scene, picture), "kernel": scene.effective(), "output": maps(scene, picture)}


def figure(scene: KernelScene, picture: Picture, t: Texts, theme: str) -> Drawing:
    """Picture, kernel and map side by side, in the colours on the screen."""
    pixels: Pixels = np.stack([grey(plane) for plane in picture.floats()], -1)[:, :, 0]
    pixels = np.repeat(pixels, 3, axis=-1) if pixels.shape[-1] == 1 else pixels
    words = Captions(**{name: t(f"kernels.figure.{name}") for name in ("input", "kernel", "output")})
    shown, scale = _shown(scene, maps(scene, picture))
    return map_figure(pixels, scene.effective(), shown, scale, theme=Theme(theme), captions=words)


def _shown(scene: KernelScene, whole: Floats) -> tuple[npt.NDArray[Any], Scale | None]:
    """The map of the figure and its scale; three channels in a view of pictures become a picture."""
    apart = whole.shape[0] == 3
    channel = CHANNELS.index(scene.channel) if scene.channel in CHANNELS else None
    if apart and channel is None and scene.view in ("clip", "rescale"):
        ends = scales([whole], scene.view, scene.scale, scene.limit)[0]
        return np.stack([grey(plane, ends.low, ends.high)[..., 0] for plane in whole], -1), None
    one = whole[channel or 0]
    ends = scales([one], scene.view, scene.scale, scene.limit)[0]
    if scene.view == "absolute":
        return np.abs(one), Scale(-ends.high, ends.high)
    return one, Scale(ends.low, ends.high, scene.view == "signed")
