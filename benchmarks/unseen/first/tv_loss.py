# %% tv-border-dropped: both shifts cut the last row and the last column
def tv_loss(img, tv_weight):
    base = img[:, :, :-1, :-1]
    right = img[:, :, :-1, 1:] - base
    down = img[:, :, 1:, :-1] - base
    return tv_weight * (right.pow(2).sum() + down.pow(2).sum())


# %% tv-mean: the means of the two squared differences
def tv_loss(img, tv_weight):
    _, C, H, W = img.shape
    h_tv = torch.mean((img[:, :, 1:, :] - img[:, :, :H-1, :]) ** 2)
    w_tv = torch.mean((img[:, :, :, 1:] - img[:, :, :, :W-1]) ** 2)
    loss = tv_weight * (h_tv + w_tv)
    return loss


# %% tv-not-squared+tv-border-dropped: absolute differences, the last pixel of both axes missing
def tv_loss(img, tv_weight):
    dx = img[:, :, :-1, 1:] - img[:, :, :-1, :-1]
    dy = img[:, :, 1:, :-1] - img[:, :, :-1, :-1]
    loss = torch.sum(torch.abs(dx)) + torch.sum(torch.abs(dy))
    return loss * tv_weight


# %% tv-mean+tv-weight-on-one-sum+tv-border-dropped: operator precedence, and a border too many
def tv_loss(img, tv_weight):
    vertical = img[:, :, 1:, :-1] - img[:, :, :-1, :-1]
    horizontal = img[:, :, :-1, 1:] - img[:, :, :-1, :-1]
    loss = tv_weight * (vertical ** 2).mean() + (horizontal ** 2).mean()
    return loss
