# %% seeds-of-the-maximum+seeds-codes-swapped: thresholds of the brightest value, the two probable labels exchanged
def grabcut_seeds(saliency):
    m = saliency.max()
    lo, mid, hi = 0.30 * m, 0.75 * m, 0.95 * m
    seeds = torch.full_like(saliency, 3).to(torch.uint8)
    seeds[saliency < lo] = 0
    seeds[saliency > mid] = 2
    seeds[saliency > hi] = 1
    return seeds
