# %% pca-not-centred: svd of the features as they come
def pca(features, k):
    X = features
    U, S, Vh = torch.linalg.svd(X, full_matrices=False)
    return X @ Vh[:k].t()


# %% pca-centred-otherwise+pca-order-reversed+pca-divided: one mean for all, eigh as it sorts, a square root of N - 1
def pca(features, k):
    N, D = features.shape
    X = features - features.mean()
    cov = X.t() @ X / (N - 1)
    eigvals, eigvecs = torch.linalg.eigh(cov)
    top = eigvecs[:, -k:]
    coordinates = X @ top
    return coordinates / (N - 1) ** 0.5
