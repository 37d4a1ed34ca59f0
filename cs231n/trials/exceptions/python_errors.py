"""What errors about names, None, attributes, calls and the program as a whole mean."""

from __future__ import annotations

from cs231n.trials.exceptions.rules import NAME, rule

NOTHING = (
    rule(
        "gradient-is-none",
        "AttributeError TypeError",
        "NoneType",
        "`.grad` is None. Only `backward()` fills it, and only that of a tensor that you set `requires_grad` on "
        "before the forward pass: not that of a result of `.clone()`, `.to()` or a calculation.",
        line=r"\.grad\b",
    ),
    rule(
        "none",
        "AttributeError TypeError",
        "NoneType",
        "Something on this line is None, which means nothing is in it: a name that is still None from the top of "
        "the function, the result of a function without `return`, or a `.grad` that no `backward()` has filled.",
    ),
)


NAMES = (
    rule(
        "tensorflow",
        "",
        r"No module named '(?:tensorflow|keras)",
        "This is written for TensorFlow, and the assignment is in PyTorch.",
    ),
    rule(
        "failed-definition",
        "NameError",
        r"\([^()]{1,200}: (?:\w{1,60}(?:Error|Exception)|SystemExit): ",
        "The cell that defines it stopped with the error in brackets: mend that first.",
    ),
    rule(
        "misspelt-name",
        "NameError",
        rf"name '(?P<name>{NAME})' is not defined\. Did you mean: '(?P<meant>{NAME})'",
        "There is no `{name}` when this line runs, but there is `{meant}`. If another is meant, which another cell "
        "defines, run that cell first.",
    ),
    rule(
        "undefined-name",
        "NameError",
        rf"name '(?P<name>{NAME})' is not defined",
        "`{name}` has no value when this line runs. Is it spelt as where it is defined? If another cell defines it, "
        "run that cell first. Kernel > Restart Kernel and Run All shows what is missing.",
    ),
    rule(
        "unset-local",
        "UnboundLocalError NameError",
        rf"(?:cannot access (?:local|free) variable|local variable) '(?P<name>{NAME})'",
        "`{name}` gets its value further down in this function, or only in an `if` or a loop that was not run. Give "
        "it a value before this line.",
    ),
    rule(
        "own-module",
        "ModuleNotFoundError",
        rf"No module named '(?P<name>{NAME})'",
        "`{name}` is not installed where this runs. PyTorch and NumPy are enough for this function. A file of your "
        "own must be handed in beside the notebook.",
    ),
    rule(
        "no-such-import",
        "ImportError",
        rf"cannot import name '(?P<name>{NAME})'",
        "The module has no `{name}`: check the spelling, and that it is the right module.",
    ),
)


ATTRIBUTES = (
    rule(
        "tensor-for-network",
        "AttributeError",
        r"'Tensor' object has no attribute '(?P<name>eval|train|training|features|forward|parameters|named_parameters|"
        r"modules|named_modules|children|zero_grad|register_forward_hook)'",
        "Networks have `{name}`, and what stands before the dot is a tensor. Does the `def` line have the arguments in "
        "the order in which it was handed out?",
    ),
    rule(
        "misspelt-attribute",
        "AttributeError",
        rf"has no attribute '(?P<name>{NAME})'\. Did you mean: '(?P<meant>{NAME})'",
        "There is no `{name}`: the name that is most like it is `{meant}`. Look up in the documentation what is meant.",
    ),
    rule(
        "numpys-method",
        "AttributeError",
        r"'Tensor' object has no attribute '(?P<name>copy|astype|fill|concatenate)'",
        "`{name}` is a method of NumPy's arrays; tensors have others. PyTorch has `clone()` for `copy()`, `float()` "
        "and `long()` for `astype(...)`, `fill_(...)` for `fill(...)`, `torch.cat` for `concatenate`.",
    ),
    rule(
        "numpy-array",
        "AttributeError",
        rf"'numpy\.\w{{1,20}}' object has no attribute '(?P<name>{NAME})'",
        "This is a NumPy array, which has no `{name}` and no gradient. Keep to PyTorch's tensors from the arguments "
        "to the result.",
    ),
    rule(
        "plain-number",
        "AttributeError",
        rf"'(?P<kind>float|int|bool)' object has no attribute '(?P<name>{NAME})'",
        "This is a plain number of Python (`{kind}`), not a tensor, so it has no `{name}` and no gradient. Did "
        "`.item()`, `float()` or a loss that starts as 0 make it one?",
    ),
    rule(
        "values-and-indices",
        "AttributeError TypeError",
        r"torch\.return_types\.(?P<name>\w{1,20})",
        "`{name}` along a dimension returns two tensors, the values and where they are. Take `.values` (or `[0]`); "
        "`amax` returns the values alone.",
    ),
    rule(
        "missing-brackets",
        "AttributeError TypeError",
        r"'(?:builtin_function_or_method|method|function)' (?:object|and)|"
        r"and '(?:builtin_function_or_method|method|function)'",
        "This is a function that was not called. Are its round brackets missing, as in `x.sum` for `x.sum()`?",
    ),
    rule(
        "no-such-function",
        "AttributeError",
        rf"module '(?P<module>{NAME})' has no attribute '(?P<name>{NAME})'",
        "There is no `{module}.{name}` in the version that is installed. Check the spelling, or look the function "
        "up in the documentation.",
    ),
    rule(
        "no-such-attribute",
        "AttributeError",
        rf"'(?P<kind>{NAME})' object has no attribute '(?P<name>{NAME})'",
        "What stands before the dot is of type `{kind}`, and that has no `{name}`. Is it what you expect? Print it, "
        "and its `type(...)`.",
    ),
)


CALLS = (
    rule(
        "changed-signature",
        "TypeError",
        r"\(\) (?:missing|takes|got an unexpected|got multiple)",
        "The function does not take the arguments that it is called with. Leave its `def` line as it was handed out.",
        outside=True,
    ),
    rule(
        "arguments",
        "TypeError",
        rf"(?P<name>{NAME})\(\) (?:missing|takes|got an unexpected|got multiple)",
        "This line and the `def` line of `{name}` do not agree in their arguments. Compare their number, their "
        "order and their names.",
    ),
    rule(
        "not-a-tensor",
        "TypeError",
        rf"must be Tensor, not (?P<kind>{NAME})|expected Tensor as element .{{1,40}} but got (?P<element>{NAME})|"
        r"has to be a tensor|expected to be a Tensor|expected np\.ndarray",
        "This operation takes tensors, and it was given something else: a number, a list or a NumPy array. Print "
        "`type(...)` of each argument. `torch.as_tensor(...)` makes a tensor of an array.",
    ),
    rule(
        "argument-types",
        "TypeError",
        r"received an invalid combination of arguments - got \((?P<got>.{1,120}?)\), but expected",
        "PyTorch has no form of this function for what it was given: ({got}). Is an array of NumPy, a list, None or "
        "a fraction among it, or a misspelt name of an argument?",
    ),
    rule(
        "not-callable",
        "TypeError",
        rf"'(?P<kind>{NAME})' object is not callable",
        "Round brackets call a function, but this is of type `{kind}`. An index takes square brackets, and a "
        "product needs its `*`. Or did a variable take the name of a function?",
    ),
    rule(
        "no-parts",
        "TypeError",
        rf"'(?P<kind>{NAME})' object is not (?:subscriptable|iterable)|cannot unpack non-iterable (?P<other>{NAME})",
        "This is one thing without parts: it has no elements that brackets, a loop or several names could take out. "
        "Print it, and its `type(...)`.",
    ),
    rule(
        "operands",
        "TypeError",
        r"unsupported operand type\(s\)|can't multiply sequence|can only concatenate|bad operand type",
        "The two sides of this operation are of types that do not go together. A list or a tuple is no tensor: "
        "`torch.stack` or `torch.tensor` makes one. Print `type(...)` of both.",
    ),
)


_TOO_LARGE = (
    "A tensor here needs far more memory than pictures do. Print the shapes: did broadcasting make (N, N, ...) of "
    "two tensors, or does a list or a graph keep every step of a loop?"
)

PYTHON = (
    rule(
        "look-alike-character",
        "SyntaxError",
        r"invalid (?:non-printable )?character",
        "This character only looks like one of Python's: it comes from another keyboard layout, a web page or a text "
        "program. Delete it, also where it looks like a space, and type it again on an English keyboard.",
    ),
    rule(
        "merge-conflict",
        "SyntaxError",
        r"^a merge conflict \(",
        "Two versions of this function stand in the file, between lines that begin with <<<<<<<, ======= and >>>>>>>. "
        "Keep one of them, and delete these lines.",
    ),
    rule(
        "no-python",
        "SyntaxError IndentationError TabError",
        "",
        "Python cannot read this cell, so none of it was run. Run it in the notebook: an arrow shows where reading "
        "ends. The cause is often a bracket or an indentation just before.",
    ),
    rule(
        "endless-recursion",
        "RecursionError",
        "",
        "A function calls itself again and again. Has a helper the same name as the function it calls, or does the "
        "call that should end it never come?",
    ),
    rule(
        "exit",
        "SystemExit",
        "",
        "`exit()` and `quit()` end the whole program. To end the function, use `return`; to leave a loop, `break`.",
    ),
    rule("memory", "MemoryError _ArrayMemoryError OutOfMemoryError", "", _TOO_LARGE),
    rule("memory", "RuntimeError", "allocate memory|out of memory", _TOO_LARGE),
    rule(
        "nobody-answers",
        "EOFError StdinNotImplementedError",
        "",
        "`input()` waits for somebody to type, and nobody is there. All that the function needs is in its arguments.",
    ),
    rule(
        "division-by-zero",
        "ZeroDivisionError",
        "",
        "A number that is divided by is 0 here. Which inputs make it 0?",
    ),
    rule(
        "no-download",
        "",
        r"urlopen error|name resolution|getaddrinfo|Max retries exceeded",
        "Nothing can be downloaded here, and nothing has to be: the model and the pictures are arguments of the "
        "function.",
    ),
    rule(
        "no-such-key",
        "KeyError",
        "",
        "The dictionary has no such key. Is it filled before this line, and are key and index meant alike?",
    ),
    rule(
        "not-written",
        "NotImplementedError",
        "^$",
        "This line still says that nothing is written. Write the function, and take the line out.",
    ),
    rule(
        "own-assertion",
        "AssertionError",
        "",
        "An `assert` on this line does not hold for these inputs, which may be of other sizes than those of the "
        "notebook.",
    ),
)
