# Wrong as a student would write it, not by the recipe: a cell for each, its title the mistake that must be named.

# %% softmax-sum
def softmax_loss(scores, labels):
    shifted = scores - scores.max(dim=1, keepdim=True).values
    logs = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    loss = 0
    for i in range(len(labels)):
        loss = loss - logs[i, labels[i]]
    return loss


# %% softmax-wrong-axis
def softmax_loss(scores, labels):
    logs = torch.nn.LogSoftmax(dim=0)(scores)
    return -logs[torch.arange(scores.shape[0]), labels].mean()
