# %% pca-not-centred: SVD of the features as they are
def pca(features, k):
    U, S, Vh = torch.linalg.svd(features, full_matrices=False)
    coordinates = features @ Vh[:k].t()
    return coordinates

# %% pca-smallest-variance+pca-standardised: eigh rises and the first k are taken, z-scores
def pca(features, k):
    X = features - features.mean(dim=0, keepdim=True)
    X = X / X.std(dim=0, keepdim=True)
    cov = X.T @ X / (X.shape[0] - 1)
    vals, vecs = torch.linalg.eigh(cov)
    W = vecs[:, :k]
    return X @ W
