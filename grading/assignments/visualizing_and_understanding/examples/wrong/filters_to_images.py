# %% filters-one-scale: one maximum
def filters_to_images(weight):
    return 0.5 + 0.5 * weight / weight.abs().max()

# %% filters-one-scale: a maximum for each colour
def filters_to_images(weight):
    m = weight.abs().permute(1, 0, 2, 3).flatten(1).max(1).values
    return weight / m.view(1, 3, 1, 1) / 2 + 0.5

# %% filters-min-max: each filter from its smallest to its largest
def filters_to_images(weight):
    out = []
    for f in weight:
        span = f.max() - f.min()
        out.append((f - f.min()) / span)
    return torch.stack(out)

# %% filters-min-max: safe division
def filters_to_images(weight):
    flat = weight.flatten(1)
    lo, hi = flat.min(1)[0].view(-1, 1, 1, 1), flat.max(1)[0].view(-1, 1, 1, 1)
    return (weight - lo) / (hi - lo + 1e-8)

# %% filters-min-max: over all filters
def filters_to_images(weight):
    return (weight - weight.min()) / (weight.max() - weight.min())

# %% filters-scale-per-channel: maximum over the pixels
def filters_to_images(weight):
    m = weight.abs().flatten(2).max(2).values[..., None, None]
    m[m == 0] = 1
    return (weight / m + 1) / 2

# %% filters-clamped: straight into the range
def filters_to_images(weight):
    return torch.clamp(weight, 0, 1)

# %% filters-clamped: halved, moved, clamped
def filters_to_images(weight):
    return torch.clamp(weight / 2 + 0.5, min=0, max=1)

# %% filters-not-scaled: moved only
def filters_to_images(weight):
    return weight / 2 + 0.5

# %% filters-no-abs: the largest weight
def filters_to_images(weight):
    m = weight.flatten(1).max(dim=1).values.view(-1, 1, 1, 1)
    m = torch.where(m == 0, torch.ones_like(m), m)
    return 0.5 + weight / m * 0.5

# %% filters-other-norm: the Euclidean norm
def filters_to_images(weight):
    n = weight.pow(2).sum((1, 2, 3), keepdim=True).sqrt()
    return 0.5 + 0.5 * weight / n.clamp(min=1e-10)

# %% filters-other-norm: the standard deviation
def filters_to_images(weight):
    n = weight.std((1, 2, 3), keepdim=True)
    return 0.5 + 0.5 * weight / n.clamp(min=1e-10)

# %% filters-divides-by-zero: no care for empty filters
def filters_to_images(weight):
    return (1 + weight / weight.abs().amax((1, 2, 3), keepdim=True)) / 2

# %% filters-empty-not-gray: left at zero
def filters_to_images(weight):
    images = torch.zeros_like(weight)
    for i, f in enumerate(weight):
        if f.abs().max() > 0:
            images[i] = 0.5 + f / (2 * f.abs().max())
    return images

# %% filters-not-moved: between -1 and 1
def filters_to_images(weight):
    m = weight.abs().amax((1, 2, 3), keepdim=True)
    return weight / torch.where(m > 0, m, 1.0)

# %% filters-not-halved: moved without halving
def filters_to_images(weight):
    m = weight.abs().amax((1, 2, 3), keepdim=True)
    return weight / m.clamp(min=1e-12) + 0.5

# %% filters-magnitude: absolute weights
def filters_to_images(weight):
    w = weight.abs()
    return w / w.amax((1, 2, 3), keepdim=True).clamp(min=1e-12)

# %% filters-inverted: one minus the right answer
def filters_to_images(weight):
    m = weight.abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-12)
    return 1 - (0.5 + 0.5 * weight / m)

# %% filters-bytes: up to 255
def filters_to_images(weight):
    m = weight.abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-12)
    return 127.5 + 127.5 * weight / m

# %% filters-channels-last: ready for plotting
def filters_to_images(weight):
    m = weight.abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-12)
    return (0.5 + 0.5 * weight / m).movedim(1, 3)

# %% changes-its-argument: the weights are scaled in place
def filters_to_images(weight):
    m = weight.abs().amax((1, 2, 3), keepdim=True)
    m[m == 0] = 1
    weight /= m
    return 0.5 + 0.5 * weight

# %% filters-one-scale+filters-not-moved: one maximum, not moved
def filters_to_images(weight):
    return weight / weight.abs().max()

# %% filters-no-abs+filters-divides-by-zero: the largest weight, empty or not
def filters_to_images(weight):
    m = weight.amax((1, 2, 3), keepdim=True)
    return 0.5 + 0.5 * (weight / m)

# %% filters-scale-per-channel+filters-channels-last: a scale for each colour, ready for plotting
def filters_to_images(weight):
    m = weight.abs().amax((2, 3), keepdim=True).clamp(min=1e-12)
    return (0.5 + 0.5 * weight / m).permute(0, 2, 3, 1)

# %% filters-not-halved+filters-divides-by-zero: not halved, empty filters divided
def filters_to_images(weight):
    return 0.5 + weight / weight.abs().amax((1, 2, 3), keepdim=True)
