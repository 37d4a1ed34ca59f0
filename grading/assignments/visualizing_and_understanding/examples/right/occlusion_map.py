# %% chunks of eight
def occlusion_map(X, y, model, patch, stride):
    _, _, H, W = X.shape
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    corners = [(r * stride, c * stride) for r in range(rows) for c in range(cols)]
    probs = []
    with torch.no_grad():
        for i in range(0, len(corners), 8):
            chunk = corners[i:i + 8]
            batch = X.repeat(len(chunk), 1, 1, 1)
            for img, (t, l) in zip(batch, chunk):
                img[:, t:t + patch, l:l + patch] = 0
            probs.append(F.softmax(model(batch), dim=1)[:, y])
    return torch.cat(probs).view(rows, cols)

# %% everything in one batch
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[-2:]
    tops = range(0, H - patch + 1, stride)
    lefts = range(0, W - patch + 1, stride)
    copies = []
    for t in tops:
        for l in lefts:
            img = X.clone()
            img[..., t:t + patch, l:l + patch] = 0
            copies.append(img)
    with torch.no_grad():
        p = model(torch.cat(copies)).softmax(-1)
    return p[:, y].reshape(len(tops), len(lefts))

# %% masks from unfold
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2], X.shape[3]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    mask = torch.ones(rows * cols, 1, H, W)
    for n in range(rows * cols):
        t, l = (n // cols) * stride, (n % cols) * stride
        mask[n, 0, t:t + patch, l:l + patch] = 0
    with torch.no_grad():
        return model(X * mask).softmax(1)[:, y].view(rows, cols)

# %% a column of places at a time
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    columns = []
    for left in range(0, W - patch + 1, stride):
        tops = list(range(0, H - patch + 1, stride))
        batch = X.expand(len(tops), -1, -1, -1).clone()
        for i, top in enumerate(tops):
            batch[i, :, top:top + patch, left:left + patch] = 0.0
        with torch.no_grad():
            columns.append(torch.softmax(model.forward(batch), 1)[:, y])
    return torch.stack(columns, dim=1)

# %% pairs
def occlusion_map(X, y, model, patch, stride):
    rows = (X.size(2) - patch) // stride + 1
    cols = (X.size(3) - patch) // stride + 1
    out = torch.zeros(rows * cols)
    model.eval()
    with torch.no_grad():
        for n in range(0, rows * cols, 2):
            pair = [k for k in (n, n + 1) if k < rows * cols]
            imgs = torch.cat([X.clone() for _ in pair])
            for img, k in zip(imgs, pair):
                r, c = divmod(k, cols)
                img[:, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
            out[n:n + len(pair)] = torch.nn.functional.softmax(model(imgs), dim=1)[:, y]
    return out.reshape(rows, cols)

# %% the softmax written out
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows = 1 + (H - patch) // stride
    cols = 1 + (W - patch) // stride
    heat = torch.empty(rows, cols)
    with torch.no_grad():
        for r in range(rows):
            batch = torch.cat([X] * cols)
            for c in range(cols):
                batch[c, :, r * stride:r * stride + patch, c * stride:c * stride + patch].zero_()
            s = model(batch)
            e = torch.exp(s - s.max(dim=1, keepdim=True)[0])
            heat[r] = e[:, y] / e.sum(dim=1)
    return heat

# %% the logarithm, undone
def occlusion_map(X, y, model, patch, stride):
    rows = (X.shape[2] - patch) // stride + 1
    cols = (X.shape[3] - patch) // stride + 1
    batch = X.repeat(rows * cols, 1, 1, 1).view(rows, cols, *X.shape[1:])
    for r in range(rows):
        for c in range(cols):
            batch[r, c, :, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
    with torch.no_grad():
        logp = model(batch.flatten(0, 1)).log_softmax(dim=1)
    return logp[:, y].exp().view(rows, cols)

# %% DataLoader-like split
def occlusion_map(X, y, model, patch, stride):
    rows = (X.shape[2] - patch) // stride + 1
    cols = (X.shape[3] - patch) // stride + 1
    imgs = X.repeat(rows * cols, 1, 1, 1)
    for n, img in enumerate(imgs):
        top, left = n // cols * stride, n % cols * stride
        img[:, top:top + patch, left:left + patch] = 0
    with torch.no_grad():
        scores = torch.cat([model(part) for part in imgs.split(16)])
    return scores.softmax(1)[:, y].unflatten(0, (rows, cols))

# %% gradients recorded, then detached
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2], X.shape[3]
    heat = []
    for top in range(0, H - patch + 1, stride):
        row = []
        for left in range(0, W - patch + 1, stride):
            img = X.clone()
            img[0, :, top:top + patch, left:left + patch] = 0
            row.append(img)
        heat.append(model(torch.cat(row)).softmax(1)[:, y].detach())
    return torch.stack(heat)

# %% float64 inside
def occlusion_map(X, y, model, patch, stride):
    rows, cols = [(n - patch) // stride + 1 for n in X.shape[2:]]
    batch = X.repeat(rows * cols, 1, 1, 1)
    for n in range(rows * cols):
        t, l = n // cols * stride, n % cols * stride
        batch[n, :, t:t + patch, l:l + patch] = 0
    with torch.no_grad():
        return model(batch).double().softmax(1)[:, y].reshape(rows, cols).float()

# %% meshgrid of corners
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    tops, lefts = torch.meshgrid(
        torch.arange(0, H - patch + 1, stride), torch.arange(0, W - patch + 1, stride), indexing='ij'
    )
    i, j = torch.arange(H)[None, :, None], torch.arange(W)[None, None, :]
    t, l = tops.flatten()[:, None, None], lefts.flatten()[:, None, None]
    hidden = (i >= t) & (i < t + patch) & (j >= l) & (j < l + patch)
    with torch.no_grad():
        p = model(X.masked_fill(hidden[:, None], 0)).softmax(1)
    return p[:, y].view(tops.shape)
