# %% content-square-root: the norm of the difference
def content_loss(content_weight, content_current, content_original):
    diff = content_current - content_original
    return content_weight * torch.norm(diff)


# %% content-detached: both sides detached before they are compared
def content_loss(content_weight, content_current, content_original):
    current = content_current.detach()
    target = content_original.detach()
    loss = content_weight * F.mse_loss(current, target, reduction='sum')
    return loss


# %% content-not-squared+content-mean: L1Loss as it comes
def content_loss(content_weight, content_current, content_original):
    loss_fn = nn.L1Loss(reduction='mean')
    loss = loss_fn(content_current, content_original) * content_weight
    return loss
