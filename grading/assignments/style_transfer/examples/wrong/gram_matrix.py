# %% gram-no-batch-axis: view(C, H * W)
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(C, H * W)
    gram = torch.mm(f, f.t())
    if normalize:
        gram = gram / (C * H * W)
    return gram

# %% gram-no-batch-axis: squeeze at the end
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f = features.reshape(N, C, -1)
    gram = torch.bmm(f, f.transpose(1, 2)).squeeze()
    return gram / (C * H * W) if normalize else gram

# %% gram-no-batch-axis: the first image
def gram_matrix(features, normalize=True):
    _, C, H, W = features.shape
    f = features[0].reshape(C, H * W)
    gram = f @ f.t()
    return gram / (C * H * W) if normalize else gram

# %% gram-one-image-only: the rows of all images stacked
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N * C, H * W)
    gram = torch.mm(f, f.t())
    if normalize:
        gram = gram.div(C * H * W)
    return gram.unsqueeze(0)

# %% gram-one-image-only: the first image in a batch of one
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    gram = torch.zeros(1, C, C)
    f = features[0].view(C, -1)
    gram[0] = f.mm(f.t())
    return gram / (C * H * W) if normalize else gram

# %% gram-one-image-only: reshaped to (N, C, C) in the end
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(C, -1)
    gram = f.mm(f.t()).view(N, C, C)
    return gram / (C * H * W) if normalize else gram

# %% gram-one-image-divided: the line stands behind the loop
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    rows = features.flatten(2)
    gram = torch.zeros(N, C, C)
    for n in range(N):
        gram[n] = rows[n] @ rows[n].t()
    if normalize:
        gram[n] = gram[n] / (C * H * W)
    return gram

# %% gram-one-image-divided: only index 0, as if there were one image
def gram_matrix(features, normalize=True):
    rows = features.flatten(2)
    gram = rows @ rows.transpose(1, 2)
    if normalize:
        gram[0] /= features[0].numel()
    return gram

# %% gram-scrambled: view where two axes should be exchanged
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, H * W, C)
    gram = torch.bmm(f.transpose(1, 2), f)
    return gram / (C * H * W) if normalize else gram

# %% gram-of-pixels: the transpose on the wrong side
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, H * W)
    gram = torch.bmm(f.permute(0, 2, 1), f)
    return gram / (C * H * W) if normalize else gram

# %% gram-normalize-inverted: not normalize
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, H * W)
    gram = torch.bmm(f, f.permute(0, 2, 1))
    if not normalize:
        gram = gram / (C * H * W)
    return gram

# %% gram-never-normalised: no division
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, H * W)
    return torch.matmul(f, f.transpose(1, 2))

# %% gram-never-normalised: the result of div is lost
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, H * W)
    gram = torch.matmul(f, f.transpose(1, 2))
    if normalize:
        gram.div(C * H * W)
    return gram

# %% gram-always-normalised: no question asked
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, H * W)
    return torch.matmul(f, f.transpose(1, 2)) / (C * H * W)

# %% gram-wrong-divisor: the number of all values
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, H * W)
    gram = f @ f.transpose(1, 2)
    return gram / features.numel() if normalize else gram

# %% gram-wrong-divisor: height times width
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, H * W)
    gram = f @ f.transpose(1, 2)
    if normalize:
        gram /= f.shape[2]
    return gram

# %% gram-wrong-divisor: the number of channels
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(N, C, H * W)
    gram = f @ f.transpose(1, 2)
    return gram / C if normalize else gram

# %% gram-detached: by way of numpy
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.detach().numpy().reshape(N, C, -1)
    gram = np.einsum("nik,njk->nij", f, f)
    if normalize:
        gram = gram / (C * H * W)
    return torch.from_numpy(gram)

# %% gram-detached: an array filled with numbers
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    gram = torch.zeros(N, C, C)
    for n in range(N):
        for i in range(C):
            for j in range(C):
                gram[n, i, j] = (features[n, i] * features[n, j]).sum().item()
    return gram / (C * H * W) if normalize else gram

# %% returns-nothing: the return stands in one branch
def gram_matrix(features, normalize=True):
    gram = None
    N, C, H, W = features.size()
    f = features.view(N, C, -1)
    G = f.bmm(f.transpose(1, 2)) / (C * H * W)
    return gram

# %% gram-no-batch-axis+gram-wrong-divisor: (C, C) and H W
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(C, H * W)
    gram = f.mm(f.t())
    return gram / (H * W) if normalize else gram

# %% gram-no-batch-axis+gram-detached: (C, C), detached
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.data.view(C, H * W)
    gram = f.mm(f.t())
    return gram / (C * H * W) if normalize else gram

# %% gram-no-batch-axis+gram-never-normalised: (C, C), not divided
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(C, H * W)
    return f.mm(f.t())

# %% gram-no-batch-axis+gram-always-normalised: (C, C), divided
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view(C, H * W)
    return f.mm(f.t()) / (C * H * W)

# %% gram-one-image-only+gram-always-normalised: one image, divided
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f = features.squeeze(0).view(C, H * W)
    return (f.mm(f.t()) / (C * H * W)).unsqueeze(0)

# %% gram-one-image-only+gram-wrong-divisor: one image, another divisor
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f = features[0].view(C, H * W)
    gram = f.mm(f.t()).view(1, C, C)
    return gram / (H * W) if normalize else gram

# %% gram-always-normalised+gram-detached: always, detached
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f = features.detach().view(N, C, H * W)
    return f.bmm(f.transpose(1, 2)) / (C * H * W)

# %% gram-always-normalised+gram-wrong-divisor: always, by H W
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f = features.view(N, C, H * W)
    return f.bmm(f.transpose(1, 2)) / (H * W)

# %% gram-wrong-divisor+gram-detached: by N C H W, detached
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    f = features.clone().detach().view(N, C, H * W)
    gram = f.bmm(f.transpose(1, 2))
    if normalize:
        gram = gram / (N * C * H * W)
    return gram
