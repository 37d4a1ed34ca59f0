"""What errors about gradients, shapes, dtypes and devices mean."""

from __future__ import annotations

from cs231n.trials.exceptions.rules import rule

GRADIENTS = (
    rule(
        "scalar-output",
        "RuntimeError",
        "grad can be implicitly created only for scalar outputs",
        "`backward()` starts from one number, but this tensor holds several. PyTorch does not decide for you how "
        "they become one number.",
    ),
    rule(
        "gradient-shape",
        "RuntimeError",
        "Mismatch in shape: grad_output",
        "What is given to `backward(...)` must have the shape of the tensor that it is called on. It is a weight "
        "for each of its numbers, not a list of classes. Called on a single number, `backward()` needs no argument.",
    ),
    rule(
        "leaf-in-place",
        "RuntimeError",
        "leaf Variable that requires grad",
        "This line changes a tensor in place whose gradient is wanted, so PyTorch would have to record the change "
        "as a part of the computation. An update is not part of it: write it inside `with torch.no_grad():`.",
    ),
    rule(
        "no-graph",
        "RuntimeError",
        "does not require grad and does not have a grad_fn|Tensors does not require grad",
        "Nothing was recorded on the way to this number, so there is no gradient. Either no tensor had "
        "`requires_grad` when the computation began, or something on the way cut it off: `.detach()`, `.data`, "
        "`.item()`, NumPy, `torch.no_grad()`, `argmax` or a comparison.",
    ),
    rule(
        "second-backward",
        "RuntimeError",
        "Trying to backward through the graph a second time",
        "One forward pass serves one `backward()`, which frees what was recorded. Run the forward pass again before "
        "each `backward()`, or collect all in one number first. `retain_graph=True` is not needed here.",
    ),
    rule(
        "changed-before-backward",
        "RuntimeError",
        "needed for gradient computation has been modified by an inplace operation",
        "A tensor that the gradient needs was changed in place after it was used (`a += b`, `a[...] = b`, "
        "`a.zero_()`). Make a new tensor instead (`a = a + b`), or change it after `backward()`.",
    ),
    rule(
        "not-in-graph",
        "RuntimeError",
        "appears to not have been used in the graph",
        "The number that is differentiated was not computed from the tensor whose gradient is asked for, perhaps "
        "from a copy of it. Compute it from that very tensor.",
    ),
    rule(
        "requires-grad-flag",
        "RuntimeError",
        "only change requires_grad flags of leaf|deepcopy protocol",
        "This tensor is the result of a computation. For a fresh one of the same values, take `.detach().clone()`.",
    ),
    rule(
        "whole-number-gradient",
        "RuntimeError",
        "only Tensors of floating point",
        "Only a tensor of floating point numbers can have a gradient, and this one holds whole numbers. Did you set "
        "`requires_grad` on the picture, not on the class?",
    ),
    rule(
        "numpy-cuts-graph",
        "RuntimeError TypeError",
        r"Can't call numpy\(\) on Tensor that requires grad|Concatenation operation is not implemented for NumPy",
        "A tensor that records its computation was given to NumPy, where no gradient can follow. Use PyTorch's "
        "functions instead of `np` (such as `torch.abs` for `np.abs`).",
    ),
)


SHAPES = (
    rule(
        "one-element",
        "ValueError RuntimeError TypeError",
        "only one element tensors can be converted|cannot be converted to Scalar|only .{1,20} arrays can be converted",
        "`float()`, `int()`, `.item()` and `torch.tensor([...])` take single numbers, but this tensor holds "
        "several. Pick one, add them up, or put tensors together with `torch.stack`.",
    ),
    rule(
        "ambiguous-truth",
        "RuntimeError ValueError",
        r"(?:Boolean value of Tensor|truth value of an array) with more than one",
        "`if`, `while`, `and` and `or` need one yes or no, but this comparison gives one for each element. Compare "
        "single numbers (`.item()`), or say what you mean with `.any()` or `.all()`.",
    ),
    rule(
        "mask-shape",
        "IndexError",
        "The shape of the mask|boolean index did not match|indexing tensors could not be broadcast",
        "What stands in the brackets must have the shape of what is indexed. Print both `.shape`s just before it.",
    ),
    rule(
        "broadcast",
        "RuntimeError ValueError IndexError",
        r"The size of tensor a|could not be broadcast|match the broadcast shape|The expanded size of the tensor|"
        r"could not broadcast input array|expects each tensor to be equal size|Sizes of tensors must match|"
        r"to match target batch_size",
        "The shapes of two tensors do not fit together on this line. In each dimension the sizes must be equal, or "
        "one of them 1. Print both `.shape`s just before it.",
    ),
    rule(
        "matrix-product",
        "RuntimeError ValueError",
        r"shapes cannot be multiplied|mismatch in its core dimension|of batch2 tensor to be|"
        r"size mismatch, got|shapes .{1,60} not aligned",
        "In a product of matrices the first must have as many columns as the second has rows: (a, b) times (b, c). "
        "Print both `.shape`s just before it.",
    ),
    rule(
        "matrix-dimensions",
        "RuntimeError IndexError",
        r"must be a matrix|must be a 3D tensor|1D tensors expected|expects a tensor with <= 2 dimensions|"
        r"does not match the length of the desired ordering",
        "This operation is for tensors of another number of dimensions: `mm` and `t` take matrices, `bmm` takes "
        "three dimensions (a batch of matrices), `@` takes both, and `permute` names every dimension once.",
    ),
    rule(
        "view-of-memory",
        "RuntimeError",
        "view size is not compatible",
        "`view` only reads memory in the order in which it lies, and `transpose`, `permute` or a slice has changed "
        "that order. Use `reshape`. Neither of them exchanges dimensions: that is what `transpose` and `permute` do.",
    ),
    rule(
        "reshape-size",
        "RuntimeError ValueError",
        r"shape '.{1,80}' is invalid for input of size (?P<size>\d{1,18})|"
        r"cannot reshape array of size (?P<size_np>\d{1,18})",
        "The new shape must hold exactly as many numbers as the tensor has. Is the number of pictures in it, and "
        "does each size come from the right dimension of `.shape`?",
    ),
    rule(
        "too-few-dimensions",
        "IndexError AxisError TypeError",
        r"Dimension out of range|out of bounds for array of dimension|too many indices|0-dim tensor|0-d tensor|"
        r"0-dimensional",
        "The tensor has fewer dimensions here than this line counts on. Print its `.shape` just before it. "
        "`squeeze()` without an argument, an index or a sum may have removed one.",
    ),
    rule(
        "unpack",
        "ValueError",
        r"not enough values to unpack|too many values to unpack",
        "There are more names, or fewer, left of the `=` than parts on the right. If it is a `.shape`, print it: "
        "how many dimensions does this tensor have?",
    ),
    rule(
        "gather-dimensions",
        "RuntimeError",
        "Index tensor must have the same number of dimensions",
        "The index of `gather` needs as many dimensions as the tensor: for scores (N, C) it is (N, 1), such as "
        "`y.view(-1, 1)`.",
    ),
    rule(
        "norm-dimensions",
        "RuntimeError ValueError",
        r"norm: .{0,60}(?:must be of length 1 or 2|must be a 2-tuple|must be 1D or 2D)|"
        r"Improper number of dimensions to norm",
        "This norm is of a vector or a matrix, and was asked of more dimensions. The norm of all numbers together is "
        "`g.norm()`, with nothing in the brackets; of each picture of a batch, `g.flatten(1).norm(dim=1)`.",
    ),
    rule(
        "tensor-of-tensors",
        "TypeError",
        r"only integer tensors of a single element can be converted to an index",
        "Here a tensor is made of a list with a tensor of several numbers in it. If that is what you want, use it as "
        "it is; of several tensors of one shape `torch.stack` makes one.",
        line=r"[tT]ensor\(",
    ),
    rule(
        "no-index",
        "TypeError",
        r"only integer tensors of a single element can be converted to an index",
        "Here a tensor of several numbers stands where one whole number is needed, as in the brackets of a list. Print "
        "it. Does the `def` line have the arguments in the order in which it was handed out?",
    ),
    rule(
        "list-range",
        "IndexError",
        r"(?:list|tuple|string) index out of range",
        "There is no element of this number: counting starts at 0 and ends one below the size. Print the `len()` of "
        "what you index.",
    ),
    rule(
        "index-range",
        "IndexError RuntimeError",
        r"index -?\d{1,18} is out of bounds|index out of range|Target -?\d{1,18} is out of bounds|"
        r"index k out of range",
        "There is no element of this number: counting starts at 0 and ends one below the size. Print the `.shape` "
        "or `len()`, and check which dimension you index.",
    ),
    rule(
        "network-input",
        "RuntimeError",
        r"Expected 3D \(unbatched\) or 4D|to have \d{1,9} channels, but got",
        "The network takes a batch of pictures of shape (N, 3, H, W). Print the `.shape` of what it is given.",
    ),
)


DTYPES = (
    rule(
        "index-dtype",
        "RuntimeError IndexError TypeError",
        r"Expected dtype int|tensors used as indices must be|only integers, slices|target dtype to be Long|"
        r"scalar type Long|slice indices must be integers|cannot be interpreted as an integer|"
        r"indices must be integers|failed to unpack the object at pos",
        "An index, a class or a size must be a whole number. Use `.long()` for a tensor and `//` for a division.",
    ),
    rule(
        "two-devices",
        "RuntimeError",
        r"to be on the same device|is not on the expected device|Input type \(torch\.cuda|found at least two devices",
        "One tensor is on the graphics card, another is not. Make new tensors where the given ones are: "
        "`device=X.device`.",
    ),
    rule(
        "whole-number-total",
        "RuntimeError",
        r"result type (?:Float|Double) can't be cast to the desired output type (?:Long|Int|Short|Char|Byte|Bool)",
        "This line writes fractions into a tensor of whole numbers, which it stays. Let it begin with a fraction: "
        "`0.0` in place of `0`, or `.float()` behind it.",
    ),
    rule(
        "mixed-dtypes",
        "RuntimeError",
        r"to have the same dtype|Input type .{1,80} should be the same|expected scalar type|"
        r"can't be cast to the desired output type|Input dtype must be|not implemented for '(?:Long|Int|Byte)'",
        "Two kinds of numbers do not go together here: the network and the pictures are float32, arrays of NumPy "
        "are mostly float64, classes are int64. Convert with `.float()` what is not float32.",
    ),
    rule(
        "no-gpu",
        "RuntimeError AssertionError AcceleratorError TypeError",
        r"NVIDIA driver|not compiled with CUDA|No CUDA GPUs|not linked with support|CUDA error|CUDA is not available",
        "This line asks for a graphics card, and there is none where it runs. Leave `.cuda()` out, or make tensors "
        "where the given ones are: `device=X.device`.",
    ),
)
