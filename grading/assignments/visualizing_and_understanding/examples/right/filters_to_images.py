# %% flat maxima
def filters_to_images(weight):
    F_, C, h, w = weight.shape
    scale = weight.view(F_, -1).abs().max(dim=1).values if weight.is_contiguous() else weight.abs().flatten(1).max(1)[0]
    scale = torch.where(scale > 0, scale, torch.ones_like(scale))
    return 0.5 + 0.5 * weight / scale.view(-1, 1, 1, 1)

# %% a loop over filters
def filters_to_images(weight):
    images = torch.zeros_like(weight)
    for i in range(weight.shape[0]):
        m = weight[i].abs().max()
        if m > 0:
            images[i] = weight[i] / m * 0.5 + 0.5
        else:
            images[i] = 0.5
    return images

# %% a list, stacked
def filters_to_images(weight):
    out = []
    for filt in weight:
        top = filt.abs().max().item()
        out.append((filt / top + 1) / 2 if top else torch.full_like(filt, 0.5))
    return torch.stack(out)

# %% the larger of maximum and minus minimum
def filters_to_images(weight):
    high = weight.amax((1, 2, 3), keepdim=True)
    low = weight.amin((1, 2, 3), keepdim=True)
    size = torch.maximum(high, -low)
    return 0.5 * (1 + weight / size.clamp(min=1e-12))

# %% infinity norm
def filters_to_images(weight):
    size = torch.linalg.vector_norm(weight, ord=float('inf'), dim=(1, 2, 3), keepdim=True)
    return torch.nan_to_num(weight / size) / 2 + 0.5

# %% a small number added
def filters_to_images(weight):
    m = weight.abs().amax(dim=[1, 2, 3], keepdim=True)
    return 0.5 + 0.5 * (weight / (m + 1e-9))

# %% numpy inside
def filters_to_images(weight):
    w = weight.detach().cpu().numpy()
    m = np.abs(w).max(axis=(1, 2, 3), keepdims=True)
    m[m == 0] = 1.0
    return torch.from_numpy((0.5 + 0.5 * w / m).astype(np.float32))

# %% float64 inside
def filters_to_images(weight):
    w = weight.double()
    m = w.abs().amax((1, 2, 3), keepdim=True)
    return (0.5 + 0.5 * w / torch.where(m == 0, 1.0, m)).float()

# %% no gradients, in steps
@torch.no_grad()
def filters_to_images(weight):
    w = weight.clone()
    top = w.abs().flatten(1).amax(1)
    top[top == 0] = 1.
    w /= top[:, None, None, None]
    w *= 0.5
    w += 0.5
    return w

# %% linear interpolation
def filters_to_images(weight):
    m = weight.abs().amax((1, 2, 3), keepdim=True)
    m = m + (m == 0).float()
    return torch.lerp(torch.zeros_like(weight), torch.ones_like(weight), (weight + m) / (2 * m))

# %% clamped for safety
def filters_to_images(weight):
    m = weight.abs().amax((1, 2, 3), keepdim=True).clamp_min(1e-10)
    return (0.5 + weight / (2 * m)).clamp(0, 1)
