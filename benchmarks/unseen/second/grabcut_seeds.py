# %% seeds-overwritten: the sure object is set before the probable one
def grabcut_seeds(saliency):
    p30 = torch.quantile(saliency, 0.30)
    p75 = torch.quantile(saliency, 0.75)
    p95 = torch.quantile(saliency, 0.95)
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency < p30] = 0
    seeds[saliency > p95] = 1
    seeds[saliency > p75] = 3
    return seeds


# %% seeds-other-percentiles+seeds-codes-swapped+seeds-of-rows: object and probable object exchanged, quartiles, along dim 1
def grabcut_seeds(saliency):
    s = saliency
    q = lambda p: torch.quantile(s, p, dim=1, keepdim=True)
    seeds = torch.ones_like(s, dtype=torch.uint8) * 2
    seeds[s < q(0.25)] = 0
    seeds[s > q(0.75)] = 1
    seeds[s > q(0.95)] = 3
    return seeds
