"""What the ``get_*.sh`` scripts call: make sure now, not in the middle of a notebook, that data is there."""

import argparse
import os
import sys

from tqdm.auto import tqdm

from cs231n.command_lines import Parser
from cs231n.datasets.registry import STYLES, DataError, cache_dir, imagenet_pictures, load_style
from cs231n.language import said


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; return 0, or 2 after saying in a sentence what is wrong."""
    parser = Parser(
        prog="python -m cs231n.datasets",
        description=said("Check or make the data of the course; no network is needed."),
    )
    commands = parser.add_subparsers(required=True, dest="command")
    pictures = commands.add_parser("imagenet-val", help=said("the ImageNet validation pictures"))
    pictures.add_argument("--course", action="store_true", help=said("also download the course's own 25"))
    pictures.set_defaults(run=_imagenet_val)
    weights = commands.add_parser("squeezenet", help=said("the pretrained network"))
    weights.add_argument(
        "--torchvision", action="store_true", help=said("also download torchvision's weights")
    )
    weights.set_defaults(run=_squeezenet)
    styles = commands.add_parser("styles", help=said("the style pictures, which the kit draws itself"))
    styles.set_defaults(run=_styles)
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except DataError as error:
        print(said("error: {error}", error=error), file=sys.stderr)
        return 2
    return 0


def _imagenet_val(chosen: argparse.Namespace) -> None:
    count = len(imagenet_pictures())
    print(said("{count} ImageNet pictures are in the installed package foolbox, all intact.", count=count))
    if chosen.course:
        from cs231n.data_utils import load_imagenet_val

        X, _, _ = load_imagenet_val(source="course")
        print(
            said("{count} pictures of the course's own file are intact, {kept}.", count=len(X), kept=_kept())
        )


def _squeezenet(chosen: argparse.Namespace) -> None:
    from cs231n.classifiers.ndf_weights import load_weights

    count = sum(values.size for values in load_weights().values())
    print(
        said(
            "SqueezeNet 1.1 is converted and intact ({count:,} parameters), {kept}.",
            count=count,
            kept=_kept(),
        )
    )
    if chosen.torchvision:
        from cs231n.classifiers.squeezenet import load_squeezenet

        load_squeezenet("torchvision")
        print(said("torchvision's weights are there too."))


def _styles(_: argparse.Namespace) -> None:
    for name in tqdm(STYLES, desc=said("Style pictures"), unit=said("picture")):
        load_style(name)
    print(said("The styles {styles} are drawn, {kept}.", styles=", ".join(STYLES), kept=_kept()))


def _kept() -> str:
    folder = cache_dir()
    if os.access(folder, os.W_OK):
        return said("kept in {folder}", folder=folder)
    return said(
        "but can be kept nowhere, since {folder} cannot be written: set CS231N_CACHE to a folder that can",
        folder=folder,
    )


if __name__ == "__main__":
    sys.exit(main())
