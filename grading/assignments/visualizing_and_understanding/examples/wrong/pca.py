# %% pca-not-centred: SVD of the features
def pca(features, k):
    U, S, Vh = torch.linalg.svd(features, full_matrices=False)
    return features @ Vh[:k].T

# %% pca-not-centred: left vectors
def pca(features, k):
    U, S, Vh = torch.linalg.svd(features, full_matrices=False)
    return U[:, :k] * S[:k]

# %% pca-centred-for-axes-only: features times axes
def pca(features, k):
    _, vectors = torch.linalg.eigh(torch.cov(features.T).reshape(features.shape[1], -1))
    return features @ vectors.flip(1)[:, :k]

# %% pca-axes-of-uncentred: centred after the decomposition
def pca(features, k):
    Vh = torch.linalg.svd(features, full_matrices=False)[2]
    X = features - features.mean(0)
    return X @ Vh[:k].T

# %% pca-centred-otherwise: the mean of each row
def pca(features, k):
    X = features - features.mean(dim=1, keepdim=True)
    return X @ torch.linalg.svd(X, full_matrices=False)[2][:k].T

# %% pca-standardised: z-scores
def pca(features, k):
    X = (features - features.mean(0)) / features.std(0)
    return X @ torch.linalg.svd(X, full_matrices=False)[2][:k].T

# %% pca-smallest-variance: eigh's first columns
def pca(features, k):
    X = features - features.mean(0)
    values, vectors = torch.linalg.eigh(X.T @ X / len(X))
    return X @ vectors[:, :k]

# %% pca-order-reversed: eigh's last columns
def pca(features, k):
    X = features - features.mean(0)
    values, vectors = torch.linalg.eigh(X.T @ X / len(X))
    return X @ vectors[:, -k:]

# %% pca-skips-first: from the second axis on
def pca(features, k):
    X = features - features.mean(0)
    U, S, Vh = torch.linalg.svd(X, full_matrices=False)
    return (U * S)[:, 1:k + 1]

# %% pca-keeps-all: k is not used
def pca(features, k):
    X = features - features.mean(0)
    U, S, Vh = torch.linalg.svd(X, full_matrices=False)
    return U @ torch.diag(S)

# %% pca-columns-of-transposed: V and its transpose mixed up
def pca(features, k):
    X = features - features.mean(0)
    U, S, V = torch.linalg.svd(X, full_matrices=False)
    return torch.mm(X, V[:, :k])

# %% pca-of-columns: the transpose
def pca(features, k):
    f = features.t()
    X = f - f.mean(0)
    U, S, Vh = torch.linalg.svd(X, full_matrices=False)
    return U[:, :k] * S[:k]

# %% pca-whitened: left vectors alone
def pca(features, k):
    X = features - features.mean(0)
    return torch.linalg.svd(X, full_matrices=False)[0][:, :k]

# %% pca-whitened: divided by the spread
def pca(features, k):
    X = features - features.mean(0)
    Z = X @ torch.linalg.svd(X, full_matrices=False)[2][:k].T
    return Z / Z.std(dim=0)

# %% pca-divided: the root of N - 1
def pca(features, k):
    X = (features - features.mean(0)) / (len(features) - 1) ** 0.5
    return X @ torch.linalg.svd(X, full_matrices=False)[2][:k].T

# %% pca-scaled-twice: projected, then times the singular values
def pca(features, k):
    X = features - features.mean(0)
    U, S, Vh = torch.linalg.svd(X, full_matrices=False)
    return (X @ Vh[:k].T) * S[:k]

# %% pca-returns-axes: the axes as columns
def pca(features, k):
    X = features - features.mean(0)
    return torch.linalg.svd(X, full_matrices=False)[2].T[:, :k]

# %% pca-first-columns: nothing is rotated
def pca(features, k):
    return (features - features.mean(0))[:, :k]

# %% pca-singular-values: how far the axes reach
def pca(features, k):
    return torch.linalg.svdvals(features - features.mean(0))[:k]

# %% pca-transposed: axes times the transpose
def pca(features, k):
    X = features - features.mean(0)
    return torch.linalg.svd(X, full_matrices=False)[2][:k] @ X.T

# %% changes-its-argument: centred in place
def pca(features, k):
    features -= features.mean(0)
    U, S, Vh = torch.linalg.svd(features, full_matrices=False)
    return U[:, :k] * S[:k]

# %% pca-not-centred+pca-whitened: left vectors of the features
def pca(features, k):
    return torch.linalg.svd(features, full_matrices=False)[0][:, :k]

# %% pca-smallest-variance+pca-transposed: eigh's first columns, transposed
def pca(features, k):
    X = features - features.mean(0)
    return (X @ torch.linalg.eigh(X.T @ X)[1][:, :k]).T

# %% pca-standardised+pca-order-reversed: z-scores, eigh's last columns
def pca(features, k):
    X = (features - features.mean(0)) / features.std(0)
    return X @ torch.linalg.eigh(X.T @ X)[1][:, -k:]

# %% pca-not-centred+pca-transposed: the features as they are, transposed
def pca(features, k):
    U, S, Vh = torch.linalg.svd(features, full_matrices=False)
    return (U[:, :k] * S[:k]).T
