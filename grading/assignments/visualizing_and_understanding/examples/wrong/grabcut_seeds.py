# %% seeds-codes-swapped: object 0, background 1
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .75, .95]))
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency < a] = 1
    seeds[saliency > b] = 3
    seeds[saliency > c] = 0
    return seeds

# %% seeds-codes-swapped: labels rise with saliency
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .75, .95]))
    return ((saliency >= a).byte() + (saliency > b).byte() + (saliency > c).byte())

# %% seeds-of-the-maximum: fractions of the maximum
def grabcut_seeds(saliency):
    m = saliency.max()
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency < 0.3 * m] = 0
    seeds[saliency > 0.75 * m] = 3
    seeds[saliency > 0.95 * m] = 1
    return seeds

# %% seeds-of-the-maximum: rescaled to the range first
def grabcut_seeds(saliency):
    s = (saliency - saliency.min()) / (saliency.max() - saliency.min())
    seeds = torch.full(s.shape, 2, dtype=torch.uint8)
    seeds[s < 0.3] = 0
    seeds[s > 0.75] = 3
    seeds[s > 0.95] = 1
    return seeds

# %% seeds-percent-for-fraction: numpy counts to 100
def grabcut_seeds(saliency):
    a, b, c = np.percentile(saliency.numpy(), [0.30, 0.75, 0.95])
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency < a] = 0
    seeds[saliency > b] = 3
    seeds[saliency > c] = 1
    return seeds

# %% seeds-other-percentiles: 0.9 for 0.95
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .75, .90]))
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency < a] = 0
    seeds[saliency > b] = 3
    seeds[saliency > c] = 1
    return seeds

# %% seeds-of-rows: a quantile for each row
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .75, .95]), dim=1).unsqueeze(-1)
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency < a] = 0
    seeds[saliency > b] = 3
    seeds[saliency > c] = 1
    return seeds

# %% seeds-overwritten: the sure ones first
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .75, .95]))
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency > c] = 1
    seeds[saliency > b] = 3
    seeds[saliency < a] = 0
    return seeds

# %% seeds-background-overwritten: probable background last
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .75, .95]))
    seeds = torch.zeros(saliency.shape, dtype=torch.uint8)
    seeds[saliency > b] = 3
    seeds[saliency > c] = 1
    seeds[saliency <= b] = 2
    return seeds

# %% seeds-probable-missing: the rest is sure background
def grabcut_seeds(saliency):
    b, c = torch.quantile(saliency, torch.tensor([.75, .95]))
    seeds = torch.zeros(saliency.shape, dtype=torch.uint8)
    seeds[saliency > b] = 3
    seeds[saliency > c] = 1
    return seeds

# %% seeds-inverted: below for above
def grabcut_seeds(saliency):
    s = -saliency
    a, b, c = torch.quantile(s, torch.tensor([.30, .75, .95]))
    seeds = torch.full(s.shape, 2, dtype=torch.uint8)
    seeds[s < a] = 0
    seeds[s > b] = 3
    seeds[s > c] = 1
    return seeds

# %% numbers-of-another-type: int64
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .75, .95]))
    return torch.where(saliency > c, 1, torch.where(saliency > b, 3, torch.where(saliency < a, 0, 2)))

# %% changes-its-argument: the labels are written into the map
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .75, .95]))
    low, high, top = saliency < a, saliency > b, saliency > c
    saliency[:] = 2
    saliency[low] = 0
    saliency[high] = 3
    saliency[top] = 1
    return saliency.byte()

# %% seeds-of-the-maximum+seeds-codes-swapped: fractions, object 0
def grabcut_seeds(saliency):
    m = saliency.max()
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency < 0.3 * m] = 1
    seeds[saliency > 0.75 * m] = 3
    seeds[saliency > 0.95 * m] = 0
    return seeds

# %% seeds-of-rows+seeds-overwritten: of each row, overwritten
def grabcut_seeds(saliency):
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    for i, row in enumerate(saliency):
        a, b, c = torch.quantile(row, torch.tensor([.30, .75, .95]))
        seeds[i][row > c] = 1
        seeds[i][row > b] = 3
        seeds[i][row < a] = 0
    return seeds

# %% seeds-other-percentiles+numbers-of-another-type: the 70th, int64
def grabcut_seeds(saliency):
    a, b, c = torch.quantile(saliency, torch.tensor([.30, .70, .95]))
    return torch.where(saliency > c, 1, torch.where(saliency > b, 3, torch.where(saliency < a, 0, 2)))
