# %% ada
N, C, H, W = features.size()
flat = features.view(N, C, -1)
gram = torch.bmm(flat, flat.permute(0, 2, 1))
if normalize:
    gram /= H * W * C

# %% grace
N, C, H, W = features.shape
f = features.reshape(N, C, H * W)
gram = torch.matmul(f, f.transpose(1, 2))
gram = gram / float(C * H * W) if normalize else gram

# %% alan
gram = torch.einsum("nchw,ndhw->ncd", features, features)
if normalize:
    gram = gram / features[0].numel()

# %% unusual
grams = []
for feature_map in features:
    C = feature_map.shape[0]
    rows = [feature_map[c].reshape(-1) for c in range(C)]
    grams.append(torch.stack([torch.stack([a @ b for b in rows]) for a in rows]))
gram = torch.stack(grams)
if normalize is True:
    gram = gram / values_per_image(features)

# %% unusual, own cell
%%time
import numpy as np

squared_error = lambda a, b: ((a - b) ** 2).sum()

def values_per_image(features):
    return int(np.prod(features.shape[1:]))

# %% no_batch_axis
N, C, H, W = features.shape
F = features.view(C, H * W)
gram = F.mm(F.t())
if normalize:
    gram = gram / (C * H * W)

# %% wrong_divisor
N, C, H, W = features.shape
F = features.reshape(N, C, -1)
gram = F.bmm(F.transpose(1, 2))
if normalize:
    gram /= H * W

# %% returns_nothing: `gram` keeps the None of the stub
N, C, H, W = features.shape
F = features.reshape(N, C, H * W)
G = torch.bmm(F, F.transpose(1, 2))
if normalize:
    G = G / (C * H * W)
