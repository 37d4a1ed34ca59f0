# %% content-mean: mse_loss
def content_loss(content_weight, content_current, content_original):
    return content_weight * F.mse_loss(content_current, content_original)

# %% content-mean: divided by the number of elements
def content_loss(content_weight, content_current, content_original):
    N, C, H, W = content_current.shape
    return content_weight * ((content_current - content_original) ** 2).sum() / (N * C * H * W)

# %% content-no-weight: forgotten
def content_loss(content_weight, content_current, content_original):
    diff = content_current - content_original
    return torch.sum(diff * diff)

# %% content-half: as in the paper
def content_loss(content_weight, content_current, content_original):
    return content_weight * 0.5 * (content_current - content_original).pow(2).sum()

# %% content-not-squared: l1_loss
def content_loss(content_weight, content_current, content_original):
    return content_weight * nn.L1Loss(reduction="sum")(content_current, content_original)

# %% content-square-root: the norm
def content_loss(content_weight, content_current, content_original):
    return content_weight * torch.norm(content_current - content_original)

# %% content-square-of-sum: brackets
def content_loss(content_weight, content_current, content_original):
    return content_weight * torch.sum(content_current - content_original) ** 2

# %% content-weight-squared: inside the brackets
def content_loss(content_weight, content_current, content_original):
    return torch.sum((content_weight * (content_current - content_original)) ** 2)

# %% content-not-summed: no sum
def content_loss(content_weight, content_current, content_original):
    return content_weight * (content_current - content_original).pow(2)

# %% content-not-summed: a number for each channel
def content_loss(content_weight, content_current, content_original):
    N, C, H, W = content_current.shape
    squares = (content_current - content_original).reshape(N, C, H * W) ** 2
    return content_weight * torch.sum(squares, dim=2)

# %% content-detached: by way of numpy
def content_loss(content_weight, content_current, content_original):
    a, b = content_current.detach().numpy(), content_original.detach().numpy()
    return torch.tensor(content_weight * np.sum((a - b) ** 2))

# %% content-detached: .item()
def content_loss(content_weight, content_current, content_original):
    return content_weight * torch.sum((content_current - content_original) ** 2).item()

# %% returns-nothing: the name of the stub is still None
def content_loss(content_weight, content_current, content_original):
    loss = None
    content = content_weight * torch.sum((content_current - content_original) ** 2)
    return loss

# %% content-mean+content-no-weight: mean, no weight
def content_loss(content_weight, content_current, content_original):
    return torch.mean((content_current - content_original) ** 2)

# %% content-mean+content-half: half the mean
def content_loss(content_weight, content_current, content_original):
    return content_weight / 2 * F.mse_loss(content_current, content_original)

# %% content-no-weight+content-detached: no weight, detached
def content_loss(content_weight, content_current, content_original):
    return ((content_current.data - content_original.data) ** 2).sum()

# %% content-mean+content-detached: mean, detached
def content_loss(content_weight, content_current, content_original):
    return content_weight * ((content_current.detach() - content_original.detach()) ** 2).mean()

# %% content-not-squared+content-mean: mean absolute difference
def content_loss(content_weight, content_current, content_original):
    return content_weight * torch.abs(content_current - content_original).mean()

# %% content-square-root+content-no-weight: norm, no weight
def content_loss(content_weight, content_current, content_original):
    return (content_current - content_original).norm()
