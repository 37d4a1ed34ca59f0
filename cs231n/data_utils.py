"""Labelled pictures as arrays: a few of ImageNet's validation set, and TinyImageNet."""

import ast
import hashlib
import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from tqdm.auto import tqdm

from cs231n.datasets.registry import DataError, as_rgb, cached, imagenet_pictures, package_folder
from cs231n.language import said

COURSE_URL = "https://cs231n.stanford.edu/imagenet_val_25.npz"
COURSE_SHA256 = "35141609d22457c791e8fbe10c2d3b09ed0d6a04b669173e9fbebb0b4915cd3c"
IMAGENET_SIZE = 224
TINY_SIZE = 64

Pictures = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]


def load_imagenet_val(
    num: int | None = None, source: str | Path = "foolbox", *, progress: bool = True
) -> tuple[Pictures, Labels, dict[int, str]]:
    """Load a few pictures of ImageNet's validation set.

    Parameters
    ----------
    num : int, optional
        Only the first `num`; all of them if not given or larger than what there is.
    source : str or Path
        "foolbox": the 20 that the installed package foolbox carries, squeezed to squares, sorted by file.
        "course": the 25 of the course's own ``imagenet_val_25.npz``, downloaded on first use.
        Anything else: the path of a copy of that file.
    progress : bool
        Show a progress bar while downloading.

    Returns
    -------
    X : ndarray, (num, 224, 224, 3), uint8
        RGB.
    y : ndarray, (num,), int64
        Labels, 0 to 999.
    class_names : dict
        Label -> name, all 1000.

    Raises
    ------
    ValueError
        If `num` is negative.
    cs231n.datasets.registry.DataError
        If the pictures cannot be had; the message says why and what to do.

    Examples
    --------
    >>> X, y, class_names = load_imagenet_val(num=2)
    >>> X.shape, [class_names[label] for label in y]
    ((2, 224, 224, 3), ['bull mastiff', 'folding chair'])
    """
    if num is not None and num < 0:
        raise ValueError(said("num is how many pictures to load and cannot be negative: {num}.", num=num))
    if source == "foolbox":
        found = imagenet_pictures()[:num]
        X = np.array([_squeeze(content) for content, _ in found], dtype=np.uint8).reshape(
            -1, IMAGENET_SIZE, IMAGENET_SIZE, 3
        )
        y = np.array([label for _, label in found], dtype=np.int64)
        names = imagenet_class_names()
    else:
        content = _course_file(progress) if source == "course" else _copy_of_course_file(Path(source))
        X, y, names = _unpack_course_file(content)
    return X[:num], y[:num], names


def imagenet_picture(number: int) -> Pictures:
    """Return one picture of `load_imagenet_val`, (224, 224, 3) uint8 RGB, without reading the others.

    Examples
    --------
    >>> imagenet_picture(0).shape
    (224, 224, 3)
    """
    content, _ = imagenet_pictures()[number]
    return _squeeze(content)


def _squeeze(content: bytes) -> Pictures:
    with Image.open(io.BytesIO(content)) as image:
        square = as_rgb(image).resize((IMAGENET_SIZE, IMAGENET_SIZE), Image.Resampling.BICUBIC)
    return np.asarray(square)


def imagenet_class_names() -> dict[int, str]:
    """Return ImageNet's 1000 class names, label -> name, as torchvision's weights record them.

    They are read from torchvision's source text: importing torchvision for them would take seconds.

    Examples
    --------
    >>> imagenet_class_names()[281]
    'tabby'
    """
    source = package_folder("torchvision", "torchvision==0.29.1") / "models" / "_meta.py"
    for statement in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "_IMAGENET_CATEGORIES":
            return dict(enumerate(ast.literal_eval(statement.value)))
    raise DataError(
        said(
            "{source} holds no class names, so this is another version of torchvision than the course's: "
            "run `pip install torchvision==0.29.1`.",
            source=source,
        )
    )


def _course_file(progress: bool) -> bytes:
    return cached("imagenet_val_25.npz", lambda: _download_course_file(progress), _is_course_file)


def _is_course_file(content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == COURSE_SHA256


def _download_course_file(progress: bool) -> bytes:
    import pooch  # only who asks for this file needs it

    without = "load_imagenet_val() without a source loads 20 others and needs no network"
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = pooch.retrieve(
                COURSE_URL,
                known_hash=f"sha256:{COURSE_SHA256}",
                path=folder,
                downloader=pooch.HTTPDownloader(progressbar=progress, timeout=20),
            )
            return Path(path).read_bytes()
    except OSError as error:
        raise DataError(
            said(
                "The course's pictures could not be downloaded from {course_url} ({name}): {without}.",
                course_url=COURSE_URL,
                name=type(error).__name__,
                without=without,
            )
        ) from None
    except ValueError:
        raise DataError(
            said(
                "What {course_url} serves is not the file this course was made with (another SHA-256): "
                "{without}.",
                course_url=COURSE_URL,
                without=without,
            )
        ) from None


def _copy_of_course_file(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            said(
                "{path} cannot be read ({strerror}): load_imagenet_val() without a source needs no file.",
                path=path,
                strerror=error.strerror,
            )
        ) from None
    if not _is_course_file(content):
        raise DataError(
            said(
                "{path} is not the course's imagenet_val_25.npz: fetch it again from {course_url}.",
                path=path,
                course_url=COURSE_URL,
            )
        )
    return content


def _unpack_course_file(content: bytes) -> tuple[Pictures, Labels, dict[int, str]]:
    # The class names are a pickle, which may run code when opened: only the known file gets here
    with np.load(io.BytesIO(content), allow_pickle=True) as file:
        names = {int(label): str(name) for label, name in file["label_map"].item().items()}
        return file["X"], file["y"].astype(np.int64), names


def load_tiny_imagenet(
    path: str | Path,
    dtype: npt.DTypeLike = np.float32,
    subtract_mean: bool = True,
    *,
    progress: bool = True,
) -> dict[str, Any]:
    """Load TinyImageNet, or any data set in its layout.

    Parameters
    ----------
    path : str or Path
        The unpacked folder, with ``wnids.txt``, ``words.txt``, ``train``, ``val`` and ``test``.
    dtype : dtype
        Of the pictures; one that holds negative numbers if `subtract_mean`.
    subtract_mean : bool
        Whether to subtract the mean training picture from every picture.
    progress : bool
        Show a progress bar.

    Returns
    -------
    dict
        class_names : list, one entry for each class in the order of ``wnids.txt``: its list of names.
        X_train, X_val, X_test : ndarray, (N, 3, 64, 64), RGB; a gray picture has three equal channels.
        y_train, y_val : ndarray, (N,), int64: indices into class_names.
        y_test : ndarray like y_val, or None: the public test set has no ``test_annotations.txt``.
        mean_image : ndarray, (3, 64, 64): the mean training picture, in 0..255.

    Raises
    ------
    cs231n.datasets.registry.DataError
        If a file is missing or not a 64 x 64 picture; the message names it.
    ValueError
        If `dtype` cannot hold the difference to the mean.

    Examples
    --------
    >>> data = load_tiny_imagenet("tiny-imagenet-200")  # doctest: +SKIP
    >>> data["X_train"].shape  # doctest: +SKIP
    (100000, 3, 64, 64)
    """
    root, kind = Path(path), np.dtype(dtype)
    if subtract_mean and kind.kind != "f":
        raise ValueError(
            said(
                "subtract_mean needs a floating-point dtype, not {kind}: pass subtract_mean=False.", kind=kind
            )
        )
    wnids = _lines(root / "wnids.txt")
    label_of = {wnid: label for label, wnid in enumerate(wnids)}
    words = dict(_columns(root / "words.txt", 2))
    train = [entry for wnid in wnids for entry in _training_pictures(root / "train" / wnid, label_of[wnid])]
    val = _annotated_pictures(root / "val", "val_annotations.txt", label_of)
    has_answers = (root / "test" / "test_annotations.txt").exists()
    test = (
        _annotated_pictures(root / "test", "test_annotations.txt", label_of)
        if has_answers
        else [(file, -1) for file in sorted((root / "test" / "images").glob("*.JPEG"))]
    )
    X_train, X_val, X_test = (
        _read_pictures([file for file, _ in entries], kind, f"TinyImageNet, {name}", progress)
        for name, entries in (("train", train), ("val", val), ("test", test))
    )
    mean_image = X_train.mean(axis=0, dtype=np.float64).astype(kind)
    if subtract_mean:
        for X in (X_train, X_val, X_test):
            X -= mean_image
    return {
        "class_names": [[name.strip() for name in words.get(wnid, wnid).split(",")] for wnid in wnids],
        "X_train": X_train,
        "y_train": _labels(train),
        "X_val": X_val,
        "y_val": _labels(val),
        "X_test": X_test,
        "y_test": _labels(test) if has_answers else None,
        "mean_image": mean_image,
    }


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise DataError(
            said(
                "TinyImageNet's {path} cannot be read ({strerror}): unpack tiny-imagenet-200.zip and pass "
                "the folder that holds wnids.txt.",
                path=path,
                strerror=error.strerror,
            )
        ) from None


def _columns(path: Path, count: int) -> list[list[str]]:
    rows = [line.split("\t") for line in _lines(path)]
    for number, row in enumerate(rows, start=1):
        if len(row) < count:
            raise DataError(
                said(
                    "Line {number} of {path} has fewer than {count} columns: unpack the file again.",
                    number=number,
                    path=path,
                    count=count,
                )
            )
    return [row[:count] for row in rows]


def _training_pictures(folder: Path, label: int) -> list[tuple[Path, int]]:
    boxes = _columns(folder / f"{folder.name}_boxes.txt", 1)
    return [(folder / "images" / name, label) for (name,) in boxes]


def _annotated_pictures(folder: Path, annotations: str, label_of: dict[str, int]) -> list[tuple[Path, int]]:
    rows = _columns(folder / annotations, 2)
    for name, wnid in rows:
        if wnid not in label_of:
            raise DataError(
                said(
                    "{file} gives {name} the class {wnid}, which wnids.txt lacks.",
                    file=folder / annotations,
                    name=name,
                    wnid=wnid,
                )
            )
    return [(folder / "images" / name, label_of[wnid]) for name, wnid in rows]


def _read_pictures(
    files: Sequence[Path], dtype: np.dtype[Any], description: str, progress: bool
) -> npt.NDArray[Any]:
    pictures = np.empty((len(files), 3, TINY_SIZE, TINY_SIZE), dtype=dtype)
    shown: Iterable[Path] = tqdm(files, desc=description, unit="picture", disable=not progress)
    for picture, file in zip(pictures, shown, strict=True):
        try:
            with Image.open(file) as image:
                pixels = np.asarray(image.convert("RGB"))
        except OSError as error:
            raise DataError(
                said(
                    "{file} cannot be read as a picture ({error}): unpack the file again.",
                    file=file,
                    error=error,
                )
            ) from None
        if pixels.shape[:2] != (TINY_SIZE, TINY_SIZE):
            raise DataError(
                said(
                    "{file} is {width} x {height} pixels and not 64 x 64.",
                    file=file,
                    width=pixels.shape[1],
                    height=pixels.shape[0],
                )
            )
        picture[:] = pixels.transpose(2, 0, 1)
    return pictures


def _labels(entries: Sequence[tuple[Path, int]]) -> Labels:
    return np.array([label for _, label in entries], dtype=np.int64)
