# %% occlusion-raw-score: the column of the scores
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch)[:, y])
    return torch.stack(heat)

# %% occlusion-log-probability: log_softmax
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(F.log_softmax(model(batch), dim=1)[:, y])
    return torch.stack(heat)

# %% occlusion-log-probability: the loss
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(F.cross_entropy(model(batch), torch.full((cols,), y), reduction='none'))
    return torch.stack(heat)

# %% occlusion-drop: the original minus the rest
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    whole = model(X).softmax(1)[0, y]
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(whole - model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-drop: one minus
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(1 - model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-sigmoid: of the score
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(torch.sigmoid(model(batch)[:, y]))
    return torch.stack(heat)

# %% occlusion-largest: the maximum
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1).max(1).values)
    return torch.stack(heat)

# %% occlusion-other-class: the winner's
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    y = model(X).argmax().item()
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-winner: which class
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).argmax(1))
    return torch.stack(heat)

# %% occlusion-softmax-over-batch: dim=0 over all places
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    batch = X.repeat(rows * cols, 1, 1, 1)
    for n in range(rows * cols):
        t, l = n // cols * stride, n % cols * stride
        batch[n, :, t:t + patch, l:l + patch] = 0
    with torch.no_grad():
        return model(batch).softmax(dim=0)[:, y].view(rows, cols)

# %% occlusion-squares-stay: one copy for all
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    img, copies = X.clone(), []
    for r in range(rows):
        for c in range(cols):
            img[:, :, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
            copies.append(img.clone())
    with torch.no_grad():
        return model(torch.cat(copies)).softmax(1)[:, y].view(rows, cols)

# %% occlusion-one-channel: a forgotten colon
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, 0, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-other-colour: the mean of the picture
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = X[0].mean((1, 2)).view(3, 1, 1)
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-other-colour: one half
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0.5
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-keeps-the-square: on an empty canvas
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = torch.zeros(cols, *X.shape[1:])
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = X[0, :, t:t + patch, l:l + patch]
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-transposed: the result
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat).t()

# %% occlusion-transposed: columns run slower
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    copies = []
    for c in range(cols):
        for r in range(rows):
            img = X.clone()
            img[:, :, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
            copies.append(img)
    with torch.no_grad():
        return model(torch.cat(copies)).softmax(1)[:, y].view(cols, rows)

# %% occlusion-corners-swapped: x and y
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = c * stride, r * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-flat: one row
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.cat(heat)

# %% occlusion-square-size: one too many
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch + 1, l:l + patch + 1] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-square-shifted: around the corner
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride - patch // 2, c * stride - patch // 2
                batch[c, :, max(t, 0):t + patch, max(l, 0):l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-square-shifted: the stride forgotten
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r, c
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-other-places: hanging over the edge
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = -(-(H - patch) // stride) + 1, -(-(W - patch) // stride) + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-other-places: the last one lost
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride, (W - patch) // stride
    if not rows or not cols:
        raise ValueError("no place")
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-one-at-a-time: a loop
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = torch.zeros(rows, cols)
    with torch.no_grad():
        for r in range(rows):
            for c in range(cols):
                img = X.clone()
                img[:, :, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
                heat[r, c] = model(img).softmax(1)[0, y]
    return heat

# %% changes-its-argument: a scratch pixel
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).softmax(1)[:, y])
    X.zero_()
    return torch.stack(heat)

# %% occlusion-squares-stay+changes-its-argument: covered in the picture itself
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    copies = []
    for r in range(rows):
        for c in range(cols):
            square = X[:, :, r * stride:r * stride + patch, c * stride:c * stride + patch]
            square.zero_()
            copies.append(X.clone())
    with torch.no_grad():
        return model(torch.cat(copies)).softmax(1)[:, y].view(rows, cols)

# %% occlusion-raw-score+occlusion-one-at-a-time: scores in a loop
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = torch.zeros(rows, cols)
    with torch.no_grad():
        for r in range(rows):
            for c in range(cols):
                img = X.clone()
                img[:, :, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
                heat[r, c] = model(img)[0, y]
    return heat

# %% occlusion-log-probability+occlusion-one-channel: logarithms of red
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, 0, t:t + patch, l:l + patch] = 0
            heat.append(model(batch).log_softmax(1)[:, y])
    return torch.stack(heat)

# %% occlusion-raw-score+occlusion-transposed: scores, transposed
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch, l:l + patch] = 0
            heat.append(model(batch)[:, y])
    return torch.stack(heat, dim=1)

# %% occlusion-drop+occlusion-square-size: one minus, one too many
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    heat = []
    with torch.no_grad():
        for r in range(rows):
            batch = X.repeat(cols, 1, 1, 1)
            for c in range(cols):
                t, l = r * stride, c * stride
                batch[c, :, t:t + patch + 1, l:l + patch + 1] = 0
            heat.append(1 - model(batch).softmax(1)[:, y])
    return torch.stack(heat)
