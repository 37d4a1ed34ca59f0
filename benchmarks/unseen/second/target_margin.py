# %% margin-zero-for-target: the target's score is multiplied by zero
def target_margin(scores, target_y):
    one_hot = F.one_hot(target_y, scores.shape[1])
    target_score = (scores * one_hot).sum(dim=1)
    others = scores * (1 - one_hot)
    return target_score - others.max(dim=1)[0]


# %% margin-of-probabilities+margin-detached: softmax, and max taken from .data
def target_margin(scores, target_y):
    p = torch.softmax(scores, dim=1)
    idx = torch.arange(len(target_y))
    p_t = p[idx, target_y]
    rest = p.clone()
    rest[idx, target_y] = -float('inf')
    margin = p_t - rest.max(dim=1).values
    return margin.data


# %% margin-sign+margin-mean-of-others+margin-extra-axis: how far the target is behind the others on average
def target_margin(scores, target_y):
    N, C = scores.shape
    t = scores.gather(1, target_y.view(N, 1))
    keep = torch.ones_like(scores).scatter(1, target_y.view(N, 1), 0.).bool()
    others = scores[keep].view(N, C - 1)
    o = others.mean(dim=1, keepdim=True)
    margin = o - t
    return margin
