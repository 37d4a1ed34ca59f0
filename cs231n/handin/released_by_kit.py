"""What the stubs of the kit's own notebooks contain; written by `python -m grading build`."""

KIT: tuple[str, ...] = (
    "X_fooling = _.detach().clone()",
    "X_fooling.requires_grad_()",
    "_ = _.detach().clone().requires_grad_()",
    "_.eval()",
    "learning_rate = 0",
)
