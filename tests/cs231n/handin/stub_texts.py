"""Functions that nobody filled in, and functions that somebody did: what each is, is known by how it was made."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

START = "# *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
END = "# *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
TODO = f"{'#' * 40}\n# TODO: what is to be done, in some words\n{'#' * 40}"
OVER = f"{'#' * 40}\n#      END OF YOUR CODE      #\n{'#' * 40}"

SETTINGS = """
l2_reg = kwargs.pop('l2_reg', 1e-3)
learning_rate = kwargs.pop('learning_rate', 25)
num_iterations = kwargs.pop('num_iterations', 100)
blur_every = kwargs.pop('blur_every', 10)
max_jitter = kwargs.pop('max_jitter', 16)
show_every = kwargs.pop('show_every', 25)
"""
SHOWING = """
    if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
        plt.imshow({picture})
        class_name = class_names[target_y]
        plt.title('%s\\nIteration %d / %d' % (class_name, t + 1, num_iterations))
        plt.gcf().set_size_inches(4, 4)
        plt.axis('off')
        plt.show()
"""
# The drawing loops as they were released, {step} being the part to fill in.
LOOP_2017 = (
    f"model.type(dtype){SETTINGS}"
    "img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype)\n"
    "img_var = Variable(img, requires_grad=True)\n"
    "for t in range(num_iterations):\n"
    "    ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)\n"
    "    img.copy_(jitter(img, ox, oy))\n"
    "{step}\n"
    "    img.copy_(jitter(img, -ox, -oy))\n"
    "    for c in range(3):\n"
    "        lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])\n"
    "        hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])\n"
    "        img[:, c].clamp_(min=lo, max=hi)\n"
    "    if t % blur_every == 0:\n"
    "        blur_image(img, sigma=0.5)\n"
    f"{SHOWING.format(picture='deprocess(img.clone().cpu())')}"
    "return deprocess(img.cpu())\n"
)
LOOP_2019 = (
    LOOP_2017.replace(
        ".type(dtype)\nimg_var = Variable(img, requires_grad=True)", ".type(dtype).requires_grad_()"
    )
    .replace("img.copy_(jitter(img,", "img.data.copy_(jitter(img.data,")
    .replace("img[:, c]", "img.data[:, c]")
    .replace("blur_image(img,", "blur_image(img.data,")
    .replace("img.clone().cpu()", "img.data.clone().cpu()")
    .replace("img.cpu()", "img.data.cpu()")
)
TF_START = f"{SETTINGS}X = 255 * np.random.rand(224, 224, 3)\nX = preprocess_image(X)[None]\n"
TF_LOOP_2017 = (
    f"{TF_START}{TODO}\nloss = None # scalar\ngrad = None # as the picture\n{{before}}\n{OVER}\n"
    "for t in range(num_iterations):\n"
    "    ox, oy = np.random.randint(-max_jitter, max_jitter+1, 2)\n"
    "    Xi = X.copy()\n"
    "    X = np.roll(np.roll(X, ox, 1), oy, 2)\n"
    "{step}\n"
    "    X = np.roll(np.roll(X, -ox, 1), -oy, 2)\n"
    "    X = np.clip(X, -SQUEEZENET_MEAN/SQUEEZENET_STD, (1.0 - SQUEEZENET_MEAN)/SQUEEZENET_STD)\n"
    "    if t % blur_every == 0:\n"
    "        X = blur_image(X, sigma=0.5)\n"
    f"{SHOWING.format(picture='deprocess_image(X[0])')}"
    "return X\n"
)
TF_LOOP_2019 = (
    f"{TF_START}loss = None # scalar\ngrad = None\nX = tf.Variable(X)\n"
    "for t in range(num_iterations):\n"
    "    ox, oy = np.random.randint(0, max_jitter, 2)\n"
    "    X = jitter(X, ox, oy)\n"
    "{step}\n"
    "    X = jitter(X, -ox, -oy)\n"
    "    X = tf.clip_by_value(X, -SQUEEZENET_MEAN/SQUEEZENET_STD, (1.0 - SQUEEZENET_MEAN)/SQUEEZENET_STD)\n"
    "    if t % blur_every == 0:\n"
    "        X = blur_image(X, sigma=0.5)\n"
    f"{SHOWING.format(picture='deprocess_image(X[0])')}"
    "return X\n"
)


@dataclass(frozen=True)
class Text:
    """A function in some form: the text that defines it, and what its parameters are called."""

    function: str
    source: str


def function(name: str, parameters: str, *body: str, indent: str = "    ", returns: str = "") -> Text:
    lines = textwrap.indent("\n".join(part.strip("\n") for part in body if part), indent)
    return Text(name, f"def {name}({parameters}){returns}:\n{lines}\n")


def marked(*inside: str) -> str:
    return "\n".join([TODO, START, "", *inside, "", END, OVER])


def at(margin: str, text: str) -> str:
    return textwrap.indent(text, margin)


def saliency(*body: str) -> Text:
    return function("compute_saliency_maps", "X, y, model", "'''Text.'''", *body)


def fooling(*body: str, parameters: str = "X, target_y, model") -> Text:
    return function("make_fooling_image", parameters, *body)


def drawing(
    loop: str, step: str, parameters: str = "target_y, model, dtype, **kwargs", before: str = "pass"
) -> Text:
    return function(
        "create_class_visualization", parameters, loop.format(step=at("    ", step), before=before)
    )


def step(*body: str) -> Text:
    return function("class_visualization_update_step", "img, model, target_y, l2_reg, learning_rate", *body)


def tv(*body: str, parameters: str = "img, tv_weight", returns: str = "") -> Text:
    return function("tv_loss", parameters, *body, returns=returns)


CORRECT_SCORES = (
    "correct_scores = tf.gather_nd(model.classifier,\n"
    "                              tf.stack((tf.range(X.shape[0]), model.labels), axis=1))"
)
PREPARED = "X_fooling = X.clone()\nX_fooling = X_fooling.requires_grad_()\n\nlearning_rate = 1"
STUBS: dict[str, Text] = {
    # bodies that do nothing
    "pass": tv("'''doc'''", "pass"),
    "pass with a semicolon": tv("pass;"),
    "dots": tv("..."),
    "docstring only": tv("'doc'"),
    "return None": tv("return None"),
    "empty between markers": tv("'''doc'''", START, "", END),
    "comments between markers": tv("'''doc'''", START, "# sum of squares?", "pass", "# ask on Monday", END),
    "nbgrader": tv("# YOUR CODE HERE", "raise NotImplementedError()"),
    "bare NotImplementedError": tv("raise NotImplementedError"),
    "with a message": tv("raise NotImplementedError('todo')"),
    "a result that is None": tv("loss = None", TODO, "pass", OVER, "return loss"),
    "a result that is dots": tv("loss = ...  # your line", "return loss"),
    "pass deleted, a None returned": tv("loss = None", TODO, OVER, "return loss"),
    "pass deleted, nothing left but comments": step(TODO, OVER),
    "commented-out code": tv("# return tv_weight * img.sum()", "pass"),
    "commented-out code alone": tv(START, "# loss = img.sum()", "# return loss", END),
    "commented out as a string": tv('"""', "return tv_weight * img.sum()", '"""', "pass"),
    "a print": tv(START, "print('here', img.shape, img.size())", "pass", END),
    "a print alone": tv("print(f'{tv_weight} {img.shape}')"),
    "tabs": function("tv_loss", "img, w", "loss = None", "pass", "return loss", indent="\t"),
    "Windows' line ends": Text(
        "tv_loss", tv("loss = None", "pass", "return loss").source.replace("\n", "\r\n")
    ),
    "an empty loop": fooling(PREPARED, "for i in range(100):", "    pass", "return X_fooling"),
    "type hints": tv(
        "loss: torch.Tensor | None = None",
        "pass",
        "return loss",
        parameters="img: torch.Tensor, tv_weight: float = 1.0",
        returns=" -> torch.Tensor",
    ),
    "a decorator": Text("tv_loss", "@torch.enable_grad()\n" + tv("pass").source),
    "given as None": Text("tv_loss", "tv_loss = None\n"),
    "given as a lambda that does nothing": Text("tv_loss", "tv_loss = lambda img, w: None\n"),
    # PyTorch, by year
    "saliency 2017": saliency(
        "model.eval()\nX_var = Variable(X, requires_grad=True)\ny_var = Variable(y)\nsaliency = None",
        f"{TODO}\npass\n{OVER}\nreturn saliency",
    ),
    "saliency 2018": saliency("model.eval()\nX.requires_grad_()\nsaliency = None\npass\nreturn saliency"),
    "saliency 2020": saliency(
        "model.eval()\nX.requires_grad_()\nsaliency = None", marked("pass"), "return saliency"
    ),
    "saliency, renamed with hints": function(
        "compute_saliency_maps",
        "images: Tensor, labels: Tensor, net: nn.Module",
        "net.eval()\nimages.requires_grad_()\nsaliency: Tensor = None",
        marked("pass"),
        "return saliency",
    ),
    "fooling 2017": fooling(
        "X_fooling = X.clone()\nX_fooling_var = Variable(X_fooling, requires_grad=True)\nlearning_rate = 1",
        f"{TODO}\npass\n{OVER}\nreturn X_fooling",
    ),
    "fooling 2018": fooling(PREPARED, "pass", "return X_fooling"),
    "fooling 2020": fooling(PREPARED, marked("pass"), "return X_fooling"),
    "fooling 2020, pass deleted": fooling(PREPARED, marked(), "return X_fooling"),
    "fooling, another learning rate": fooling(
        PREPARED.replace("1", "10"), marked("pass"), "return X_fooling"
    ),
    "fooling, renamed with hints": fooling(
        PREPARED.replace("X.clone", "image.clone"),
        marked("pass"),
        "return X_fooling",
        parameters="image: torch.Tensor, target: int, net: nn.Module",
    ),
    "fooling with the loop around": fooling(
        "model.eval()\nX_fooling = X.clone()\nX_fooling_var = Variable(X_fooling, requires_grad=True)",
        "learning_rate = 10\nmax_iter = 100\nfor it in range(max_iter):",
        at("    ", f"{TODO}\npass\n{OVER}"),
        "return X_fooling",
    ),
    "fooling of a course we do not know": fooling(
        "model.eval()\nadversarial = X.detach().clone().to(device)\nadversarial.requires_grad = True\nrate = 0.5",
        marked("pass"),
        "return adversarial.detach()",
    ),
    "step 2020": step(TODO, START, "pass", END, OVER),
    "drawing 2017": drawing(LOOP_2017, f"{TODO}\npass\n{OVER}"),
    "drawing 2017, pass deleted": drawing(LOOP_2017, f"{TODO}\n{OVER}"),
    "drawing 2019": drawing(LOOP_2019, marked("pass")),
    "drawing 2019, without comments": drawing(LOOP_2019, "pass"),
    "drawing 2019, more iterations": drawing(LOOP_2019.replace("100)", "1000)"), marked("pass")),
    "content 2017": function("content_loss", "content_weight, content_current, content_original", "pass"),
    "gram 2020": function("gram_matrix", "features, normalize=True", START, "", "pass", "", END),
    "style 2020": function("style_loss", "feats, layers, targets, weights", "# Hint", START, "pass", END),
    # TensorFlow, by year
    "TensorFlow saliency 2017": saliency(
        "saliency = None", CORRECT_SCORES, TODO, "pass", OVER, "return saliency"
    ),
    "TensorFlow saliency 2019": saliency("saliency = None", marked("pass"), "return saliency"),
    "TensorFlow fooling 2017": fooling(
        "X_fooling = X.copy()\nlearning_rate = 1", TODO, "pass", OVER, "return X_fooling"
    ),
    "TensorFlow fooling 2019": fooling(
        "X_fooling = X.copy()\nlearning_rate = 1", marked("pass"), "return X_fooling"
    ),
    "TensorFlow fooling as a tensor": fooling(
        "X_fooling = tf.convert_to_tensor(X)\nlearning_rate = 1", "pass", "return X_fooling"
    ),
    "TensorFlow drawing 2017": drawing(TF_LOOP_2017, f"{TODO}\npass\n{OVER}", "target_y, model, **kwargs"),
    "TensorFlow drawing 2019": drawing(TF_LOOP_2019, marked("pass"), "target_y, model, **kwargs"),
    "TensorFlow step 2020": function(
        "class_visualization_update_step",
        "X, model, target_y, l2_reg, learning_rate",
        marked("pass"),
        "return X",
    ),
    "placeholders": fooling(
        "X_fooling = X.copy()\nlearning_rate = 1\ng = None\ndX = None\nloss = None", "return X_fooling"
    ),
    # UMich
    "UMich saliency": saliency(
        "X.requires_grad_()\n\nsaliency = None",
        TODO,
        '# Replace "pass" statement with your code\npass',
        OVER,
        "return saliency",
    ),
    "UMich attack": function(
        "make_adversarial_attack",
        "X, target_y, model, max_iter=100, verbose=True",
        "X_adv = X.clone()\nX_adv = X_adv.requires_grad_()\n\nlearning_rate = 1",
        f'{TODO}\n# Replace "pass" statement with your code\npass\n{OVER}',
        "return X_adv",
        indent="  ",
    ),
    "UMich step": function(
        "class_visualization_step",
        "img, target_y, model, **kwargs",
        "l2_reg = kwargs.pop('l2_reg', 1e-3)\nlearning_rate = kwargs.pop('learning_rate', 25)",
        f'{TODO}\n# Replace "pass" statement with your code\npass\n{OVER}',
        "return img",
    ),
    "UMich gram": function(
        "gram_matrix", "features, normalize=True", "gram = None", TODO, "pass", OVER, "return gram"
    ),
    "in Spanish": tv(
        "'''doc'''", "# ***** INICIO DE SU CÓDIGO *****", "", "# ***** FIN DE SU CÓDIGO *****", "return None"
    ),
    # this year
    "the kit's saliency": saliency(
        "model.eval()\nX = X.detach().clone().requires_grad_()\nsaliency = None",
        TODO,
        START,
        "pass",
        END,
        "return saliency",
    ),
    "the kit's fooling": fooling(
        "X_fooling = X.detach().clone()\nX_fooling.requires_grad_()\nlearning_rate = 1",
        "pass",
        "return X_fooling",
    ),
}

ASCENT = "for _ in range(100):\n    scores = model(X_fooling)\n    scores[0, target_y].backward()"
FILLED: dict[str, Text] = {
    "one line": tv("return tv_weight * (img ** 2).sum()"),
    "one statement between the markers": tv(START, "pass", "a = 1", END),
    "the shape between the markers": tv(START, "N, C, H, W = img.shape", END),
    "work that returns nothing": tv(START, "loss = tv_weight * img.sum()", END),
    "work whose None is returned": tv(
        "loss = None", START, "other = tv_weight * img.sum()", END, "return loss"
    ),
    "work in a function inside": tv("def square(x):", "    return x * x", "pass"),
    "a lambda inside": tv("square = lambda x: x * x", "pass"),
    "a call": tv("compute(img, tv_weight)"),
    "a helper's answer": tv("return helper(img, tv_weight)"),
    "a helper that is not written": tv("return not_yet()"),
    "an exception of the student's": tv("raise ValueError('no')"),
    "a list of what was given": tv("return [img]"),
    "a constant tensor": tv("return torch.zeros(())"),
    "a leftover pass": tv("pass", "return tv_weight * img.sum()"),
    "a leftover NotImplementedError": tv("return tv_weight * img.sum()", "raise NotImplementedError"),
    "behind the markers": tv(START, "pass", END, "return tv_weight * img.sum()"),
    "before the markers": fooling(PREPARED, ASCENT, marked("pass"), "return X_fooling"),
    "no markers any more": fooling(PREPARED, ASCENT, "return X_fooling"),
    "a step behind the markers": fooling(
        PREPARED, marked("pass"), "attack(X_fooling, model)", "return X_fooling"
    ),
    "a picture computed, not returned": fooling(PREPARED, START, "other = X + 1", END, "return X_fooling"),
    "saliency begun": saliency(
        "model.eval()\nX.requires_grad_()\nsaliency = None", marked("scores = model(X)")
    ),
    "an own note behind the work": drawing(LOOP_2019, f"{TODO}\nimg += 1\n# TODO: faster\n{OVER}"),
    "one line of the drawing": drawing(LOOP_2017, f"{TODO}\nimg += 1\n{OVER}"),
    "a helper in the drawing": drawing(LOOP_2017, "pass\nascend(img, model)"),
    "a step in TensorFlow's drawing": drawing(
        TF_LOOP_2019, marked("X = X + learning_rate * grad"), "t, model, **kwargs"
    ),
    "the loss of TensorFlow's drawing": drawing(
        TF_LOOP_2017,
        f"{TODO}\npass\n{OVER}",
        "target_y, model, **kwargs",
        "loss = model.classifier[0, target_y]",
    ),
    "TensorFlow saliency": saliency(
        "saliency = None", CORRECT_SCORES, "g = tf.gradients(correct_scores, model.image)"
    ),
    "a while": fooling(
        PREPARED, "while model(X_fooling).argmax() != target_y:", "    pass", "return X_fooling"
    ),
    "the first of them": tv("for row in img:", "    return row"),
    "in place": step("img += learning_rate"),
    "another name for it": Text("tv_loss", "tv_loss = my_losses.total\n"),
    "a lambda": Text("tv_loss", "tv_loss = lambda img, w: w * (img ** 2).sum()\n"),
    "a method": Text("tv_loss", "class A:\n    def tv_loss(self, img, w):\n        return w * img\n"),
}
