# %% seeds-overwritten+numbers-of-another-type: the sure object is written first, and the labels stay int64
def grabcut_seeds(saliency):
    s = saliency.numpy()
    lo, hi, top = np.percentile(s, [30, 75, 95])
    seeds = 2 * np.ones(s.shape, dtype=int)
    seeds[s < lo] = 0
    seeds[s > top] = 1
    seeds[s > hi] = 3
    return torch.from_numpy(seeds)
