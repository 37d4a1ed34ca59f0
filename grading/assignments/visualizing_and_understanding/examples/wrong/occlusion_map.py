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
# as "the column of the scores", with
#     model(batch)[:, y] => F.log_softmax(model(batch), dim=1)[:, y]

# %% occlusion-log-probability: the loss
# as "the column of the scores", with
#     model(batch)[:, y] => F.cross_entropy(model(batch), torch.full((cols,), y), reduction='none')

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
# as "the column of the scores", with
#     model(batch)[:, y] => 1 - model(batch).softmax(1)[:, y]

# %% occlusion-sigmoid: of the score
# as "the column of the scores", with
#     model(batch)[:, y] => torch.sigmoid(model(batch)[:, y])

# %% occlusion-largest: the maximum
# as "the column of the scores", with
#     model(batch)[:, y] => model(batch).softmax(1).max(1).values

# %% occlusion-other-class: the winner's
# as "the original minus the rest", with
#     whole = model(X).softmax(1)[0, y] => y = model(X).argmax().item()
#     whole - model(batch).softmax(1)[:, y] => model(batch).softmax(1)[:, y]

# %% occlusion-winner: which class
# as "the column of the scores", with
#     model(batch)[:, y] => model(batch).argmax(1)

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
# as "the column of the scores", with
#     :, t:t => 0, t:t
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]

# %% occlusion-other-colour: the mean of the picture
# as "the column of the scores", with
#     batch[c, :, t:t + patch, l:l + patch] = 0 => batch[c, :, t:t + patch, l:l + patch] = X[0].mean((1, 2)).view(3, 1, 1)
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]

# %% occlusion-other-colour: one half
# as "the column of the scores", with
#     batch[c, :, t:t + patch, l:l + patch] = 0 => batch[c, :, t:t + patch, l:l + patch] = 0.5
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]

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
# as "the column of the scores", with
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]
#     torch.stack(heat) => torch.stack(heat).t()

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
# as "the column of the scores", with
#     r * stride, c => c * stride, r
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]

# %% occlusion-flat: one row
# as "the column of the scores", with
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]
#     torch.stack(heat) => torch.cat(heat)

# %% occlusion-square-size: one too many
# as "the column of the scores", with
#     batch[c, :, t:t + patch, l:l + patch] => batch[c, :, t:t + patch + 1, l:l + patch + 1]
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]

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
# as "the column of the scores", with
#     r * stride, c * stride => r, c
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]

# %% occlusion-other-places: hanging over the edge
# as "the column of the scores", with
#     (H - patch) // stride + 1, (W - patch) // stride => -(-(H - patch) // stride) + 1, -(-(W - patch) // stride)
#     model(batch)[:, y] => model(batch).softmax(1)[:, y]

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
# as "a loop", with
#     model(img).softmax(1)[0, y] => model(img)[0, y]

# %% occlusion-log-probability+occlusion-one-channel: logarithms of red
# as "the column of the scores", with
#     :, t:t => 0, t:t
#     model(batch)[:, y] => model(batch).log_softmax(1)[:, y]

# %% occlusion-raw-score+occlusion-transposed: scores, transposed
# as "the column of the scores", with
#     torch.stack(heat) => torch.stack(heat, dim=1)

# %% occlusion-drop+occlusion-square-size: one minus, one too many
# as "the column of the scores", with
#     batch[c, :, t:t + patch, l:l + patch] => batch[c, :, t:t + patch + 1, l:l + patch + 1]
#     model(batch)[:, y] => 1 - model(batch).softmax(1)[:, y]
