"""The gallery's command line.

python -m cs231n.lecture.gallery --out DIR [--image FILE]
"""

import os
import sys
import tempfile
from pathlib import Path

import torch
from PIL import Image, ImageOps
from tqdm.auto import tqdm

from cs231n.classifiers.squeezenet import load_squeezenet
from cs231n.command_lines import Parser
from cs231n.data_utils import imagenet_class_names
from cs231n.datasets.registry import DataError, picture
from cs231n.image_utils import preprocess
from cs231n.language import said
from cs231n.lecture.gallery.chapters import CHAPTERS, Subject, shown
from cs231n.lecture.gallery.page import page

_DEFAULT = "chelsea"
_SIDE = 224
_LONGEST = 1.5  # sides; more is cut off, or a panorama would take minutes


def make(image: Image.Image, name: str) -> str:
    """Return the page on a picture.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    name : str
        How the page calls it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.png"
        _cut(image).save(path)
        x = preprocess(picture(path), size=_SIDE)
        subject = Subject(load_squeezenet(progress=False), str(path), x, imagenet_class_names())
        with torch.no_grad():
            probability = float(subject.network(x).softmax(1)[0, subject.label])
        done = []
        for chapter in (bar := tqdm(CHAPTERS, desc="gallery", unit="chapter")):
            bar.set_postfix_str(chapter.__name__.replace("_", " "))
            done.append(chapter(subject))
    lead = said(
        "SqueezeNet takes it for {name}, with a probability of {share}. What does it see?",
        name=subject.name,
        share=f"{probability:.0%}",
    )
    return page(said("Looking into a network: {name}", name=name), lead, shown(x), done)


def _cut(image: Image.Image) -> Image.Image:
    width, height = image.size
    size = min(width, round(_LONGEST * height)), min(height, round(_LONGEST * width))
    return ImageOps.fit(image, size) if size != image.size else image


def write(text: str, path: Path) -> None:
    """Write a file wholly or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        try:
            file.write(text)
            file.close()
            Path(file.name).chmod(0o644)
            os.replace(file.name, path)  # noqa: PTH105
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the page is written, 2 if the picture cannot be read or the page not written."""
    parser = Parser(
        prog="python -m cs231n.lecture.gallery",
        description=said("All techniques on one picture, as one page."),
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=said("the page is DIR/index.html")
    )
    parser.add_argument(
        "--image", default=_DEFAULT, metavar="FILE", help=said("a picture; one of the kit's by default")
    )
    chosen = parser.parse_args(arguments)
    path = chosen.out / "index.html"
    try:
        image = picture(chosen.image)
        write(make(image, Path(chosen.image).stem.replace("_", " ")), path)
    except (DataError, OSError) as error:
        print(f"gallery: {error}", file=sys.stderr)
        return 2
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
