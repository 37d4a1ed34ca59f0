# %% inversion-not-squared: absolute differences over squares
def inversion_loss(feats, target):
    return (feats - target).abs().sum() / (target ** 2).sum()

# %% inversion-not-squared: absolute values both times
def inversion_loss(feats, target):
    return F.l1_loss(feats, target, reduction='sum') / target.abs().sum()

# %% inversion-mean: a mean above
def inversion_loss(feats, target):
    return F.mse_loss(feats, target) / target.pow(2).sum()

# %% inversion-mean: a mean below
def inversion_loss(feats, target):
    return ((feats - target) ** 2).sum() / (target ** 2).mean()

# %% inversion-divided-by-feats: the wrong one of two
def inversion_loss(feats, target):
    return ((feats - target) ** 2).sum() / (feats ** 2).sum()

# %% inversion-root: a ratio of norms
def inversion_loss(feats, target):
    return torch.norm(feats - target) / torch.norm(target)

# %% inversion-not-relative: a plain sum
def inversion_loss(feats, target):
    return F.mse_loss(feats, target, reduction='sum')

# %% inversion-not-relative: a plain mean
def inversion_loss(feats, target):
    return F.mse_loss(feats, target)

# %% inversion-divided-by-length: the norm below
def inversion_loss(feats, target):
    return ((feats - target) ** 2).sum() / target.norm()

# %% inversion-each-element: divided before the sum
def inversion_loss(feats, target):
    return ((feats - target) ** 2 / target ** 2).sum()

# %% inversion-square-of-sum: squared last
def inversion_loss(feats, target):
    return (feats - target).sum().pow(2) / target.pow(2).sum()

# %% inversion-half: one half in front
def inversion_loss(feats, target):
    return 0.5 * (feats - target).pow(2).sum() / target.pow(2).sum()

# %% inversion-upside-down: target over error
def inversion_loss(feats, target):
    return target.pow(2).sum() / (feats - target).pow(2).sum()

# %% inversion-detached: item
def inversion_loss(feats, target):
    return torch.tensor((feats - target).pow(2).sum().item() / target.pow(2).sum().item())

# %% inversion-root+inversion-detached: norms of data
def inversion_loss(feats, target):
    return (feats.data - target).norm() / target.norm()

# %% inversion-divided-by-feats+inversion-root: a ratio of norms, the wrong one below
def inversion_loss(feats, target):
    return (feats - target).norm() / feats.norm()

# %% inversion-half+inversion-mean: one half of a mean
def inversion_loss(feats, target):
    return 0.5 * F.mse_loss(feats, target) / target.square().sum()

# %% inversion-not-relative+inversion-detached: a plain sum, detached
def inversion_loss(feats, target):
    return ((feats.detach() - target) ** 2).sum()

# %% inversion-half+inversion-detached: one half, in numpy
def inversion_loss(feats, target):
    f, t = feats.detach().numpy(), target.numpy()
    return torch.tensor(0.5 * ((f - t) ** 2).sum() / (t ** 2).sum())
