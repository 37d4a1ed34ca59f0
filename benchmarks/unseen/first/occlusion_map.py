# %% occlusion-raw-score: a column of the model's output
def occlusion_map(X, y, model, patch, stride):
    _, _, H, W = X.shape
    out = []
    with torch.no_grad():
        for i in range(0, H - patch + 1, stride):
            row = []
            for j in range(0, W - patch + 1, stride):
                x = X.clone()
                x[:, :, i:i + patch, j:j + patch] = 0
                row.append(x)
            out.append(model(torch.cat(row))[:, y])
    return torch.stack(out)
