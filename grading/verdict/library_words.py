"""The words that messages of PyTorch, NumPy and Python are made of, and the names that they use.

Every other word of a message may be one that student code put there (`grading.verdict.private_inputs`).
"""

from __future__ import annotations

import builtins
import functools
import types

import numpy as np
import torch

from cs231n.classifiers.small import SmallSqueezeNet
from cs231n.classifiers.squeezenet import SqueezeNet

_WORDS = frozenset("""
Boolean Byte C Can Cannot Concatenation DefaultCPUAllocator Did Dimension Double Error Exp Expected Float Given Got
Half Hint If Index Input Int Long Mismatch No NumPy One Only Please Python Saved Scalar Set Sizes Specify Target
Tensors The Trying Unable Use Variable Variables a access across after aligned allocate allow_unused along already
alloc_cpu ambiguous an and anomaly any appears are argument arguments array arrays as associated at attempting
attribute axis b backward bad base batch batched batch_size be because been behavior being bias boolean bounds
broadcast builtin_function_or_method but by byte bytes call callable calling can cannot cast change channels char code
com combination compatible complex computation compute computed constructor contiguous convert converted core
corresponding could cpu created cuda d data deepcopy defined desired detection device devices did different
differentiated differentiation dim dimension dimensional dimensions dims directly division do does doesn double driver
dtype each either element elements ellipsis empty enable enforce enough entry enum equal err error except existing
expanded expected expects explicitly fail failed fill find first float floating for freed from function given got grad
grad_fn grad_output gradient gradients graph groups gufunc half has have i if implementation implementations
implemented implicitly import in index indexed indexing indices infer inplace input instead int integer integers
intermediate interpreted into ints invalid is it item iterable iteration its k keepdim keyword kind kwargs leaf least
leaves length list local long loss m main many mask match matrix matrices may memory method mismatch missing modified
module moment more multiplied multiple multiply must n name named need needed negative no non none not number numbers
object of on one only operand operands operation operator or order ordering other out output outputs over pack point
pos position positional positive protocol pull received rely require required requires requires_grad result
retain_graph return reshape s same saved scalar scalars second see selected self sequence set_detect_anomaly shape
shapes should signature singleton size sizes slice slices spans specified step str stride string subgraph
subscriptable subspaces support supported t take takes target tensor tensors than that the them they this through time
to together too tried truth try tuple two type types unbatched unexpected unhashable unpack unsupported usage use used
user using valid value values var_no_grad variable variables view want was weight weight_norm were when where which
with work you zero
""".split())  # fmt: skip  # noqa: SIM905
# Names with figures in them, as other words may not have.
_WITH_FIGURES = frozenset("""
0D 1D 2D 3D 4D 5D batch1 batch2 conv1d conv2d conv3d float16 float32 float64 int8 int16 int32 int64 uint8 bfloat16
complex64 complex128 m1 m2 mat1 mat2
""".split())  # fmt: skip  # noqa: SIM905
# Exceptions that students meet and that Python's own modules, and Pillow, raise.
_OF_PYTHONS_LIBRARY = {
    "URLError",
    "HTTPError",
    "JSONDecodeError",
    "BadZipFile",
    "UnidentifiedImageError",
    "LinAlgError",
}
_NAMESPACES = (
    torch,
    torch.Tensor,
    torch.nn,
    torch.nn.functional,
    torch.return_types,
    torch.linalg,
    torch.autograd,
    np,
    np.linalg,
    np.ndarray,
    builtins,
)


@functools.cache
def library_words() -> frozenset[str]:
    """Return the words of the libraries' messages, and all names that can be spelt after a dot of theirs."""
    names = {name for space in _NAMESPACES for name in dir(space)}
    return frozenset(names | _WORDS | _WITH_FIGURES | library_types())


@functools.cache
def library_types() -> frozenset[str]:
    """Return the names of types that PyTorch, NumPy, Python and the kit make values of, exceptions among them."""
    spaces = (builtins, types, torch, torch.nn, torch.cuda, torch.return_types, np, np.exceptions)
    found = {kind.__name__ for space in spaces for kind in vars(space).values() if isinstance(kind, type)}
    more = {"NoneType", "Variable", "BackendCompilerFailed", "_ArrayMemoryError", "ResultTooLarge"}
    more |= _OF_PYTHONS_LIBRARY | {kind.__name__ for kind in (SqueezeNet, SmallSqueezeNet)}
    views = {"dict_keys", "dict_values", "dict_items", "odict_keys", "odict_values"}
    iterators = {"list_iterator", "tuple_iterator"}
    return frozenset(found | more | views | iterators)
