# %% pow and sum
def content_loss(content_weight, content_current, content_original):
    return content_weight * torch.sum(torch.pow(content_current - content_original, 2))

# %% mse_loss
def content_loss(content_weight, content_current, content_target):
    return F.mse_loss(content_current, content_target, reduction='sum') * content_weight

# %% the mean times the number of elements
def content_loss(content_weight, content_current, content_original):
    mse = nn.MSELoss()
    return content_weight * mse(content_current, content_original) * content_current.numel()

# %% the norm squared
def content_loss(w, F, P):
    return w * torch.norm(F - P) ** 2

# %% einsum
def content_loss(content_weight, content_current, content_original):
    d = content_current - content_original
    return content_weight * torch.einsum('nchw,nchw->', d, d)

# %% the square written out
def content_loss(content_weight, content_current, content_original):
    squares = (content_current ** 2).sum() + (content_original ** 2).sum()
    return content_weight * (squares - 2 * (content_current * content_original).sum())

# %% a loop over channels
def content_loss(content_weight, content_current, content_original):
    _, C, H, W = content_current.shape
    F = content_current.view(C, H * W)
    P = content_original.view(C, H * W)
    loss = 0
    for c in range(C):
        loss += ((F[c] - P[c]) ** 2).sum()
    return content_weight * loss

# %% rows of a matrix, as in the paper
def content_loss(content_weight, content_current, content_original):
    N, C, H, W = content_current.size()
    F_ij = content_current.permute(1, 0, 2, 3).reshape(C, -1)
    P_ij = content_original.permute(1, 0, 2, 3).reshape(C, -1)
    D = F_ij - P_ij
    return content_weight * torch.trace(D @ D.t())

# %% float64 inside
def content_loss(content_weight, content_current, content_original):
    d = content_current.double() - content_original.double()
    return (content_weight * (d * d).sum()).float()

# %% a leftover pass, a shape of one
def content_loss(content_weight, content_current, content_original):
    pass
    loss = torch.zeros(1)
    diff = torch.sub(content_current, content_original).abs()
    loss += content_weight * diff.mul(diff).sum(dim=(0, 1, 2, 3))
    return loss
