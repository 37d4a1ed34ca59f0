# %% powers
def inversion_loss(feats, target):
    return torch.sum((feats - target) ** 2) / torch.sum(target ** 2)

# %% norms squared
def inversion_loss(feats, target):
    return (feats - target).norm() ** 2 / target.norm() ** 2

# %% the ratio of norms, squared
def inversion_loss(feats, target):
    return ((feats - target).norm() / target.norm()) ** 2

# %% two means
def inversion_loss(feats, target):
    return F.mse_loss(feats, target) / target.pow(2).mean()

# %% the target detached
def inversion_loss(feats, target):
    target = target.detach()
    return (feats - target).square().sum() / target.square().sum()

# %% inner products
def inversion_loss(feats, target):
    d, t = (feats - target).flatten(), target.flatten()
    return d.dot(d) / t.dot(t)

# %% both divided first
def inversion_loss(feats, target):
    size = target.norm()
    return (feats / size - target / size).pow(2).sum()

# %% expanded square
def inversion_loss(feats, target):
    f, t = feats.double(), target.double()
    tt = (t * t).sum()
    return (((f * f).sum() - 2 * (f * t).sum() + tt) / tt).float()

# %% one channel at a time
def inversion_loss(feats, target):
    error, size = 0, 0
    for c in range(feats.shape[1]):
        error = error + (feats[:, c] - target[:, c]).pow(2).sum()
        size = size + target[:, c].pow(2).sum()
    return error / size

# %% a very small number added
def inversion_loss(feats, target):
    return torch.nn.functional.mse_loss(feats, target, reduction='sum') / (target.pow(2).sum() + 1e-8)

# %% float64 inside
def inversion_loss(feats, target):
    d = feats.double() - target.double()
    return (d.pow(2).sum() / target.double().pow(2).sum()).float()
