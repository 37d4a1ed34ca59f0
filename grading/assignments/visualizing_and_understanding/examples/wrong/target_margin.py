# %% margin-target-among-others: the largest of all
def target_margin(scores, target_y):
    return scores[torch.arange(len(scores)), target_y] - scores.max(dim=1)[0]

# %% margin-zero-for-target: times a mask
def target_margin(scores, target_y):
    target = scores.gather(1, target_y[:, None])[:, 0]
    others = scores * (1 - F.one_hot(target_y, scores.shape[1]))
    rival = others.max(1).values
    return target - rival

# %% margin-of-probabilities: softmax first
def target_margin(scores, target_y):
    scores = F.softmax(scores, dim=1)
    target = scores.gather(1, target_y[:, None])[:, 0]
    others = scores.scatter(1, target_y[:, None], -float('inf'))
    rival = others.max(1).values
    return target - rival

# %% margin-sign: the rival leads
def target_margin(scores, target_y):
    target = scores.gather(1, target_y[:, None])[:, 0]
    others = scores.scatter(1, target_y[:, None], -float('inf'))
    rival = others.max(1).values
    return rival - target

# %% margin-second-best: topk
def target_margin(scores, target_y):
    target = scores.gather(1, target_y[:, None])[:, 0]
    others = scores
    rival = others.topk(2, dim=1)[0][:, 1]
    return target - rival

# %% margin-mean-of-others: the mean
def target_margin(scores, target_y):
    target = scores.gather(1, target_y[:, None])[:, 0]
    others = (scores.sum(1) - target) / (scores.shape[1] - 1)
    rival = others
    return target - rival

# %% margin-smooth-maximum: logsumexp
def target_margin(scores, target_y):
    target = scores.gather(1, target_y[:, None])[:, 0]
    others = scores.scatter(1, target_y[:, None], -float('inf'))
    rival = others.logsumexp(dim=1)
    return target - rival

# %% margin-log-probability: minus the loss
def target_margin(scores, target_y):
    return -F.cross_entropy(scores, target_y, reduction='none')

# %% margin-smallest: min
def target_margin(scores, target_y):
    target = scores.gather(1, target_y[:, None])[:, 0]
    others = scores.scatter(1, target_y[:, None], float('inf'))
    rival = others.min(1).values
    return target - rival

# %% margin-target-only: gather
def target_margin(scores, target_y):
    return scores.gather(1, target_y.view(-1, 1)).squeeze(1)

# %% margin-one-row: scores[0]
def target_margin(scores, target_y):
    row, t = scores[0], target_y[0]
    return row[t] - torch.cat([row[:t], row[t + 1:]]).max()

# %% margin-one-target: target_y[0]
def target_margin(scores, target_y):
    t = target_y[0]
    others = torch.cat([scores[:, :t], scores[:, t + 1:]], dim=1)
    return scores[:, t] - others.max(dim=1).values

# %% margin-wrong-scores: scores[:, target_y]
def target_margin(scores, target_y):
    target = scores[:, target_y]
    others = scores.scatter(1, target_y[:, None], -float('inf'))
    rival = others.max(1).values
    return target - rival

# %% margin-broadcast: a column minus a row
# as "scores[:, target_y]", with
#     scores[:, target_y] => scores.gather(1, target_y[:, None])

# %% margin-extra-axis: keepdim
def target_margin(scores, target_y):
    target = scores.gather(1, target_y[:, None])
    others = scores.scatter(1, target_y[:, None], -float('inf'))
    rival = others.amax(1, keepdim=True)
    return target - rival

# %% margin-reduced: mean
# as "the rival leads", with
#     rival - target => (target - rival).mean()

# %% margin-cut: clamped
# as "the rival leads", with
#     rival - target => (target - rival).clamp(min=0)

# %% margin-detached: detach
# as "softmax first", with
#     F.softmax(scores, dim=1) => scores.detach()

# %% changes-its-argument: the target's entry overwritten
def target_margin(scores, target_y):
    rows = torch.arange(len(scores))
    target = scores[rows, target_y]
    scores.data[rows, target_y] = -float('inf')
    return target - scores.max(1).values

# %% margin-target-among-others+margin-sign: the largest of all minus the target
def target_margin(scores, target_y):
    return scores.max(dim=1)[0] - scores[torch.arange(len(scores)), target_y]

# %% margin-of-probabilities+margin-target-among-others: probabilities of all
def target_margin(scores, target_y):
    p = scores.softmax(1)
    return p.gather(1, target_y[:, None])[:, 0] - p.amax(1)

# %% margin-zero-for-target+margin-sign: a mask, reversed
# as "times a mask", with
#     target - rival => rival - target

# %% margin-second-best+margin-detached: topk of data
def target_margin(scores, target_y):
    scores = scores.data
    target = scores.gather(1, target_y[:, None])[:, 0]
    others = scores
    rival = others.topk(2, dim=1)[0][:, 1]
    return target - rival

# %% margin-smallest+margin-reduced: min, mean
# as "min", with
#     target - rival => (target - rival).mean()
