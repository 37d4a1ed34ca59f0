# %% occlusion-squares-stay: one copy for the row of squares, covered more and more
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2], X.shape[3]
    rows = (H - patch) // stride + 1
    cols = (W - patch) // stride + 1
    heatmap = torch.zeros(rows, cols)
    for r in range(rows):
        batch = []
        img = X.clone()
        for c in range(cols):
            img[:, :, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
            batch.append(img.clone())
        with torch.no_grad():
            p = torch.softmax(model(torch.cat(batch)), dim=1)
        heatmap[r] = p[:, y]
    return heatmap


# %% occlusion-softmax-over-batch+occlusion-other-colour: dim=0, and a square of ones
def occlusion_map(X, y, model, patch, stride):
    _, _, H, W = X.shape
    tops = list(range(0, H - patch + 1, stride))
    lefts = list(range(0, W - patch + 1, stride))
    copies = []
    for t in tops:
        for l in lefts:
            x = X[0].clone()
            x[:, t:t + patch, l:l + patch] = 1.0
            copies.append(x)
    with torch.no_grad():
        prob = F.softmax(model(torch.stack(copies)), dim=0)
    return prob[:, y].reshape(len(tops), len(lefts))


# %% occlusion-raw-score+occlusion-transposed+occlusion-one-channel: the red channel is covered, the map is filled with columns first
def occlusion_map(X, y, model, patch, stride):
    N, C, H, W = X.shape
    nr, nc = (H - patch) // stride + 1, (W - patch) // stride + 1
    heatmap = torch.zeros(nc, nr)
    with torch.no_grad():
        for r in range(nr):
            Xs = X.expand(nc, C, H, W).clone()
            for c in range(nc):
                Xs[c, 0, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
            out = model(Xs)
            heatmap[:, r] = out[:, y]
    return heatmap
