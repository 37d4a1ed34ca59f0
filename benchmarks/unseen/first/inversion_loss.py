# %% inversion-mean+inversion-not-relative+inversion-half: half of mse_loss
def inversion_loss(feats, target):
    loss = 0.5 * F.mse_loss(feats, target)
    return loss
