# %% margin-target-among-others: the largest of all scores
def target_margin(scores, target_y):
    n = scores.shape[0]
    s_t = scores[torch.arange(n), target_y]
    others = scores
    return s_t - others.max(dim=1).values
