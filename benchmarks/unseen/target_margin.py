# %% margin-target-among-others: max over the whole row
def target_margin(scores, target_y):
    idx = torch.arange(scores.shape[0])
    target = scores[idx, target_y]
    best = scores.max(dim=1)[0]
    return target - best

# %% margin-zero-for-target+margin-sign+margin-extra-axis: the target multiplied away, others minus target, gather's axis
def target_margin(scores, target_y):
    onehot = F.one_hot(target_y, scores.shape[1]).float()
    target = scores.gather(1, target_y.unsqueeze(1))
    others = scores * (1 - onehot)
    margin = others.max(dim=1, keepdim=True)[0] - target
    return margin

# %% margin-of-probabilities+margin-target-among-others+margin-reduced: softmax, the row's maximum, the mean of the batch
def target_margin(scores, target_y):
    p = torch.softmax(scores, dim=1)
    t = p[torch.arange(len(p)), target_y]
    margin = t - p.amax(dim=1)
    return margin.mean()
