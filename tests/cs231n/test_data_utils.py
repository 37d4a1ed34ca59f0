"""The pictures with their labels; the TinyImageNet tree is written here in the layout of the real one."""

import hashlib
import importlib
import re
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from cs231n import data_utils
from cs231n.data_utils import load_imagenet_val, load_tiny_imagenet
from cs231n.datasets.registry import DataError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("CS231N_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


class TestImageNet:
    def test_twenty_pictures_with_labels_and_a_thousand_names(self):
        X, y, class_names = load_imagenet_val()
        assert X.shape == (20, 224, 224, 3)
        assert X.dtype == np.uint8
        assert y.shape == (20,)
        assert y.dtype == np.int64
        assert sorted(class_names) == list(range(1000))
        assert class_names[y[0]] == "bull mastiff"
        assert (y == 609).sum() == 2

    def test_the_order_is_that_of_the_files(self):
        foolbox = pytest.importorskip("foolbox", exc_type=ImportError)
        files = sorted((Path(foolbox.__file__).parent / "data").glob("imagenet_*.jpg"))
        X, y, _ = load_imagenet_val()
        assert y.tolist() == [int(file.stem.split("_")[2]) for file in files]
        for picture, file in zip(X, files, strict=True):
            # the whole picture is there, squeezed: its mean colour is that of the file
            whole = np.asarray(Image.open(file).convert("RGB"))
            assert np.abs(picture.mean((0, 1)) - whole.mean((0, 1))).max() < 1

    def test_the_names_are_those_of_torchvisions_weights(self):
        models = importlib.import_module("torchvision.models")
        expected = models.SqueezeNet1_1_Weights.IMAGENET1K_V1.meta["categories"]
        assert data_utils.imagenet_class_names() == dict(enumerate(expected))

    @pytest.mark.parametrize(("num", "count"), [(5, 5), (0, 0), (99, 20)])
    def test_num_is_how_many_at_most(self, num, count):
        X, y, _ = load_imagenet_val(num=num)
        assert len(X) == len(y) == count
        np.testing.assert_array_equal(y, load_imagenet_val()[1][:count])

    def test_a_negative_num_is_refused(self):
        with pytest.raises(ValueError, match="cannot be negative"):
            load_imagenet_val(-1)

    def test_loading_imports_none_of_the_packages_that_carry_the_files(self):
        program = (
            "import sys; from cs231n.data_utils import load_imagenet_val; load_imagenet_val(); "
            "print(sorted({'foolbox', 'torch', 'torchvision', 'pooch'} & set(sys.modules)))"
        )
        result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)
        assert result.stdout.strip() == b"[]"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def course_file(tmp_path, monkeypatch) -> Path:
    """A small file in the form of the course's, served on this machine, its hash taken for the known one."""
    path = tmp_path / "served" / "imagenet_val_25.npz"
    path.parent.mkdir()
    X = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), dtype=np.uint8)
    np.savez(
        path,
        X=X,
        y=np.array([7, 8, 9]),
        label_map=np.array({7: "cock", 8: "hen", 9: "ostrich"}, dtype=object),
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=path.parent))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setattr(data_utils, "COURSE_URL", f"http://127.0.0.1:{server.server_port}/{path.name}")
    monkeypatch.setattr(data_utils, "COURSE_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    yield path
    server.shutdown()
    server.server_close()


class TestTheCoursesOwnFile:
    def test_is_downloaded_once_and_kept(self, course_file, cache):
        X, y, class_names = load_imagenet_val(2, source="course", progress=False)
        assert X.shape == (2, 224, 224, 3)
        assert y.tolist() == [7, 8]
        assert class_names == {7: "cock", 8: "hen", 9: "ostrich"}
        assert [file.name for file in cache.iterdir()] == ["imagenet_val_25.npz"]
        course_file.unlink()
        np.testing.assert_array_equal(load_imagenet_val(2, source="course")[0], X)

    def test_may_be_given_as_a_path(self, course_file):
        assert load_imagenet_val(source=course_file)[1].tolist() == [7, 8, 9]
        assert load_imagenet_val(source=str(course_file))[1].tolist() == [7, 8, 9]

    def test_is_not_opened_if_it_is_another_file(self, course_file, monkeypatch):
        monkeypatch.setattr(data_utils, "COURSE_SHA256", "0" * 64)
        monkeypatch.setattr(np, "load", lambda *_, **__: pytest.fail("an unknown pickle was opened"))
        with pytest.raises(DataError, match=r"serves is not the file .* needs no network"):
            load_imagenet_val(source="course", progress=False)
        with pytest.raises(DataError, match=r"is not the course's imagenet_val_25.npz: fetch it again"):
            load_imagenet_val(source=course_file)

    def test_out_of_reach_is_one_sentence_with_the_way_out(self, monkeypatch):
        monkeypatch.setattr(data_utils, "COURSE_URL", "http://127.0.0.1:9/imagenet_val_25.npz")
        with pytest.raises(
            DataError, match=r"could not be downloaded .* loads 20 others and needs no"
        ) as caught:
            load_imagenet_val(source="course")
        assert "\n" not in str(caught.value)
        assert caught.value.__suppress_context__

    def test_a_path_that_does_not_exist_is_named(self):
        with pytest.raises(DataError, match=r"nowhere\.npz cannot be read"):
            load_imagenet_val(source="nowhere.npz")


WNIDS = ("n02124075", "n01443537")  # not in the order of the alphabet: wnids.txt alone decides
COLOURS = {"n02124075": (200, 60, 30), "n01443537": (20, 90, 220)}


def write_picture(path: Path, colour: tuple[int, int, int] | int, size: int = 64) -> np.ndarray:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L" if isinstance(colour, int) else "RGB", (size, size), colour).save(path, quality=95)
    return np.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1).astype(np.float64)


@pytest.fixture
def tiny(tmp_path) -> Path:
    root = tmp_path / "tiny-imagenet-200"
    for wnid, colour in COLOURS.items():
        folder = root / "train" / wnid
        for number in range(2):
            write_picture(folder / "images" / f"{wnid}_{number}.JPEG", tuple(c + number for c in colour))
        boxes = "".join(f"{wnid}_{number}.JPEG\t0\t0\t62\t62\n" for number in range(2))
        (folder / f"{wnid}_boxes.txt").write_text(boxes)
    write_picture(root / "train" / WNIDS[1] / "images" / f"{WNIDS[1]}_1.JPEG", 130)  # a gray one
    (root / "wnids.txt").write_text("\n".join(WNIDS) + "\n")
    (root / "words.txt").write_text(
        "n00001740\tentity\nn01443537\tgoldfish, Carassius auratus\nn02124075\tEgyptian cat\n"
    )
    for number, wnid in enumerate((WNIDS[1], WNIDS[0], WNIDS[1])):
        write_picture(root / "val" / "images" / f"val_{number}.JPEG", COLOURS[wnid])
    (root / "val" / "val_annotations.txt").write_text(
        "".join(
            f"val_{number}.JPEG\t{wnid}\t0\t32\t44\t62\n"
            for number, wnid in ((2, WNIDS[1]), (0, WNIDS[1]), (1, WNIDS[0]))
        )
    )
    for number in (10, 2):
        write_picture(root / "test" / "images" / f"test_{number}.JPEG", number)
    return root


class TestTinyImageNet:
    def test_arrays_have_the_courses_names_shapes_and_types(self, tiny):
        data = load_tiny_imagenet(tiny, progress=False)
        assert set(data) == {
            *("class_names", "X_train", "y_train", "X_val", "y_val", "X_test", "y_test", "mean_image")
        }
        shapes = {name: data[name].shape for name in ("X_train", "X_val", "X_test", "mean_image")}
        assert shapes == {
            "X_train": (4, 3, 64, 64),
            "X_val": (3, 3, 64, 64),
            "X_test": (2, 3, 64, 64),
            "mean_image": (3, 64, 64),
        }
        assert all(data[name].dtype == np.float32 for name in shapes)
        assert data["y_train"].dtype == data["y_val"].dtype == np.int64

    def test_labels_follow_wnids_and_names_follow_words(self, tiny):
        data = load_tiny_imagenet(tiny, subtract_mean=False, progress=False)
        assert data["class_names"] == [["Egyptian cat"], ["goldfish", "Carassius auratus"]]
        assert data["y_train"].tolist() == [0, 0, 1, 1]
        assert data["y_val"].tolist() == [1, 1, 0]
        for X, y in ((data["X_train"][:3], data["y_train"][:3]), (data["X_val"], data["y_val"])):
            for picture, label in zip(X, y, strict=True):
                expected = np.reshape(COLOURS[WNIDS[label]], (3, 1, 1))
                assert np.abs(picture - expected).max() <= 3  # JPEG rounds

    def test_a_gray_picture_has_three_equal_channels(self, tiny):
        gray = load_tiny_imagenet(tiny, subtract_mean=False, progress=False)["X_train"][3]
        np.testing.assert_array_equal(gray, np.full((3, 64, 64), 130))

    def test_the_mean_of_the_training_pictures_is_subtracted_from_all(self, tiny):
        raw = load_tiny_imagenet(tiny, dtype=np.float64, subtract_mean=False, progress=False)
        data = load_tiny_imagenet(tiny, dtype=np.float64, progress=False)
        mean = sum(raw["X_train"]) / 4
        np.testing.assert_allclose(data["mean_image"], mean)
        for name in ("X_train", "X_val", "X_test"):
            np.testing.assert_allclose(data[name], raw[name] - mean)

    def test_the_public_test_set_has_no_labels(self, tiny):
        data = load_tiny_imagenet(tiny, subtract_mean=False, progress=False)
        assert data["y_test"] is None
        assert data["X_test"][:, 0, 0, 0].tolist() == [10, 2]  # by name: test_10 before test_2

    def test_a_test_set_with_annotations_has_labels(self, tiny):
        (tiny / "test" / "test_annotations.txt").write_text(
            f"test_2.JPEG\t{WNIDS[1]}\ntest_10.JPEG\t{WNIDS[0]}\n"
        )
        data = load_tiny_imagenet(str(tiny), subtract_mean=False, progress=False)
        assert data["y_test"].tolist() == [1, 0]
        assert data["X_test"][:, 0, 0, 0].tolist() == [2, 10]

    def test_integers_hold_pictures_but_no_differences(self, tiny):
        assert (
            load_tiny_imagenet(tiny, np.uint8, subtract_mean=False, progress=False)["X_val"].dtype == np.uint8
        )
        with pytest.raises(ValueError, match="subtract_mean=False"):
            load_tiny_imagenet(tiny, np.uint8)

    def test_progress_is_shown_unless_told_otherwise(self, tiny, capsys):
        load_tiny_imagenet(tiny, progress=False)
        assert capsys.readouterr().err == ""
        load_tiny_imagenet(tiny)
        assert "TinyImageNet, train: 100%" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "missing",
        [
            "wnids.txt",
            "words.txt",
            "train/n02124075/n02124075_boxes.txt",
            "train/n01443537/images/n01443537_0.JPEG",
            "val/val_annotations.txt",
        ],
    )
    def test_a_missing_file_is_named(self, tiny, missing):
        (tiny / missing).unlink()
        with pytest.raises(DataError, match=rf"{re.escape(missing)}.*unpack"):
            load_tiny_imagenet(tiny, progress=False)

    def test_a_file_that_is_not_as_it_should_be_is_named(self, tiny):
        write_picture(tiny / "val" / "images" / "val_1.JPEG", 9, size=32)
        with pytest.raises(DataError, match=r"val_1\.JPEG is 32 x 32 pixels and not 64 x 64"):
            load_tiny_imagenet(tiny, progress=False)
        (tiny / "val" / "val_annotations.txt").write_text("val_0.JPEG\tn99999999\n")
        with pytest.raises(DataError, match=r"the class n99999999, which wnids\.txt lacks"):
            load_tiny_imagenet(tiny, progress=False)
        (tiny / "words.txt").write_text("n02124075 Egyptian cat\n")
        with pytest.raises(DataError, match=r"Line 1 of .*words\.txt has fewer than 2 columns"):
            load_tiny_imagenet(tiny, progress=False)
