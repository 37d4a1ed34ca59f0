# %% occlusion-raw-score: the softmax is forgotten
def occlusion_map(X, y, model, patch, stride):
    H, W = X.shape[2:]
    rows, cols = (H - patch) // stride + 1, (W - patch) // stride + 1
    copies = []
    for r in range(rows):
        for c in range(cols):
            x = X.clone()
            x[:, :, r * stride:r * stride + patch, c * stride:c * stride + patch] = 0
            copies.append(x)
    with torch.no_grad():
        scores = model(torch.cat(copies))
    return scores[:, y].view(rows, cols)

# %% occlusion-squares-stay+occlusion-one-at-a-time: one copy is made before the loops, the model runs for each place
def occlusion_map(X, y, model, patch, stride):
    _, _, H, W = X.shape
    n_r = (H - patch) // stride + 1
    n_c = (W - patch) // stride + 1
    heatmap = torch.zeros(n_r, n_c)
    occluded = X.clone()
    with torch.no_grad():
        for i in range(n_r):
            for j in range(n_c):
                occluded[0, :, i * stride:i * stride + patch, j * stride:j * stride + patch] = 0.
                prob = torch.softmax(model(occluded), dim=1)[0, y]
                heatmap[i, j] = prob
    return heatmap
