# %% filters-no-abs: the largest weight, forgetting that a negative one may be larger
def filters_to_images(weight):
    F_, C, h, w = weight.shape
    m = weight.view(F_, -1).max(dim=1)[0]
    m = torch.where(m == 0, torch.ones_like(m), m)
    images = 0.5 + 0.5 * weight / m.view(-1, 1, 1, 1)
    return images


# %% filters-one-scale+filters-not-halved: one maximum for all, moved by a half
def filters_to_images(weight):
    scale = weight.abs().max()
    scale = scale + (scale == 0).float()
    normed = weight / scale
    return normed + 0.5
