# %% infinity at the target
def target_margin(scores, target_y):
    rows = torch.arange(scores.shape[0])
    others = scores.clone()
    others[rows, target_y] = -float('inf')
    return scores[rows, target_y] - others.max(dim=1).values

# %% scatter
def target_margin(scores, target_y):
    idx = target_y.unsqueeze(1)
    rival = scores.scatter(1, idx, -1e10).max(1)[0]
    return scores.gather(1, idx).squeeze(1) - rival

# %% topk of two
def target_margin(scores, target_y):
    values, places = scores.topk(2, dim=1)
    rival = torch.where(places[:, 0] == target_y, values[:, 1], values[:, 0])
    return scores[range(len(scores)), target_y] - rival

# %% one-hot mask
def target_margin(scores, target_y):
    onehot = F.one_hot(target_y, scores.shape[1]).bool()
    target = scores[onehot]
    return target - scores.masked_fill(onehot, float('-inf')).amax(1)

# %% a loop over rows
def target_margin(scores, target_y):
    margins = []
    for row, t in zip(scores, target_y):
        others = torch.cat([row[:t], row[t + 1:]])
        margins.append(row[t] - others.max())
    return torch.stack(margins)

# %% columns left out
def target_margin(scores, target_y):
    N, C = scores.shape
    keep = torch.arange(C)[None] != target_y[:, None]
    others = scores[keep].view(N, C - 1)
    return scores[~keep] - others.max(dim=1)[0]

# %% minimum of differences
def target_margin(scores, target_y):
    s = scores.gather(1, target_y[:, None])
    d = s - scores
    d = d + torch.nn.functional.one_hot(target_y, scores.size(1)) * 1e6
    return d.min(dim=1).values

# %% log-probabilities, whose differences are those of scores
def target_margin(scores, target_y):
    logp = scores.log_softmax(1)
    rows = torch.arange(len(logp))
    others = logp.index_put((rows, target_y), torch.tensor(-torch.inf))
    return logp[rows, target_y] - others.amax(1)

# %% a large number subtracted
def target_margin(scores, target_y):
    hot = torch.zeros_like(scores)
    hot[torch.arange(len(scores)), target_y] = 1
    return (scores * hot).sum(1) - (scores - 1e6 * hot).max(1).values

# %% float64 inside
def target_margin(scores, target_y):
    s = scores.double()
    others = s.scatter(1, target_y.view(-1, 1), -torch.inf)
    return (s.gather(1, target_y.view(-1, 1))[:, 0] - others.amax(1)).float()

# %% sorted
def target_margin(scores, target_y):
    ordered, places = scores.sort(dim=1, descending=True)
    wins = places[:, 0] == target_y
    rival = ordered[:, 0] * ~wins + ordered[:, 1] * wins
    return torch.take_along_dim(scores, target_y[:, None], 1).flatten() - rival
