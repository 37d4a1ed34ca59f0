# %% filters-one-scale: weight.abs().max() of all filters together
def filters_to_images(weight):
    images = weight.clone()
    m = weight.abs().max()
    images = images / m
    return images / 2 + 0.5

# %% filters-no-abs+filters-not-halved: max without abs, and zero moved to one half of a range twice too wide
def filters_to_images(weight):
    n = weight.shape[0]
    out = torch.zeros_like(weight)
    for i in range(n):
        m = weight[i].max()
        if m != 0:
            out[i] = weight[i] / m
    return out + 0.5
