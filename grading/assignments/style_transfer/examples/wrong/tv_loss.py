# %% tv-border-dropped: both differences on the same pixels
def tv_loss(img, tv_weight):
    a = img[:, :, :-1, :-1] - img[:, :, 1:, :-1]
    b = img[:, :, :-1, :-1] - img[:, :, :-1, 1:]
    return tv_weight * torch.sum(a ** 2 + b ** 2)

# %% tv-border-dropped: one pair too few
def tv_loss(img, tv_weight):
    N, C, H, W = img.shape
    a = img[:, :, 1:H - 1] - img[:, :, :H - 2]
    b = img[:, :, :, 1:W - 1] - img[:, :, :, :W - 2]
    return tv_weight * ((a ** 2).sum() + (b ** 2).sum())

# %% tv-border-dropped: the first row and column
def tv_loss(img, tv_weight):
    a = (img[:, :, 1:, 1:] - img[:, :, :-1, 1:]).pow(2)
    b = (img[:, :, 1:, 1:] - img[:, :, 1:, :-1]).pow(2)
    return tv_weight * (a + b).sum()

# %% tv-border-dropped: convolutions with windows of 3 x 3 pixels
def tv_loss(img, tv_weight):
    right = torch.tensor([[0.0, 0.0, 0.0], [0.0, -1.0, 1.0], [0.0, 0.0, 0.0]])
    across = F.conv2d(img, right.expand(3, 1, 3, 3), groups=3)
    down = F.conv2d(img, right.t().expand(3, 1, 3, 3), groups=3)
    return tv_weight * (across.pow(2).sum() + down.pow(2).sum())

# %% tv-wraps-around: roll
def tv_loss(img, tv_weight):
    a = img - torch.roll(img, -1, dims=2)
    b = img - torch.roll(img, -1, dims=3)
    return tv_weight * ((a ** 2).sum() + (b ** 2).sum())

# %% tv-one-direction: rows only
def tv_loss(img, tv_weight):
    return tv_weight * torch.sum((img[:, :, 1:, :] - img[:, :, :-1, :]) ** 2)

# %% tv-one-direction: columns only
def tv_loss(img, tv_weight):
    return tv_weight * torch.sum((img[:, :, :, 1:] - img[:, :, :, :-1]) ** 2)

# %% tv-wrong-axis: channels instead of rows
def tv_loss(img, tv_weight):
    a = torch.sum((img[:, 1:, :, :] - img[:, :-1, :, :]) ** 2)
    b = torch.sum((img[:, :, :, 1:] - img[:, :, :, :-1]) ** 2)
    return tv_weight * (a + b)

# %% tv-wrong-axis: rows twice
def tv_loss(img, tv_weight):
    a = torch.diff(img, dim=2).pow(2).sum()
    b = torch.diff(img, dim=2).pow(2).sum()
    return tv_weight * (a + b)

# %% tv-mean: two means
def tv_loss(img, tv_weight):
    a = F.mse_loss(img[:, :, 1:], img[:, :, :-1])
    b = F.mse_loss(img[..., 1:], img[..., :-1])
    return tv_weight * (a + b)

# %% tv-not-squared: absolute differences
def tv_loss(img, tv_weight):
    a = torch.abs(img[:, :, 1:] - img[:, :, :-1]).sum()
    b = torch.abs(img[..., 1:] - img[..., :-1]).sum()
    return tv_weight * (a + b)

# %% tv-square-of-sum: the square behind the bracket
def tv_loss(img, tv_weight):
    a = torch.sum(img[:, :, 1:] - img[:, :, :-1]) ** 2
    b = torch.sum(img[..., 1:] - img[..., :-1]) ** 2
    return tv_weight * (a + b)

# %% tv-no-weight: forgotten
def tv_loss(img, tv_weight):
    a = torch.sum((img[:, :, 1:] - img[:, :, :-1]) ** 2)
    b = torch.sum((img[..., 1:] - img[..., :-1]) ** 2)
    return a + b

# %% tv-weight-squared: each difference is weighted before it is squared
def tv_loss(img, tv_weight):
    down = tv_weight * (img[:, :, 1:] - img[:, :, :-1])
    right = tv_weight * (img[:, :, :, 1:] - img[:, :, :, :-1])
    return (down ** 2).sum() + (right ** 2).sum()

# %% tv-weight-on-one-sum: a missing bracket
def tv_loss(img, tv_weight):
    loss = tv_weight * torch.sum((img[:, :, 1:] - img[:, :, :-1]) ** 2)
    loss += torch.sum((img[..., 1:] - img[..., :-1]) ** 2)
    return loss

# %% tv-twice: all four neighbours
def tv_loss(img, tv_weight):
    total = 0
    for axis in (2, 3):
        n = img.shape[axis]
        here, there = img.narrow(axis, 0, n - 1), img.narrow(axis, 1, n - 1)
        total = total + ((here - there) ** 2).sum() + ((there - here) ** 2).sum()
    return tv_weight * total

# %% tv-isotropic: as in the textbook
def tv_loss(img, tv_weight):
    dy = img[:, :, 1:, :-1] - img[:, :, :-1, :-1]
    dx = img[:, :, :-1, 1:] - img[:, :, :-1, :-1]
    return tv_weight * torch.sum(torch.sqrt(dx ** 2 + dy ** 2))

# %% tv-padded: F.pad behind the last row and column
def tv_loss(img, tv_weight):
    padded = F.pad(img, (0, 1, 0, 1))
    a = padded[:, :, 1:, :-1] - img
    b = padded[:, :, :-1, 1:] - img
    return tv_weight * ((a ** 2).sum() + (b ** 2).sum())

# %% tv-padded: convolutions with padding
def tv_loss(img, tv_weight):
    x = img.permute(1, 0, 2, 3)
    a = F.conv2d(x, torch.tensor([[[[-1.0], [1.0]]]]), padding=(1, 0))
    b = F.conv2d(x, torch.tensor([[[[-1.0, 1.0]]]]), padding=(0, 1))
    return tv_weight * (a.pow(2).sum() + b.pow(2).sum())

# %% tv-half: a half
def tv_loss(img, tv_weight):
    a = torch.sum((img[:, :, 1:] - img[:, :, :-1]) ** 2)
    b = torch.sum((img[..., 1:] - img[..., :-1]) ** 2)
    return 0.5 * tv_weight * (a + b)

# %% tv-square-root: of the whole
def tv_loss(img, tv_weight):
    a = torch.sum((img[:, :, 1:] - img[:, :, :-1]) ** 2)
    b = torch.sum((img[..., 1:] - img[..., :-1]) ** 2)
    return tv_weight * torch.sqrt(a + b)

# %% tv-detached: img.data
def tv_loss(img, tv_weight):
    x = img.data
    a = torch.sum((x[:, :, 1:] - x[:, :, :-1]) ** 2)
    b = torch.sum((x[..., 1:] - x[..., :-1]) ** 2)
    return tv_weight * (a + b)

# %% tv-python-loop: rows, then columns
def tv_loss(img, tv_weight):
    loss = 0
    for i in range(1, img.size(2)):
        loss += torch.sum((img[:, :, i] - img[:, :, i - 1]) ** 2)
    for j in range(1, img.size(3)):
        loss += torch.sum((img[:, :, :, j] - img[:, :, :, j - 1]) ** 2)
    return tv_weight * loss

# %% returns-nothing: no return
def tv_loss(img, tv_weight):
    a = torch.sum((img[:, :, 1:] - img[:, :, :-1]) ** 2)
    b = torch.sum((img[..., 1:] - img[..., :-1]) ** 2)
    loss = tv_weight * (a + b)

# %% tv-border-dropped+tv-python-loop: pixel by pixel, up to the border
def tv_loss(img, tv_weight):
    N, C, H, W = img.shape
    loss = 0
    for i in range(H - 1):
        for j in range(W - 1):
            here = img[0, :, i, j]
            loss += ((img[0, :, i + 1, j] - here) ** 2).sum() + ((img[0, :, i, j + 1] - here) ** 2).sum()
    return tv_weight * loss

# %% tv-border-dropped+tv-no-weight: the border, no weight
def tv_loss(img, tv_weight):
    a = img[:, :, :-1, :-1] - img[:, :, 1:, :-1]
    b = img[:, :, :-1, :-1] - img[:, :, :-1, 1:]
    return torch.sum(a ** 2) + torch.sum(b ** 2)

# %% tv-border-dropped+tv-not-squared: the border, absolute
def tv_loss(img, tv_weight):
    a = img[:, :, :-1, :-1] - img[:, :, 1:, :-1]
    b = img[:, :, :-1, :-1] - img[:, :, :-1, 1:]
    return tv_weight * (a.abs() + b.abs()).sum()

# %% tv-border-dropped+tv-detached: the border, detached
def tv_loss(img, tv_weight):
    x = img.detach().numpy()
    a = x[:, :, :-1, :-1] - x[:, :, 1:, :-1]
    b = x[:, :, :-1, :-1] - x[:, :, :-1, 1:]
    return float(tv_weight * (np.sum(a ** 2) + np.sum(b ** 2)))

# %% tv-mean+tv-no-weight: means, no weight
def tv_loss(img, tv_weight):
    return F.mse_loss(img[:, :, 1:], img[:, :, :-1]) + F.mse_loss(img[..., 1:], img[..., :-1])

# %% tv-not-squared+tv-mean: mean absolute differences
def tv_loss(img, tv_weight):
    a = (img[:, :, 1:] - img[:, :, :-1]).abs().mean()
    b = (img[..., 1:] - img[..., :-1]).abs().mean()
    return tv_weight * (a + b)

# %% tv-wraps-around+tv-no-weight: roll, no weight
def tv_loss(img, tv_weight):
    return ((img - img.roll(1, 2)) ** 2).sum() + ((img - img.roll(1, 3)) ** 2).sum()

# %% tv-wraps-around+tv-not-squared: roll, absolute
def tv_loss(img, tv_weight):
    return tv_weight * ((img - img.roll(1, 2)).abs().sum() + (img - img.roll(1, 3)).abs().sum())

# %% tv-one-direction+tv-no-weight: rows only, no weight
def tv_loss(img, tv_weight):
    return img.diff(dim=2).pow(2).sum()

# %% tv-wrong-axis+tv-half = tv-one-direction: rows twice, halved, are rows
def tv_loss(img, tv_weight):
    a = torch.diff(img, dim=2).pow(2).sum()
    b = torch.diff(img, dim=2).pow(2).sum()
    return tv_weight * (a + b) / 2

# %% tv-python-loop+tv-no-weight: rows and columns, no weight
def tv_loss(img, tv_weight):
    loss = 0
    for i in range(1, img.size(2)):
        loss += torch.sum((img[:, :, i] - img[:, :, i - 1]) ** 2)
    for j in range(1, img.size(3)):
        loss += torch.sum((img[:, :, :, j] - img[:, :, :, j - 1]) ** 2)
    return loss

# %% tv-detached+tv-python-loop: numbers taken out one by one
def tv_loss(img, tv_weight):
    total = 0
    for i in range(img.shape[2] - 1):
        total += torch.sum((img[:, :, i + 1] - img[:, :, i]) ** 2).item()
    for j in range(img.shape[3] - 1):
        total += torch.sum((img[:, :, :, j + 1] - img[:, :, :, j]) ** 2).item()
    return tv_weight * torch.tensor(total)
