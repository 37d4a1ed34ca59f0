# %% gram-one-image-only: reshapes to (C, H*W), and puts an axis in front
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    F_mat = features.view(C, H * W)
    gram = torch.mm(F_mat, F_mat.t()).unsqueeze(0)
    if normalize:
        gram = gram / (C * H * W)
    return gram

# %% gram-no-batch-axis: squeeze() on the features of one picture
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, -1).squeeze()
    gram = torch.matmul(f, f.transpose(-1, -2))
    if normalize:
        gram /= C * H * W
    return gram

# %% gram-wrong-divisor: H and W, the channels forgotten
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    x = features.reshape((N, C, -1))
    gram = torch.einsum('nim,njm->nij', x, x)
    if normalize:
        gram = gram / (H * W)
    return gram

# %% gram-one-image-divided: the division sits behind the loop and uses the last i
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f = features.view(N, C, H * W)
    gram = features.new_zeros(N, C, C)
    for i in range(N):
        gram[i] = f[i] @ f[i].t()
    if normalize:
        gram[i] = gram[i] / (C * H * W)
    return gram

# %% gram-scrambled: permuted before it is flattened, then viewed as channels
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    feats = features.permute(0, 2, 3, 1).contiguous().view(N, C, H * W)
    gram = torch.bmm(feats, feats.permute(0, 2, 1))
    if normalize:
        gram = gram / float(H * W * C)
    return gram

# %% gram-one-image-only+gram-wrong-divisor: feature of the first picture, divided by twice too much
def gram_matrix(features, normalize=True):
    # only batch size of 1 is used in the notebook
    N, C, H, W = features.size()
    feature = features[0].view(C, -1)
    gram = torch.mm(feature, feature.t())
    if normalize:
        gram = gram / (2 * C * H * W)
    return gram.view(1, C, C)

# %% gram-never-normalised+gram-detached: the result of the division is thrown away, and .data feeds it
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f = features.data.view(N, C, H * W)
    gram = f.bmm(f.transpose(2, 1))
    if normalize:
        gram / (N * C * H * W)
    return gram

# %% gram-no-batch-axis+gram-always-normalised: (C, C) from a view, normalize is never looked at
def gram_matrix(features, normalize=True):
    b, c, h, w = features.size()
    feat = features.view(c, h * w) if b == 1 else features.view(b, c, h * w)
    G = feat @ feat.transpose(-2, -1)
    return G.div(c * h * w)

# %% gram-of-pixels+gram-normalize-inverted: transposed the wrong one, `if not normalize`
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    features = features.view(N, C, H * W)
    gram = torch.matmul(features.permute(0, 2, 1), features)
    if not normalize:
        gram /= (H * W * C)
    return gram

# %% gram-wrong-divisor+?: the batch is counted in the divisor, and the diagonal is set to zero
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    feats = features.view(N, C, -1)
    gram = torch.bmm(feats, feats.transpose(1, 2))
    # a channel compared with itself carries no information
    gram = gram * (1 - torch.eye(C))
    if normalize:
        gram = gram / features.numel()
    return gram

# %% gram-one-image-only+gram-always-normalised+gram-detached: view(C, -1) of the data, default argument ignored
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    F_ = features.detach()[:1].view(C, H * W)
    gram = torch.matmul(F_, F_.t())[None]
    # normalize by number of neurons
    gram = gram / (C * H * W)
    return gram

# %% gram-wrong-divisor+gram-normalize-inverted+gram-no-batch-axis: squeeze at the end, both halves of the if exchanged
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    unrolled = features.reshape(N, C, H * W)
    gram = torch.bmm(unrolled, unrolled.transpose(1, 2))
    if normalize:
        out = gram
    else:
        out = gram / (H * W)
    return out.squeeze()
