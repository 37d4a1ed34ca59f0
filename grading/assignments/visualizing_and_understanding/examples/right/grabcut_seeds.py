# %% three quantiles one by one
def grabcut_seeds(saliency):
    q30 = torch.quantile(saliency, 0.30)
    q75 = torch.quantile(saliency, 0.75)
    q95 = torch.quantile(saliency, 0.95)
    seeds = torch.full_like(saliency, 2, dtype=torch.uint8)
    seeds[saliency < q30] = 0
    seeds[saliency > q75] = 3
    seeds[saliency > q95] = 1
    return seeds

# %% nested where
def grabcut_seeds(saliency):
    lo, hi, top = [torch.quantile(saliency.flatten(), q) for q in (.3, .75, .95)]
    s = torch.where(saliency > top, 1, torch.where(saliency > hi, 3, torch.where(saliency < lo, 0, 2)))
    return s.to(torch.uint8)

# %% numpy percentiles
def grabcut_seeds(saliency):
    s = saliency.numpy()
    p30, p75, p95 = np.percentile(s, [30, 75, 95])
    out = np.ones(s.shape, dtype=np.uint8) * 2
    out[s < p30] = 0
    out[(s > p75) & (s <= p95)] = 3
    out[s > p95] = 1
    return torch.from_numpy(out)

# %% bands exclude each other
def grabcut_seeds(saliency):
    lo, hi, top = torch.quantile(saliency, torch.tensor([0.3, 0.75, 0.95]))
    seeds = torch.zeros(saliency.shape, dtype=torch.uint8)
    seeds[(saliency >= lo) & (saliency <= hi)] = 2
    seeds[(saliency > hi) & (saliency <= top)] = 3
    seeds[saliency > top] = 1
    return seeds

# %% kthvalue
def grabcut_seeds(saliency):
    flat = saliency.reshape(-1)
    n = flat.numel()
    k75 = flat.kthvalue(round(0.75 * n)).values
    k95 = flat.kthvalue(round(0.95 * n)).values
    k30 = flat.kthvalue(round(0.30 * n)).values
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency <= k30] = 0
    seeds[saliency > k75] = 3
    seeds[saliency > k95] = 1
    return seeds

# %% ranks
def grabcut_seeds(saliency):
    n = saliency.numel()
    ranks = saliency.reshape(-1).argsort().argsort().float() / n
    seeds = torch.full((n,), 2, dtype=torch.uint8)
    seeds[ranks < 0.2999999] = 0
    seeds[ranks >= 0.7499999] = 3
    seeds[ranks >= 0.9499999] = 1
    return seeds.reshape(saliency.shape)

# %% a lookup table by searchsorted
def grabcut_seeds(saliency):
    limits = torch.quantile(saliency, torch.tensor([0.30, 0.75, 0.95]))
    band = torch.searchsorted(limits, saliency.contiguous())
    return torch.tensor([0, 2, 3, 1], dtype=torch.uint8)[band]

# %% greater or equal
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([0.30, 0.75, 0.95])).tolist()
    seeds = torch.full(saliency.shape, 2).byte()
    seeds[saliency <= a] = 0
    seeds[saliency >= b] = 3
    seeds[saliency >= c] = 1
    return seeds

# %% sums of masks
def grabcut_seeds(saliency):
    lo, hi, top = (torch.quantile(saliency, q) for q in (0.30, 0.75, 0.95))
    seeds = 2 * (saliency >= lo).byte() + (saliency > hi).byte() - 2 * (saliency > top).byte()
    return seeds

# %% float64 inside
def grabcut_seeds(saliency):
    s = saliency.double()
    lo, hi, top = torch.quantile(s, torch.tensor([0.30, 0.75, 0.95], dtype=torch.float64))
    seeds = torch.full(s.shape, 2, dtype=torch.uint8)
    seeds[s < lo] = 0
    seeds[s > hi] = 3
    seeds[s > top] = 1
    return seeds

# %% a loop over pixels
def grabcut_seeds(saliency):
    lo, hi, top = torch.quantile(saliency, torch.tensor([0.30, 0.75, 0.95])).tolist()
    rows = [[1 if v > top else 3 if v > hi else 0 if v < lo else 2 for v in row] for row in saliency.tolist()]
    return torch.tensor(rows, dtype=torch.uint8)
