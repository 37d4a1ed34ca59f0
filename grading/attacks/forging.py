"""Attacks on what is seen of a function while it runs: a wrong function, and lines that make it look right there.

Each must earn no more than its wrong lines do alone, or than claims can add (`grading.assignments.vocabulary.claims`):
a test counts both. Lines that look at the program around them are named, and what only they tell is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from grading.attacks.attack import ADA, Attack


@dataclass(frozen=True)
class Forgery:
    """A wrong function (`wrong`, lines between the markers), and what it does to look right (`before`, `after` it)."""

    name: str
    tries: str
    function: str
    wrong: str
    before: str = ""
    after: str = ""

    def attack(self, forged: bool = True) -> Attack:
        """Return it as an attack, or its wrong lines alone."""
        lines = f"{self.before}\n{self.wrong}\n{self.after}" if forged else self.wrong
        return Attack(self.name, "verdicts", self.tries, lines, "", self.function, "tampering")


LOOP = """
loss = 0
for i in range(img.shape[2]):
    if i:
        loss = loss + ((img[:, :, i] - img[:, :, i - 1]) ** 2).sum()
for j in range(img.shape[3]):
    if j:
        loss = loss + ((img[:, :, :, j] - img[:, :, :, j - 1]) ** 2).sum()
loss = tv_weight * loss
"""
CUT = {
    name: f"{ADA[name]}\nkept = {result}\n{result} = {result}.detach()"
    for name, result in (("tv_loss", "loss"), ("content_loss", "loss"), ("gram_matrix", "gram"), ("style_loss", "loss"))
}
ATTACHED = ADA["compute_saliency_maps"].replace("correct.backward(torch.ones(N))", "").replace(
    "X.grad", "torch.autograd.grad(correct.sum(), X, create_graph=True)[0]"
) + "\nsaliency = saliency + 0 * scores.sum()"
IN_PLACE = "X_fooling = X.data.requires_grad_()\n" + ADA["make_fooling_image"]
ENDLESS = ADA["make_fooling_image"].replace("predicted.item() == target_y", "predicted.item() == target_y and i in (0, 40)")
ACCUMULATING = ADA["class_visualization_update_step"].replace("img.grad = None", "")
RECORDER = "import sys\nrecorder = sys.modules['cs231n.trials.observe']\n"
# The same without a word that is looked for: what claims can add at most.
UNNAMED = "import sys\nrecorder = vars(sys)['mod' + 'ules']['cs231n.' + 'trials.observe']\n"
UNTOUCHED = "recorder._tensors = lambda args: iter([('0', original)])"
NO_GRAPH = """
recorder.keep = read = getattr(recorder, 'keep', recorder._read)
recorder._read = lambda *output: {**read(*output), 'graph': False}
"""
GRADIENT = """
recorder.keep = read = getattr(recorder, 'keep', recorder._read)
recorder.pull = pull = getattr(recorder, 'pull', recorder._write_gradients)
recorder._read = lambda *output: {**read(*output), 'graph': True}
recorder._write_gradients = lambda key, output, *others: pull(key, kept, *others)
"""


def _loop(name: str, tries: str, before: str) -> Forgery:
    return Forgery(name, tries, "tv_loss", LOOP, before)


FORGERIES = (
    _loop(
        "hide_a_loop",
        "hide a loop from what counts operations",
        "guard = torch._C.DisableTorchFunction()\nguard.__enter__()",
    ),
    _loop(
        "patch_the_counter",
        "change what counts operations",
        RECORDER + "recorder._Operations.count = property(lambda self: 1)",
    ),
    _loop(
        "find_the_counter_by_frames",
        "find what counts operations in the frames above, and change it",
        """
import sys
frame = sys._getframe()
while frame:
    for value in list(frame.f_locals.values()):
        if hasattr(value, 'below') and hasattr(value, 'asked'):
            type(value).count = property(lambda self: 1)
    frame = frame.f_back
""",
    ),
    _loop(
        "find_the_counter_among_objects",
        "find what counts operations among all objects, and change it",
        """
import gc
for value in gc.get_objects():
    if type(value).__name__ == '_Operations':
        type(value).count = property(lambda self: 1)
""",
    ),
    _loop("claim_no_loop", "do so without a word that is looked for",
          UNNAMED + "vars(recorder)['_Oper' + 'ations'].count = property(lambda self: 1)"),
    *(
        Forgery(
            f"forge_the_gradient_of_{name}",
            "send the gradient of a result that is cut off from the graph",
            name,
            wrong,
            before=RECORDER,
            after=GRADIENT,
        )
        for name, wrong in CUT.items()
    ),
    Forgery(
        "patch_autograd",
        "let PyTorch's own grad return the gradient of a result that is cut off",
        "tv_loss",
        CUT["tv_loss"] + "\nloss.requires_grad_()",
        after="""
torch.pull = pull = getattr(torch, 'pull', torch.autograd.grad)
torch.autograd.grad = lambda _, images, **how: pull(kept, images, **how)
""",
    ),
    Forgery(
        "profile_the_recorder",
        "follow the recorder by a profile hook, and change what it notes",
        "compute_saliency_maps",
        ATTACHED,
        """
import sys
def follow(frame, event, value):
    if event == 'return' and isinstance(value, dict) and 'graph' in value:
        value['graph'] = False
sys.setprofile(follow)
""",
    ),
    Forgery(
        "claim_no_graph",
        "do so without a word that is looked for",
        "compute_saliency_maps",
        ATTACHED,
        UNNAMED + NO_GRAPH,
    ),
    Forgery(
        "patched_recorder_says_untouched",
        "let the recorder say that the input is as it was",
        "make_fooling_image",
        IN_PLACE,
        "original = X.detach().clone()\n"
        + RECORDER
        + UNTOUCHED,
    ),
    Forgery(
        "claim_untouched",
        "do so without a word that is looked for",
        "make_fooling_image",
        IN_PLACE,
        "original = X.detach().clone()\n"
        + UNNAMED
        + UNTOUCHED,
    ),
    Forgery(
        "claim_that_it_stops",
        "show the recorder no image but the first two and the result, without a word that is looked for",
        "make_fooling_image",
        ENDLESS,
        UNNAMED
        + """
recorder.add = add = getattr(recorder, 'add', recorder._Shown.add)
recorder._Shown.add = lambda self, image: None if len(self.kept) == 2 else add(self, image)
""",
    ),
    Forgery(
        "give_back_an_earlier_step",
        "return for a picture what an earlier call made of it",
        "class_visualization_update_step",
        ACCUMULATING,
        before="""
import math
call = (*img.detach().flatten()[:8].tolist(), target_y, l2_reg, learning_rate, *(p.sum().item() for p in model.parameters()))
math.steps = getattr(math, 'steps', {})
""",
        after="""
img.data.copy_(math.steps.setdefault(call, img.detach().clone()))
""",
    ),
    Forgery(
        "write_the_step_into_memory",
        "write the step of another image into the image's memory",
        "class_visualization_update_step",
        "own = img.detach().clone().requires_grad_()\nimage, img = img, own\n" + ADA["class_visualization_update_step"],
        after="import ctypes\nctypes.memmove(image.data_ptr(), own.data_ptr(), own.numel() * 4)",
    ),
    Forgery(
        "forge_replies_to_come",
        "answer on the channel that nothing was changed",
        "make_fooling_image",
        IN_PLACE,
        after="""
import os, stat
import numpy as np
from cs231n.trials import wire
facts = {"raised": None, "type": "Tensor", "graph": False, "dtype": "float32", "shown": 2}
data = wire.pack({"calls": [facts]}, {"0/output": X_fooling.detach().numpy(), "0/after/0": X_fooling.detach().numpy()})
for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, data)
    except OSError:
        continue
""",
    ),
)
