"""The sentences on what was done to run a function here; the child sends their keys, the grader shows the sentences."""

from __future__ import annotations

_OLD = "an old PyTorch idiom was translated: "
_OLD_NUMPY = "an old NumPy idiom was translated: "
NOTES = {
    "data[0]": _OLD + "the number in a tensor taken as .data[0]",
    "index[0, 0]": _OLD + "an index kept as a matrix, index[0, 0]",
    "retain_variables": _OLD + "retain_variables",
    "Variable": _OLD + "Variable of integers that requires a gradient",
    "backward(ones(1))": _OLD + "a gradient of one element for a single number, backward(torch.ones(1))",
    "cat": _OLD + "torch.cat of single numbers",
    "1 - mask": _OLD + "arithmetic with a comparison, 1 - (a > b)",
    "byte mask": _OLD + "a mask of bytes",
    "symeig": _OLD + "linear algebra that has moved to torch.linalg",
    "np.float": _OLD_NUMPY + "np.float and similar names",
    "float(array)": _OLD_NUMPY + "an array of one element used as a number",
    "array methods": _OLD_NUMPY + "a method that arrays no longer have",
    "copy=False": _OLD_NUMPY + "np.array(..., copy=False) of what must be copied",
    "generator": _OLD_NUMPY + "a generator where a list is expected",
    "cuda": "the code asks for a GPU; it ran on the processor",
    "pretrained": "the code loads SqueezeNet itself; it was given the network of its argument",
    "compile": "torch.compile was left out: it changes how fast a function runs, not what it returns",
}
