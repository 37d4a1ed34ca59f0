# %% pca-order-reversed: eigh lists the largest last
def pca(features, k):
    X = features - features.mean(dim=0, keepdim=True)
    C = X.T @ X
    L, V = torch.linalg.eigh(C)
    W = V[:, -k:]
    return X @ W


# %% pca-not-centred+pca-scaled-twice: U S S, without a mean
def pca(features, k):
    X = features
    U, S, V = torch.svd(X)
    Z = X @ V[:, :k]
    Z = Z * S[:k]
    return Z
