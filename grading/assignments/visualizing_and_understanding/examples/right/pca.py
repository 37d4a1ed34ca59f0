# %% SVD, left vectors times singular values
def pca(features, k):
    X = features - features.mean(0, keepdim=True)
    U, S, Vh = torch.linalg.svd(X, full_matrices=False)
    return U[:, :k] * S[:k]

# %% full matrices
def pca(features, k):
    X = features - features.mean(0)
    U, S, Vt = torch.linalg.svd(X)
    return X.mm(Vt.t()[:, :k])

# %% the old svd
def pca(features, k):
    centred = features - features.mean(dim=0)
    u, s, v = torch.svd(centred)
    return centred @ v[:, :k]

# %% eigenvectors of the covariance, reversed
def pca(features, k):
    X = features - features.mean(0)
    cov = X.T @ X / (len(X) - 1)
    values, vectors = torch.linalg.eigh(cov)
    return X @ vectors.flip(1)[:, :k]

# %% eigenvectors sorted by argsort
def pca(features, k):
    X = features - features.mean(0)
    values, vectors = torch.linalg.eigh(torch.cov(features.T).reshape(X.shape[1], -1))
    order = torch.argsort(values, descending=True)
    return torch.matmul(X, vectors[:, order[:k]])

# %% the rows' Gram matrix
def pca(features, k):
    X = features - features.mean(0)
    values, vectors = torch.linalg.eigh(X @ X.T)
    values, vectors = values.flip(0)[:k], vectors.flip(1)[:, :k]
    return vectors * values.clamp(min=0).sqrt()

# %% numpy inside
def pca(features, k):
    f = features.numpy()
    f = f - f.mean(axis=0)
    u, s, vt = np.linalg.svd(f, full_matrices=False)
    return torch.from_numpy(f @ vt[:k].T)

# %% float64 inside
def pca(features, k):
    f = features.double()
    f = f - f.mean(0)
    _, _, v = torch.linalg.svd(f, full_matrices=False)
    return (f @ v[:k].t()).float()

# %% the axes point the other way
def pca(features, k):
    X = features.mean(0) - features
    _, _, Vh = torch.linalg.svd(X, full_matrices=False)
    return X @ Vh[:k].T * -1

# %% one axis at a time
def pca(features, k):
    X = (features - features.mean(0)).double()
    values, vectors = torch.linalg.eigh(X.T @ X)
    columns = [X @ vectors[:, -1 - i] for i in range(k)]
    return torch.stack(columns, dim=1).float()

# %% signs fixed by the largest entry
def pca(features, k):
    mean = torch.mean(features, dim=0)
    X = features - mean
    Vh = torch.linalg.svd(X, full_matrices=False).Vh[:k]
    signs = torch.sign(Vh.gather(1, Vh.abs().argmax(1, keepdim=True)))
    return X @ (Vh * signs).T
