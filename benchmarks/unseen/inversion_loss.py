# %% inversion-mean+inversion-not-relative: nothing but F.mse_loss
def inversion_loss(feats, target):
    loss = F.mse_loss(feats, target)
    return loss

# %% inversion-divided-by-length+inversion-half+inversion-detached: torch.norm below the line, a half, through numpy
def inversion_loss(feats, target):
    diff = feats.detach() - target
    num = 0.5 * torch.sum(diff * diff)
    return num / torch.norm(target)
