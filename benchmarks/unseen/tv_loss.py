# %% tv-border-dropped: loses the last row in one of the slices, helper variables
def tv_loss(img, tv_weight):
    """
    Compute total variation loss.
    """
    N, C, H, W = img.shape
    up = img[:, :, :H-2, :]
    down = img[:, :, 1:H-1, :]
    left = img[:, :, :, :W-1]
    right = img[:, :, :, 1:W]
    loss = tv_weight * (torch.sum((down - up) ** 2) + torch.sum((right - left) ** 2))
    return loss

# %% tv-wraps-around: torch.roll, and nobody cuts off the last row and column
def tv_loss(img, tv_weight):
    # shift the image by one pixel in each direction
    dh = img - torch.roll(img, shifts=-1, dims=2)
    dw = img - torch.roll(img, shifts=-1, dims=3)
    loss = tv_weight * (dh.pow(2).sum() + dw.pow(2).sum())
    return loss

# %% tv-mean: F.mse_loss of the shifted pictures, without reduction='sum'
def tv_loss(img, tv_weight):
    tv_h = F.mse_loss(img[:, :, 1:, :], img[:, :, :-1, :])
    tv_w = F.mse_loss(img[:, :, :, 1:], img[:, :, :, :-1])
    return tv_weight * (tv_h + tv_w)

# %% tv-weight-on-one-sum: a bracket is missing in the one-liner
def tv_loss(img, tv_weight):
    # Replace "pass" statement with your code
    loss = tv_weight * ((img[:, :, :-1, :] - img[:, :, 1:, :]) ** 2).sum() + ((img[:, :, :, :-1] - img[:, :, :, 1:]) ** 2).sum()
    return loss

# %% tv-not-squared+tv-mean: absolute values, averaged, as in a blog post
def tv_loss(img, tv_weight):
    diff_i = torch.mean(torch.abs(img[:, :, :, 1:] - img[:, :, :, :-1]))
    diff_j = torch.mean(torch.abs(img[:, :, 1:, :] - img[:, :, :-1, :]))
    tv = diff_i + diff_j
    loss = tv_weight * tv
    return loss

# %% tv-border-dropped+tv-no-weight: one common crop for both differences, and the weight is never used
def tv_loss(img, tv_weight):
    center = img[:, :, :-1, :-1]
    dy = img[:, :, 1:, :-1] - center
    dx = img[:, :, :-1, 1:] - center
    loss = (dy * dy).sum() + (dx * dx).sum()
    return loss

# %% tv-python-loop+tv-border-dropped: loops over pixels, and the last row and column never get there
def tv_loss(img, tv_weight):
    _, C, H, W = img.size()
    loss = 0
    for i in range(H - 1):
        for j in range(W - 1):
            loss += torch.sum((img[:, :, i + 1, j] - img[:, :, i, j]) ** 2)
            loss += torch.sum((img[:, :, i, j + 1] - img[:, :, i, j]) ** 2)
    return tv_weight * loss

# %% tv-one-direction+tv-no-weight+tv-mean: the horizontal part was pasted and not changed enough to be added
def tv_loss(img, tv_weight):
    h_diff = img[:, :, 1:, :] - img[:, :, :-1, :]
    w_diff = img[:, :, :, 1:] - img[:, :, :, :-1]
    loss = torch.mean(h_diff ** 2)
    return loss

# %% tv-padded+tv-half+tv-detached: F.pad with zeros, a half, on a detached copy
def tv_loss(img, tv_weight):
    x = img.detach()
    # pad so that the differences have the same size as the image
    right = F.pad(x, (0, 1, 0, 0))[:, :, :, 1:]
    below = F.pad(x, (0, 0, 0, 1))[:, :, 1:, :]
    tv = ((right - x) ** 2).sum() + ((below - x) ** 2).sum()
    return 0.5 * tv_weight * tv
