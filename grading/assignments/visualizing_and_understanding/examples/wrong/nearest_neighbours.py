# %% neighbours-counts-itself: the whole order
def nearest_neighbours(features, k):
    return torch.cdist(features, features).argsort(1)[:, :k]

# %% neighbours-counts-itself: topk
def nearest_neighbours(features, k):
    d = ((features[:, None] - features[None]) ** 2).sum(2)
    return d.topk(k, largest=False)[1]

# %% neighbours-cosine: cosine similarity
def nearest_neighbours(features, k):
    f = features / features.norm(dim=1, keepdim=True)
    s = f @ f.t()
    s.fill_diagonal_(-2)
    return s.topk(k, dim=1).indices

# %% neighbours-cosine: distances of normalised rows
def nearest_neighbours(features, k):
    f = features / features.pow(2).sum(1, keepdim=True).sqrt()
    d = torch.cdist(f, f) + 1e6 * torch.eye(len(f))
    return d.sort(1).indices[:, :k]

# %% neighbours-inner-product: dot products
def nearest_neighbours(features, k):
    s = features @ features.T
    s.fill_diagonal_(-float('inf'))
    return s.argsort(1, descending=True)[:, :k]

# %% neighbours-other-norm: absolute differences
def nearest_neighbours(features, k):
    d = (features[:, None] - features[None]).abs().sum(-1)
    d.fill_diagonal_(float('inf'))
    return d.argsort(1)[:, :k]

# %% neighbours-other-norm: the largest difference
def nearest_neighbours(features, k):
    d = (features[:, None] - features[None]).abs().amax(-1)
    d.fill_diagonal_(float('inf'))
    return d.argsort(1)[:, :k]

# %% neighbours-standardised: z-scores
def nearest_neighbours(features, k):
    f = (features - features.mean(0)) / (features.std(0) + 1e-8)
    d = torch.cdist(f, f)
    d.fill_diagonal_(float('inf'))
    return d.argsort(1)[:, :k]

# %% neighbours-farthest: descending
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    return d.argsort(dim=1, descending=True)[:, :k]

# %% neighbours-nearest-last: the last of a falling order
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    return d.argsort(1, descending=True)[:, -k:]

# %% neighbours-sorted-by-number: a mask
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    near = torch.zeros_like(d, dtype=torch.bool).scatter(1, d.argsort(1)[:, :k], True)
    return torch.stack([row.nonzero().flatten() for row in near])

# %% neighbours-distances: values of topk
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    return d.topk(k, largest=False).values

# %% neighbours-of-row-zero: one row of distances
def nearest_neighbours(features, k):
    d = (features - features[0]).norm(dim=1)
    d[0] = float('inf')
    return d.argsort()[:k]

# %% neighbours-skips-nearest: excluded twice
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    return d.argsort(1)[:, 1:k + 1]

# %% neighbours-one-too-many: k + 1
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    return d.argsort(1)[:, :k + 1]

# %% neighbours-all: not cut
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    return d.argsort(1)

# %% neighbours-ranks: sorted twice
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    order = d.argsort(1)
    return order.argsort(1)[:, :k]

# %% neighbours-of-columns: the transpose
def nearest_neighbours(features, k):
    d = torch.cdist(features.t(), features.t())
    d.fill_diagonal_(float('inf'))
    return d.argsort(1)[:, :k]

# %% neighbours-transposed: sorted along the other axis
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    return d.argsort(0)[:k]

# %% numbers-of-another-type: floating point
def nearest_neighbours(features, k):
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    found = torch.zeros(len(d), k)
    found[:] = d.argsort(1)[:, :k]
    return found

# %% changes-its-argument: normalised in place, by nothing but a mean
def nearest_neighbours(features, k):
    features -= features.mean(0)
    d = torch.cdist(features, features)
    d.fill_diagonal_(float('inf'))
    return d.argsort(1)[:, :k]

# %% neighbours-other-norm+neighbours-counts-itself: absolute differences, itself first
def nearest_neighbours(features, k):
    return torch.cdist(features, features, p=1.0).argsort(1)[:, :k]

# %% neighbours-inner-product+neighbours-one-too-many: dot products, one more
def nearest_neighbours(features, k):
    s = features.mm(features.t())
    s[range(len(s)), range(len(s))] = -1e9
    return s.argsort(1, descending=True)[:, :k + 1]

# %% neighbours-counts-itself+neighbours-transposed: itself first, and transposed
def nearest_neighbours(features, k):
    return torch.cdist(features, features).argsort(0)[:k, :]

# %% neighbours-cosine+neighbours-nearest-last: angles, the nearest last
def nearest_neighbours(features, k):
    f = torch.nn.functional.normalize(features, dim=1)
    s = (f @ f.T).fill_diagonal_(-2)
    return s.argsort(1)[:, -k:]
