# %% content-mean: nn.MSELoss as it comes
import torch.nn as nn

def content_loss(content_weight, content_current, content_original):
    criterion = nn.MSELoss()
    return content_weight * criterion(content_current, content_original)


# %% content-no-weight+content-half: the paper's formula, without the weight
def content_loss(content_weight, content_current, content_target):
    _, C, H, W = content_current.shape
    F_l = content_current.view(C, H * W)
    P_l = content_target.view(C, H * W)
    loss = 0.5 * torch.sum((F_l - P_l) ** 2)
    return loss
