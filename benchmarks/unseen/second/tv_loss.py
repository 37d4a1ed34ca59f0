# %% tv-border-dropped: rows counted to H - 2
def tv_loss(img, tv_weight):
    N, C, H, W = img.shape
    up = img[:, :, 0:H-2, :]
    down = img[:, :, 1:H-1, :]
    left = img[:, :, :, 0:W-1]
    right = img[:, :, :, 1:W]
    loss = tv_weight * (torch.sum((up - down) ** 2) + torch.sum((left - right) ** 2))
    return loss


# %% tv-wraps-around: torch.roll brings the other side in
def tv_loss(img, tv_weight):
    dh = torch.roll(img, shifts=-1, dims=2) - img
    dw = torch.roll(img, shifts=-1, dims=3) - img
    loss = tv_weight * (torch.sum(dh ** 2) + torch.sum(dw ** 2))
    return loss


# %% tv-python-loop: two loops over the pixels
def tv_loss(img, tv_weight):
    _, _, H, W = img.size()
    loss = 0.0
    for i in range(H):
        for j in range(W):
            if i + 1 < H:
                loss = loss + ((img[:, :, i + 1, j] - img[:, :, i, j]) ** 2).sum()
            if j + 1 < W:
                loss = loss + ((img[:, :, i, j + 1] - img[:, :, i, j]) ** 2).sum()
    return tv_weight * loss


# %% tv-one-direction+tv-mean: rows only, averaged
def tv_loss(img, tv_weight):
    vertical = img[:, :, 1:] - img[:, :, :-1]
    loss = vertical.pow(2).mean()
    horizontal = 0
    return tv_weight * (loss + horizontal)


# %% ?+tv-half: diagonal neighbours in the place of horizontal and vertical ones, with a half in front
def tv_loss(img, tv_weight):
    x_diff = img[:, :, :-1, 1:] - img[:, :, 1:, :-1]
    y_diff = img[:, :, 1:, 1:] - img[:, :, :-1, :-1]
    loss = 0.5 * tv_weight * ((x_diff ** 2).sum() + (y_diff ** 2).sum())
    return loss


# %% tv-not-squared+tv-no-weight: anisotropic total variation of the books
def tv_loss(img, tv_weight):
    h = img[:, :, :, :-1] - img[:, :, :, 1:]
    v = img[:, :, :-1, :] - img[:, :, 1:, :]
    tv = torch.sum(h.abs()) + torch.sum(v.abs())
    return tv


# %% tv-mean+tv-border-dropped+tv-no-weight: mse_loss of two shifted crops
def tv_loss(img, tv_weight):
    center = img[:, :, :-1, :-1]
    r = F.mse_loss(img[:, :, :-1, 1:], center)
    d = F.mse_loss(img[:, :, 1:, :-1], center)
    return r + d


# %% tv-wraps-around+tv-not-squared+tv-weight-on-one-sum: rolled, absolute, and a bracket missing
def tv_loss(img, tv_weight):
    a = img - img.roll(1, dims=2)
    b = img - img.roll(1, dims=3)
    return tv_weight * a.abs().sum() + b.abs().sum()
