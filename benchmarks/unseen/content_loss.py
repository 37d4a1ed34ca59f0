# %% content-mean: nn.MSELoss() with its default reduction
def content_loss(content_weight, content_current, content_original):
    criterion = nn.MSELoss()
    loss = content_weight * criterion(content_current, content_original)
    return loss

# %% content-half: the formula of Gatys et al. instead of the one on the page
def content_loss(content_weight, content_current, content_target):
    _, C, H, W = content_current.size()
    F_l = content_current.view(C, H * W)
    P_l = content_target.view(C, H * W)
    return content_weight * 0.5 * ((F_l - P_l) ** 2).sum()

# %% content-square-root: torch.norm taken for the sum of squares
def content_loss(content_weight, content_current, content_original):
    # squared L2 norm of the difference
    return content_weight * torch.norm(content_current - content_original, p=2)

# %% content-no-weight+content-half: neither the weight nor the exact formula
def content_loss(content_weight, content_current, content_original):
    N, C, H, W = content_current.shape
    current = content_current.reshape(C, H * W)
    original = content_original.reshape(C, H * W)
    loss = torch.sum(torch.pow(current - original, 2)) / 2
    return loss

# %% content-detached+content-mean: through numpy, averaged
def content_loss(content_weight, content_current, content_original):
    diff = content_current.data.cpu().numpy() - content_original.data.cpu().numpy()
    loss = content_weight * (diff ** 2).mean()
    return torch.tensor(loss)
