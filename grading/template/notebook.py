# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # MyNotebook: the loss of a softmax classifier
#
# A classifier gives each row of a batch a score for each class. The softmax turns scores $s$ into
# probabilities $p_c = e^{s_c} / \sum_k e^{s_k}$; the loss of a row is $-\log p_y$, where $y$ is its label.
#
# Each function comes between the lines `START OF YOUR CODE` and `END OF YOUR CODE`, and is followed by a
# cell that checks it and says what to look at if something fails.

# %% [markdown]
# ## Setup
#
# The first cell finds the folder that holds the package `cs231n`, in the folder of this notebook or above.

# %%
import sys
from pathlib import Path

for folder in [Path.cwd(), *Path.cwd().parents]:
    if (folder / "cs231n" / "__init__.py").is_file():
        sys.path.insert(0, str(folder))
        break
else:
    raise ModuleNotFoundError(f"no folder cs231n in {Path.cwd()} or above: keep the notebook in its bundle")

# %%
import torch

from cs231n.self_check import check

# %% [markdown]
# ## 1. The loss


# %% nbgrader={"grade": false, "grade_id": "softmax_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_loss(scores, labels):
    """
    Softmax loss: the mean over a batch of -log of the probability of the right class.

    Inputs:
    - scores: Tensor of shape (N, C), the score of each class for each row; they may be large.
    - labels: Tensor of shape (N,), the right class of each row, 0 <= labels[i] < C.

    Returns:
    - loss: Scalar tensor. Gradients must reach scores.
    """
    loss = None
    ##############################################################################
    # TODO: Compute the loss. Scores of 1000 must not overflow.                  #
    ##############################################################################
    ### BEGIN SOLUTION
    shifted = scores - scores.max(dim=1, keepdim=True).values
    logs = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    loss = -logs[torch.arange(len(labels)), labels].mean()
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return loss


# %% nbgrader={"grade": true, "grade_id": "check_softmax_loss", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of

check = points_of("softmax_loss")
### END HIDDEN TESTS
check(softmax_loss)

# %% [markdown]
# With all scores alike every class has the probability $1/C$:

# %%
print(softmax_loss(torch.zeros(2, 10), torch.tensor([3, 7])), torch.tensor(10.0).log())
