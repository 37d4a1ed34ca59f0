"""What the ``get_*.sh`` scripts call: make sure now, not in the middle of a notebook, that data is there."""

import argparse
import os
import sys

from tqdm.auto import tqdm

from cs231n.datasets.registry import STYLES, DataError, cache_dir, imagenet_pictures, load_style


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; return 0, or 2 after saying in a sentence what is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m cs231n.datasets",
        description="Check or make the data of the course; no network is needed.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    pictures = commands.add_parser("imagenet-val", help="the ImageNet validation pictures")
    pictures.add_argument("--course", action="store_true", help="also download the course's own 25")
    pictures.set_defaults(run=_imagenet_val)
    weights = commands.add_parser("squeezenet", help="the pretrained network")
    weights.add_argument("--torchvision", action="store_true", help="also download torchvision's weights")
    weights.set_defaults(run=_squeezenet)
    styles = commands.add_parser("styles", help="the style pictures, which the kit draws itself")
    styles.set_defaults(run=_styles)
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _imagenet_val(chosen: argparse.Namespace) -> None:
    print(f"{len(imagenet_pictures())} ImageNet pictures are in the installed package foolbox, all intact.")
    if chosen.course:
        from cs231n.data_utils import load_imagenet_val

        X, _, _ = load_imagenet_val(source="course")
        print(f"{len(X)} pictures of the course's own file are intact, {_kept()}.")


def _squeezenet(chosen: argparse.Namespace) -> None:
    from cs231n.classifiers.ndf_weights import load_weights

    count = sum(values.size for values in load_weights().values())
    print(f"SqueezeNet 1.1 is converted and intact ({count:,} parameters), {_kept()}.")
    if chosen.torchvision:
        from cs231n.classifiers.squeezenet import load_squeezenet

        load_squeezenet("torchvision")
        print("torchvision's weights are there too.")


def _styles(_: argparse.Namespace) -> None:
    for name in tqdm(STYLES, desc="Style pictures", unit="picture"):
        load_style(name)
    print(f"The styles {', '.join(STYLES)} are drawn, {_kept()}.")


def _kept() -> str:
    folder = cache_dir()
    if os.access(folder, os.W_OK):
        return f"kept in {folder}"
    return f"but can be kept nowhere, since {folder} cannot be written: set CS231N_CACHE to a folder that can"


if __name__ == "__main__":
    sys.exit(main())
