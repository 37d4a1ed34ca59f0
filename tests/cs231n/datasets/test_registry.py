"""Every picture has one name, one place and one hash, and whatever is wrong with it is said in a sentence."""

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cs231n.datasets import registry
from cs231n.datasets.__main__ import main
from cs231n.datasets.hashes import IMAGENET_PICTURES
from cs231n.datasets.registry import (
    PHOTOGRAPHS,
    STYLES,
    DataError,
    cache_dir,
    imagenet_pictures,
    load_photograph,
    load_style,
    picture,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("CS231N_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """Fast drawings instead of the real ones; returns the names of what was drawn."""
    names: list[str] = []

    def draw(name: str, size: int) -> np.ndarray:
        names.append(name)
        return np.random.default_rng(len(name)).integers(0, 256, (size, size, 3), dtype=np.uint8)

    procedural = importlib.import_module("cs231n.datasets.procedural")
    fakes = {name: lambda size=512, name=name: draw(name, size) for name in STYLES}
    monkeypatch.setattr(procedural, "DRAW", fakes, raising=False)
    return names


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "styles"
    folder.mkdir()
    monkeypatch.setattr(registry, "STYLES_FOLDER", folder)
    return folder


class TestPhotographs:
    @pytest.mark.parametrize("name", PHOTOGRAPHS)
    def test_are_rgb_and_large_enough_for_the_network(self, name):
        photograph = load_photograph(name)
        assert photograph.mode == "RGB"
        assert min(photograph.size) >= 300

    def test_are_what_their_package_shows(self):
        data = pytest.importorskip("skimage.data")
        np.testing.assert_array_equal(np.asarray(load_photograph("chelsea")), data.chelsea())

    def test_of_an_unknown_name_are_listed(self):
        with pytest.raises(DataError, match="no photograph 'lena': choose one of chelsea, astronaut"):
            load_photograph("lena")

    def test_of_a_missing_package_say_what_to_install(self, monkeypatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        with pytest.raises(
            DataError, match=r"scikit-image, .* is not installed: run `pip install scikit-image==0"
        ):
            load_photograph("coffee")

    def test_that_are_missing_or_altered_say_what_to_reinstall(self, tmp_path, monkeypatch):
        monkeypatch.setattr(registry, "package_folder", lambda *_: tmp_path)
        with pytest.raises(DataError, match=r"coffee\.png cannot be read \(No such file.*--force-reinstall"):
            load_photograph("coffee")
        (tmp_path / "data").mkdir()
        Image.new("RGB", (9, 9)).save(tmp_path / "data" / "coffee.png")
        with pytest.raises(DataError, match=r"coffee\.png is not the file .*scikit-image==0\.26\.0`"):
            load_photograph("coffee")

    def test_are_found_without_importing_their_packages(self):
        program = (
            "import sys; from cs231n.datasets.registry import *; from cs231n.datasets import registry as r;"
            "[r.load_photograph(name) for name in r.PHOTOGRAPHS]; r.imagenet_pictures();"
            "print(sorted({'skimage', 'sklearn', 'matplotlib', 'foolbox', 'numpy'} & set(sys.modules)))"
        )
        result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)
        assert result.stdout.strip() == b"[]"

    def test_requirements_are_those_of_the_kit(self):
        pinned = (ROOT / "requirements.txt").read_text().splitlines()
        named = {file.requirement for file in registry._PHOTOGRAPH_FILES.values()}
        assert {*named, registry.NDF_WEIGHTS.requirement, "foolbox==3.3.4", "torchvision==0.29.1"} <= set(
            pinned
        )


class TestImageNetPictures:
    def test_are_twenty_sorted_by_file_with_the_label_in_the_name(self):
        found = imagenet_pictures()
        assert len(found) == 20
        names = sorted(IMAGENET_PICTURES)
        assert [label for _, label in found] == [int(name[:-4].split("_")[2]) for name in names]
        assert [hashlib.sha256(content).hexdigest() for content, _ in found] == [
            IMAGENET_PICTURES[n] for n in names
        ]

    def test_of_another_version_are_refused(self, monkeypatch):
        monkeypatch.setitem(registry.IMAGENET_PICTURES, "imagenet_03_990.jpg", "0" * 64)
        with pytest.raises(DataError, match=r"imagenet_03_990\.jpg is not the file .* foolbox==3"):
            imagenet_pictures()


class TestStyles:
    def test_are_drawn_once_and_kept(self, drawn, cache):
        first = load_style("flow")
        assert first.mode == "RGB"
        assert first.size == (512, 512)
        np.testing.assert_array_equal(np.asarray(load_style("flow")), np.asarray(first))
        assert drawn == ["flow"]
        assert len(list(cache.iterdir())) == 1

    @pytest.mark.parametrize("where", [0.0, 0.01, 0.5, 0.999])
    def test_when_damaged_are_drawn_anew(self, drawn, cache, where):
        whole = np.asarray(load_style("marbling"))
        (file,) = cache.iterdir()
        content = bytearray(file.read_bytes())
        content[int(where * len(content))] ^= 255
        file.write_bytes(content)
        np.testing.assert_array_equal(np.asarray(load_style("marbling")), whole)
        assert drawn == ["marbling", "marbling"]

    def test_are_drawn_anew_when_the_program_changes(self, drawn, monkeypatch):
        load_style("woodblock")
        monkeypatch.setattr(registry, "_drawing_version", lambda: "changed")
        load_style("woodblock")
        assert drawn == ["woodblock"] * 2

    def test_are_drawn_where_nothing_can_be_kept(self, drawn, tmp_path, monkeypatch):
        (tmp_path / "file").touch()
        monkeypatch.setenv("CS231N_CACHE", str(tmp_path / "file"))
        assert load_style("stained_glass").size == (512, 512)

    def test_of_an_unknown_name_are_listed(self):
        with pytest.raises(DataError, match="no style picture 'cubism': choose one of flow, stained_glass"):
            load_style("cubism")

    def test_are_those_that_can_be_drawn(self):
        assert tuple(importlib.import_module("cs231n.datasets.procedural").DRAW) == STYLES


class TestPicture:
    def test_finds_photographs_and_styles_by_name(self, drawn):
        assert picture("rocket").size == load_photograph("rocket").size
        assert picture("flow").size == (512, 512)

    def test_finds_a_students_own_with_or_without_its_ending(self, own):
        Image.new("RGB", (30, 20), "red").save(own / "mine.JPG")
        assert picture("mine").size == picture("mine.JPG").size == (30, 20)

    def test_finds_a_file_by_its_path(self, own, tmp_path, monkeypatch):
        Image.new("RGBA", (5, 4)).save(tmp_path / "other.png")
        monkeypatch.chdir(tmp_path)
        for path in (tmp_path / "other.png", str(tmp_path / "other.png"), "other.png"):
            assert picture(path).mode == "RGB"

    def test_of_an_unknown_name_lists_what_there_is(self, own):
        Image.new("L", (9, 9)).save(own / "sketch.png")
        (own / "README.md").write_text("not a picture")
        with pytest.raises(DataError, match=r"'lena': .*chelsea.*flow.*datasets/styles/ \(sketch\)"):
            picture("lena")

    def test_that_is_no_picture_says_so(self, own):
        (own / "note.png").write_text("hello")
        with pytest.raises(DataError, match=r"note\.png cannot be read as a picture"):
            picture("note")


class TestTheCacheFolder:
    def test_is_where_the_variable_says(self, cache):
        assert cache_dir() == cache
        assert cache.is_dir()

    def test_filled_by_one_user_is_read_by_another(self, cache):
        before = os.umask(0o022)
        try:
            registry.cached("a", lambda: b"made", lambda _: True)
        finally:
            os.umask(before)
        assert (cache / "a").stat().st_mode & 0o777 == 0o644

    def test_is_the_users_by_default(self, tmp_path, monkeypatch):
        monkeypatch.delenv("CS231N_CACHE")
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert cache_dir() == tmp_path / "xdg" / "cs231n-kit"
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setattr(Path, "home", lambda: tmp_path)
        assert cache_dir() == tmp_path / ".cache" / "cs231n-kit"
        monkeypatch.setattr(sys, "platform", "darwin")
        assert cache_dir() == tmp_path / "Library" / "Caches" / "cs231n-kit"

    def test_is_a_temporary_one_for_a_user_without_a_home(self, tmp_path, monkeypatch):
        def homeless():
            raise RuntimeError("Could not determine home directory.")

        monkeypatch.delenv("CS231N_CACHE")
        monkeypatch.setattr(Path, "home", homeless)
        monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
        assert cache_dir().is_dir()
        assert cache_dir().is_relative_to(tmp_path)


SCRIPTS = {
    "get_imagenet_val.sh": "20 ImageNet pictures",
    "get_squeezenet.sh": "1,235,496 parameters",
    "get_assignment3_data.sh": "The styles",
}


class TestScripts:
    @pytest.mark.parametrize(
        "script",
        [
            "get_imagenet_val.sh",
            "get_squeezenet.sh",
            pytest.param("get_assignment3_data.sh", marks=pytest.mark.long),  # it draws four styles anew
        ],
    )
    def test_work_from_any_folder(self, script, tmp_path, cache):
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "CS231N_CACHE": str(cache),
        }
        result = subprocess.run(
            [ROOT / "datasets" / script], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stderr
        assert SCRIPTS[script] in result.stdout

    def test_prefer_the_kits_own_environment(self, tmp_path):
        (tmp_path / "a kit" / "datasets").mkdir(parents=True)
        (tmp_path / "a kit" / ".venv" / "bin").mkdir(parents=True)
        python = tmp_path / "a kit" / ".venv" / "bin" / "python"
        python.write_text('#!/bin/sh\necho "own: $*, in $(basename "$PWD")"\n')
        python.chmod(0o755)
        script = tmp_path / "a kit" / "datasets" / "get_styles.sh"
        shutil.copy(ROOT / "datasets" / "get_styles.sh", script)
        result = subprocess.run([script, "--more"], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert result.stdout == "own: -m cs231n.datasets styles --more, in a kit\n"

    def test_are_executable_and_explained(self):
        readme = (ROOT / "datasets" / "README.md").read_text()
        for script in (ROOT / "datasets").glob("*.sh"):
            assert os.access(script, os.X_OK)
            assert "set -euo pipefail" in script.read_text()
            assert script.name in readme

    def test_styles_draws_all_four(self, drawn, capsys, cache):
        assert main(["styles"]) == 0
        assert drawn == list(STYLES)
        assert f"kept in {cache}" in capsys.readouterr().out

    def test_what_is_wrong_is_said_without_a_traceback(self, monkeypatch, capsys):
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        assert main(["imagenet-val"]) == 2
        assert capsys.readouterr().err.startswith("error: The package foolbox")
