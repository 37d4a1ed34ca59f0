# %% neighbours-counts-itself: argsort of cdist, from the first column on
def nearest_neighbours(features, k):
    dists = torch.cdist(features, features)
    order = torch.argsort(dists, dim=1)
    neighbours = order[:, :k]
    return neighbours

# %% neighbours-cosine+neighbours-counts-itself: normalised rows, topk of the similarity with the row in it
def nearest_neighbours(features, k):
    f = F.normalize(features, dim=1)
    sim = f @ f.t()
    _, neighbours = sim.topk(k, dim=1)
    return neighbours
