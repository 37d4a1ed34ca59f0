"""The chapters of the gallery, one function for each technique, in the order of the lecture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import matplotlib
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from cs231n import techniques
from cs231n.data_utils import load_imagenet_val
from cs231n.datasets.registry import STYLES
from cs231n.figure_parts import pixels
from cs231n.image_utils import preprocess_image
from cs231n.language import said
from cs231n.lecture import complete
from cs231n.lecture.filters import filters
from cs231n.lecture.formulas import gram_matrix
from cs231n.lecture.gallery.page import Chapter, Plate
from cs231n.lecture.occlusion import occlusion
from cs231n.lecture.patches import maximally_activating_patches
from cs231n.lecture.segmentation import grabcut
from cs231n.plots import HEAT
from cs231n.style_transfer import Losses, Settings, style_transfer
from cs231n.techniques import Unit
from cs231n.techniques.activations import activations
from cs231n.techniques.targets import input_gradient

FOOLED_INTO = 76  # tarantula
CHANNELS = (
    ("features.4", 3),
    ("features.6", 20),
    ("features.7", 60),
    ("features.9", 100),
    ("features.10", 8),
    ("features.12", 40),
)
DEPTHS = ("features.1", "features.3", "features.6", "features.9", "features.12")


@dataclass(frozen=True)
class Subject:
    """The picture, and what the network takes it for.

    Attributes
    ----------
    network : nn.Module
        SqueezeNet.
    path : str
        The picture as a file, or its name.
    x : Tensor of shape (1, 3, H, W)
        Normalised.
    class_names : mapping of int to str
    label : int
        The most probable class.
    """

    network: nn.Module
    path: str
    x: Tensor
    class_names: Mapping[int, str]
    label: int = field(init=False)

    def __post_init__(self) -> None:
        with torch.no_grad():
            object.__setattr__(self, "label", int(self.network(self.x).argmax()))

    @property
    def name(self) -> str:
        """The class in words."""
        return self.class_names[self.label]


def shown(img: Tensor) -> Image.Image:
    """A normalised picture (1, 3, H, W) as it looks."""
    return _image(pixels(img)[0])


def _image(rgb: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8))


def _heat(values: Tensor) -> Image.Image:
    """A map (H, W) in the colours of heat, its brightest half per cent saturated."""
    heat = values.detach().cpu().numpy()
    low, high = min(float(heat.min()), 0.0), float(np.quantile(heat, 0.995))
    return _image(matplotlib.colormaps[HEAT]((heat - low) / max(high - low, 1e-12))[:, :, :3])


def _over(x: Tensor, values: Tensor) -> Image.Image:
    """A map laid over the gray picture, from its lowest value to its highest."""
    size = tuple(x.shape[2:])
    grown = nn.functional.interpolate(values[None, None], size=size, mode="bicubic")[0, 0]
    heat = ((grown - grown.min()) / (grown.max() - grown.min()).clamp(min=1e-12)).numpy()
    gray = pixels(x)[0].mean(axis=2, keepdims=True)
    return _image(0.4 * gray + 0.6 * matplotlib.colormaps[HEAT](heat)[:, :, :3])


def _signed(gradient: Tensor) -> Image.Image:
    """A gradient (1, 3, H, W) around gray."""
    slope = gradient[0].permute(1, 2, 0).numpy()
    return _image(0.5 + 0.5 * slope / max(float(np.quantile(np.abs(slope), 0.995)), 1e-12))


def gradients(subject: Subject) -> Chapter:
    """Saliency and its descendants, side by side."""
    network, x, label = subject.network, subject.x, subject.label
    smooth = techniques.smooth_grad(network, x, label, progress=False)
    integrated = techniques.integrated_gradients(network, x, label, progress=False)
    plates = (
        Plate(
            _heat(input_gradient(network, x, label).abs().amax(1)[0]), said("Saliency: the gradient's size")
        ),
        Plate(_heat(smooth.abs().amax(1)[0]), said("SmoothGrad: its mean over 50 noisy copies")),
        Plate(_heat(integrated.abs().sum(1)[0]), said("Integrated gradients, from gray to the picture")),
        Plate(_signed(complete.guided_backprop(network, x, label)), said("Guided backprop")),
        Plate(
            _over(x, techniques.grad_cam(network, x, label, layer="features.12")[0]),
            said("Grad-CAM, last layer"),
        ),
    )
    return Chapter(
        said("Which pixels count"),
        said(
            "How much would the score of {name} change with each pixel? Five answers by gradients.",
            name=subject.name,
        ),
        "Simonyan et al. 2014; Smilkov et al. 2017; Sundararajan et al. 2017; Springenberg et al. 2015; "
        "Selvaraju et al. 2017",
        plates,
    )


def covering(subject: Subject) -> Chapter:
    """The class probability as a square slides."""
    heat = occlusion(subject.network, subject.x, subject.label, progress=False)[0]
    lowest = float(heat.min())
    return Chapter(
        said("Covering"),
        said(
            "A gray square of 48 pixels slides over the picture. Where the probability of the class falls, what it "
            "covers mattered. The lowest is {lowest}.",
            lowest=f"{lowest:.0%}",
        ),
        "Zeiler, Fergus 2014",
        (
            Plate(_over(subject.x, heat.max() - heat), said("Probability lost")),
            Plate(
                _image(matplotlib.colormaps["viridis"](heat.numpy())[:, :, :3]),
                said("Probability left, 0 to 1"),
                crisp=True,
            ),
        ),
    )


def cutting_out(subject: Subject) -> Chapter:
    """From saliency to an outline."""
    smooth = (
        techniques.smooth_grad(subject.network, subject.x, subject.label, progress=False).abs().amax(1)[0]
    )
    rgb = np.asarray(shown(subject.x))
    mask = grabcut(rgb, smooth)
    cut = np.dstack([rgb, np.where(mask, 255, 0).astype(np.uint8)])
    return Chapter(
        said("Cutting out"),
        said(
            "The network never saw an outline. GrabCut takes the salient pixels for the object, the others for the "
            "ground, and cuts where colours part."
        ),
        "Rother et al. 2004; Simonyan et al. 2014",
        (Plate(_heat(smooth), said("Where SmoothGrad points")), Plate(Image.fromarray(cut), said("Cut out"))),
    )


def fooling(subject: Subject) -> Chapter:
    """The smallest change that makes it something else."""
    goal = FOOLED_INTO if subject.label != FOOLED_INTO else FOOLED_INTO + 1
    found = complete.adversarial(subject.network, subject.x, goal, confidence=10.0, progress=False)
    change = pixels(found.images)[0] - pixels(subject.x)[0]
    goal_name = subject.class_names[goal]
    change_is = {"levels": f"{float(found.largest[0]):.0f}", "margin": f"{float(found.margins[0]):.1f}"}
    text = said(
        "A change of at most {levels} of 255 levels, and the network sees {goal}, by a margin of {margin}.",
        goal=goal_name,
        **change_is,
    )
    survives = (
        said("It survives rounding to 8 bits.")
        if bool(found.survives_8_bits[0])
        else said("It does not survive rounding to 8 bits.")
    )
    return Chapter(
        said("Fooling"),
        f"{text} {survives}",
        "Szegedy et al. 2014; Moosavi-Dezfooli et al. 2016",
        (
            Plate(shown(subject.x), subject.name),
            Plate(shown(found.images), goal_name),
            Plate(_image(0.5 + 30 * change), said("The change, thirty times as strong")),
        ),
    )


def first_filters(subject: Subject) -> Chapter:
    """The first layer, enlarged with hard edges."""
    tiles = filters(subject.network).permute(0, 2, 3, 1).numpy()
    columns = 16
    rows = -(-len(tiles) // columns)
    sheet = np.full((rows * 4 + 1, columns * 4 + 1, 3), 1.0)
    for index, tile in enumerate(tiles):
        top, left = index // columns * 4 + 1, index % columns * 4 + 1
        sheet[top : top + 3, left : left + 3] = tile
    enlarged = _image(sheet).resize((sheet.shape[1] * 12, sheet.shape[0] * 12), Image.Resampling.NEAREST)
    return Chapter(
        said("The first filters"),
        said(
            "What the 64 filters of the first layer look for. They are 3 x 3 pixels small, so little more than edges "
            "and colours has room in them."
        ),
        "Krizhevsky et al. 2012",
        (Plate(enlarged, said("features.0, gray is zero"), wide=True),),
    )


def patches(subject: Subject) -> Chapter:
    """Pieces of other pictures that the same channels like."""
    photographs, _, _ = load_imagenet_val()
    normalised = torch.from_numpy(preprocess_image(photographs)).permute(0, 3, 1, 2).contiguous()
    layer = "features.9"
    with torch.no_grad():
        maps = activations(subject.network, subject.x, layer)[0]
    plates = []
    for channel in maps.mean((1, 2)).topk(3).indices.tolist():
        unit = Unit(layer, channel)
        found = maximally_activating_patches(subject.network, normalised, unit, count=4)
        pieces = [
            _image(photographs[one.image][one.box.top : one.box.bottom, one.box.left : one.box.right] / 255)
            for one in found
        ]
        sheet = Image.new("RGB", (4 * 160 - 8, 152), "white")
        for place, piece in enumerate(pieces):
            sheet.paste(piece.resize((152, 152), Image.Resampling.LANCZOS), (place * 160, 0))
        plates.append(
            Plate(sheet, said("{layer}, channel {channel}", layer=layer, channel=channel), wide=True)
        )
    return Chapter(
        said("What rouses a channel"),
        said(
            "The three channels that this picture rouses most, and the pieces of twenty other pictures that rouse "
            "each of them most: exactly the pixels that the neuron sees."
        ),
        "Zeiler, Fergus 2014; Springenberg et al. 2015",
        tuple(plates),
    )


def painting_a_class(subject: Subject) -> Chapter:
    """The top class, painted from nothing."""
    result = complete.visualize(subject.network, torch.zeros(1, 3, 224, 224), subject.label, progress=False)
    plates = tuple(
        Plate(
            shown(frame.image),
            said("{steps} steps, {share}", steps=frame.iteration, share=f"{frame.value:.0%}"),
        )
        for frame in result.frames
    )
    return Chapter(
        said("What is {name}?", name=subject.name),
        said(
            "A picture painted from nothing by climbing the score of the class, in waves instead of pixels."
        ),
        "Simonyan et al. 2014; Olah et al. 2017",
        plates,
    )


def painting_channels(subject: Subject) -> Chapter:
    """A few channels from shallow to deep."""
    canvas = torch.zeros(1, 3, 128, 128)
    plates = tuple(
        Plate(
            shown(complete.visualize(subject.network, canvas, Unit(*unit), steps=128, progress=False).image),
            said("{layer}, channel {channel}", layer=unit[0], channel=unit[1]),
        )
        for unit in CHANNELS
    )
    return Chapter(
        said("What a channel looks for"),
        said("The same for single channels, from the early layers to the last: strokes, textures, parts."),
        "Erhan et al. 2009; Olah et al. 2017",
        plates,
    )


def dreaming(subject: Subject) -> Chapter:
    """The picture with what three layers find in it made stronger."""
    plates = tuple(
        Plate(
            shown(complete.deepdream(subject.network, subject.x, layer, progress=False)),
            f"features.{layer}",
        )
        for layer in (4, 7, 11)
    )
    return Chapter(
        said("Dreaming"),
        said("Whatever a layer finds in the picture is made stronger, from coarse to fine."),
        "Mordvintsev, Olah, Tyka 2015",
        plates,
    )


def remembering(subject: Subject) -> Chapter:
    """The picture as layers of growing depth know it."""
    plates = tuple(
        Plate(shown(complete.invert(subject.network, subject.x, layer, progress=False)), layer)
        for layer in DEPTHS
    )
    return Chapter(
        said("What a layer remembers"),
        said(
            "Pictures painted until a layer says of them what it says of this one. With depth, place and colour go."
        ),
        "Mahendran, Vedaldi 2015",
        plates,
    )


def repainting(subject: Subject) -> Chapter:
    """The picture in the kit's four styles."""
    losses = Losses(_content_loss, gram_matrix, _style_loss, _tv_loss)
    plates = []
    for style in STYLES:
        settings = Settings(
            subject.path,
            style,
            3e-2,
            (200_000.0, 4_000.0, 100.0, 10.0),
            2e-2,
            content_size=224,
            style_size=224,
        )
        result = style_transfer(
            settings, losses, subject.network, iterations=100, optimizer="lbfgs", progress=False
        )
        plates.append(Plate(shown(result.image), style.replace("_", " ")))
    return Chapter(
        said("Repainting"),
        said("The content of the picture, in the manner of four others that this kit draws itself."),
        "Gatys, Ecker, Bethge 2016",
        tuple(plates),
    )


def _content_loss(weight: float, current: Tensor, original: Tensor) -> Tensor:
    return weight * (current - original).square().sum()


def _style_loss(
    feats: list[Tensor], layers: Sequence[int], targets: list[Tensor], weights: Sequence[float]
) -> Tensor:
    terms = [
        weight * (gram_matrix(feats[layer]) - wanted).square().sum()
        for layer, wanted, weight in zip(layers, targets, weights, strict=True)
    ]
    return torch.stack(terms).sum()


def _tv_loss(img: Tensor, weight: float) -> Tensor:
    down, across = img[:, :, 1:] - img[:, :, :-1], img[:, :, :, 1:] - img[:, :, :, :-1]
    return weight * (down.square().sum() + across.square().sum())


CHAPTERS: tuple[Callable[[Subject], Chapter], ...] = (
    gradients,
    covering,
    cutting_out,
    fooling,
    first_filters,
    patches,
    painting_a_class,
    painting_channels,
    dreaming,
    remembering,
    repainting,
)
