# Right, and written otherwise than the reference solution: a cell for each.

# %% cross_entropy
import torch.nn.functional as F


def softmax_loss(scores, labels):
    return F.cross_entropy(scores, labels)


# %% logsumexp
def softmax_loss(scores, labels):
    correct = scores.gather(1, labels[:, None])[:, 0]
    return (torch.logsumexp(scores, dim=1) - correct).mean()
