# %% gram-one-image-only: viewed as one matrix of C rows, the batch axis put back in the end
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(C, H * W)
    gram = torch.mm(f, f.t())
    gram = gram.unsqueeze(0)
    if normalize:
        gram = gram / (C * H * W)
    return gram


# %% gram-no-batch-axis: the first picture's matrix, two-dimensional
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    F_ = features[0].reshape(C, -1)
    G = F_ @ F_.transpose(0, 1)
    if normalize:
        G = G / (H * W * C)
    return G


# %% gram-one-image-only+gram-wrong-divisor: all channels of the batch in one table, divided by the places
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    features_reshaped = features.view(N * C, H * W)
    gram = torch.mm(features_reshaped, features_reshaped.t()).view(N, C, C)
    if normalize:
        gram /= (H * W)
    return gram


# %% gram-always-normalised+gram-wrong-divisor: divided by C * H whatever was asked
def gram_matrix(features, normalize=True):
    gram = None
    N, C, H, W = features.shape
    x = features.reshape(N, C, H * W)
    x_t = x.permute(0, 2, 1)
    gram = torch.matmul(x, x_t)
    gram = gram / (C * H)
    return gram


# %% gram-one-image-only+gram-wrong-divisor+gram-always-normalised: squeeze(0), H * W, and no if
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    flat = features.squeeze(0).view(C, -1)
    gram = flat.mm(flat.t())[None]
    return gram / (H * W)
