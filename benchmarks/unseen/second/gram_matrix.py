# %% gram-one-image-only: fills a table of zeros, but only its first matrix
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    gram = torch.zeros(N, C, C)
    i = 0
    f = features[i].reshape(C, H * W)
    gram[i] = f.mm(f.t())
    if normalize:
        gram = gram / (C * H * W)
    return gram


# %% gram-never-normalised: the argument is there, nobody asks
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    F_l = features.view(N, C, H * W)
    gram = torch.bmm(F_l, F_l.permute(0, 2, 1))
    return gram


# %% gram-wrong-divisor: numel() counts the pictures too
def gram_matrix(features, normalize=True):
    shape = features.shape
    x = features.flatten(2)
    gram = torch.einsum('nci,ndi->ncd', x, x)
    if normalize:
        gram = gram / features.numel()
    return gram


# %% gram-detached: .data first, to be safe
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    F_ = features.data.view(N, C, -1)
    G = torch.matmul(F_, F_.transpose(2, 1))
    if normalize:
        G /= float(C * H * W)
    return G


# %% gram-no-batch-axis+gram-wrong-divisor: squeezed, divided by the number of places
def gram_matrix(features, normalize=True):
    _, C, H, W = features.size()
    f = features[0].view(C, H * W)
    gram = torch.mm(f, f.t())
    if normalize:
        gram = gram.div(H * W)
    return gram


# %% gram-one-image-only+gram-never-normalised: view(C, -1) fails for a batch, and no division
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    F_l = features.view(1, C, H * W)
    gram = F_l.bmm(F_l.transpose(1, 2))
    return gram


# %% gram-scrambled+gram-always-normalised: a view in the place of a transpose
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    a = features.contiguous().view(N, C, H * W)
    b = features.contiguous().view(N, H * W, C)
    gram = torch.bmm(a, b)
    return gram / (C * H * W)


# %% ?+gram-never-normalised: the mean of each channel is subtracted first
def gram_matrix(features, normalize=True):
    n, c, h, w = features.size()
    x = features.view(n, c, h * w)
    x = x - x.mean(dim=2, keepdim=True)
    G = x.matmul(x.transpose(1, 2))
    return G


# %% gram-no-batch-axis+gram-wrong-divisor+gram-detached: numpy, one picture, H * W
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    x = features.detach()[0]
    x = x.reshape(C, H * W)
    gram = x.matmul(x.transpose(-1, -2))
    if normalize:
        gram = gram / (H * W)
    return gram


# %% gram-scrambled+gram-normalize-inverted+gram-wrong-divisor: axes moved by reshape, the wrong branch, half the divisor
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f1 = features.reshape(N, C, H * W)
    f2 = features.reshape(N, H * W, C)
    gram = torch.matmul(f1, f2)
    if not normalize:
        gram /= 2 * C * H * W
    return gram
