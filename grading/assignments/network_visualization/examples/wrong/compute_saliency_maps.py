# %% saliency-cross-entropy: the criterion, its mean
def compute_saliency_maps(X, y, model):
    X_var = Variable(X, requires_grad=True)
    criterion = nn.CrossEntropyLoss()
    loss = criterion(model(X_var), Variable(y))
    loss.backward()
    saliency, _ = torch.max(X_var.grad.data.abs(), dim=1)
    return saliency

# %% saliency-cross-entropy: written out, summed
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    right = scores.gather(1, y.view(-1, 1)).view(-1)
    loss = (torch.logsumexp(scores, dim=1) - right).sum()
    loss.backward()
    return X.grad.abs().max(dim=1)[0]

# %% saliency-cross-entropy: nll_loss
def compute_saliency_maps(X, y, model):
    X = X.clone().requires_grad_()
    F.nll_loss(F.log_softmax(model(X), dim=1), y).backward()
    return torch.amax(X.grad.abs(), dim=1)

# %% saliency-softmax: softmax in the model's place
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    probs = torch.softmax(model(X), dim=1)
    probs[np.arange(len(y)), y].backward(torch.ones(len(y)))
    return X.grad.abs().max(1).values

# %% saliency-log-score: the logarithm of the score
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    s = model(X).gather(1, y[:, None])
    torch.log(s).sum().backward()
    return X.grad.abs().max(1).values

# %% saliency-largest-score: what the network takes it for
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    predicted = scores.argmax(dim=1)
    scores.gather(1, predicted.unsqueeze(1)).sum().backward()
    saliency, _ = X.grad.data.abs().max(dim=1)
    return saliency

# %% saliency-wrong-scores: columns of all labels
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    picked = model(X)[:, y]
    picked.backward(torch.ones_like(picked))
    return X.grad.abs().max(1)[0]

# %% saliency-wrong-scores: index_select
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    torch.index_select(model(X), 1, y).sum().backward()
    return X.grad.abs().max(1)[0]

# %% saliency-wrong-scores: all scores
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    scores.backward(torch.ones(scores.size()))
    return X.grad.abs().max(1)[0]

# %% saliency-one-image: the first label for all
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    label = y[0].item()
    for n in range(X.size(0)):
        scores[n, label].backward(retain_graph=True)
    return X.grad.abs().max(1)[0]

# %% saliency-one-image: the first image's scores
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X).squeeze(0) if len(X) == 1 else model(X)[0]
    scores.index_select(0, y).sum().backward()
    return X.grad.abs().max(1)[0]

# %% saliency-squeeze-one: squeezed scores against a vector of ones
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = torch.squeeze(model(X).gather(1, y.view(-1, 1)))
    scores.backward(torch.FloatTensor([1.0] * X.shape[0]))
    saliency, _ = X.grad.abs().max(dim=1)
    return saliency

# %% saliency-squeeze-one: squeezed maps
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    saliency, _ = X.grad.abs().max(dim=1, keepdim=True)
    saliency = saliency.squeeze()
    return saliency

# %% saliency-five-only: five ones
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    scores = scores.gather(1, y.view(-1, 1)).squeeze()
    scores.backward(torch.FloatTensor([1.0, 1.0, 1.0, 1.0, 1.0]))
    saliency, _ = X.grad.abs().max(dim=1)
    return saliency

# %% saliency-five-only: five scores added by hand
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    s = model(X)
    total = s[0, y[0]] + s[1, y[1]] + s[2, y[2]] + s[3, y[3]] + s[4, y[4]]
    total.backward()
    return X.grad.abs().max(dim=1)[0]

# %% saliency-no-abs: the largest gradient, sign included
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X)[range(len(y)), y].sum().backward()
    return torch.max(X.grad, dim=1)[0]

# %% saliency-no-abs: of the negative score
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    loss = -model(X)[range(len(y)), y].sum()
    loss.backward()
    return torch.max(X.grad, dim=1)[0]

# %% saliency-negative-dropped: clamped
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X)[range(len(y)), y].sum().backward()
    return X.grad.clamp(min=0).max(dim=1)[0]

# %% saliency-squared: power of two
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X)[range(len(y)), y].sum().backward()
    return (X.grad ** 2).max(dim=1)[0]

# %% saliency-abs-after-max: abs of the maximum
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    saliency, _ = torch.max(X.grad.data, 1)
    return saliency.abs()

# %% saliency-sum-over-channels: three channels added
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    g = X.grad.abs()
    return g[:, 0] + g[:, 1] + g[:, 2]

# %% saliency-mean-over-channels: a third of the sum
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    return torch.sum(X.grad.abs(), dim=1) / 3

# %% saliency-norm-over-channels: the root of the squares
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    return torch.sqrt((X.grad * X.grad).sum(dim=1))

# %% saliency-one-channel: an index for the maximum
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    return X.grad.abs()[:, 0, :, :]

# %% saliency-wrong-axis: the axis of the images
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    saliency, _ = X.grad.abs().max(0)
    return saliency

# %% saliency-wrong-axis: no axis
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    return torch.max(X.grad.abs())

# %% saliency-keeps-channels: the gradient itself
# as "the axis of the images", with
#     saliency, _ = X.grad.abs().max(0) => saliency = torch.abs(X.grad)

# %% saliency-keeps-channels: keepdim
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    return torch.max(torch.abs(X.grad), dim=1, keepdim=True)[0]

# %% saliency-places: the second of the two
# as "the axis of the images", with
#     saliency, _ = X.grad.abs().max(0) => _, saliency = torch.max(X.grad.abs(), dim=1)

# %% saliency-times-input: gradient times input
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    return (X.grad * X.data).abs().max(dim=1)[0]

# %% saliency-averaged-over-batch: the mean score
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    torch.mean(model(X).gather(1, y.view(-1, 1))).backward()
    return X.grad.abs().max(1)[0]

# %% saliency-averaged-over-batch: the mean map
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    saliency = X.grad.abs().max(1)[0]
    return saliency.sum(dim=0) / X.shape[0]

# %% saliency-rescaled: by the largest value of each map
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    maps = X.grad.abs().max(1)[0]
    for n in range(len(maps)):
        maps[n] = maps[n] / maps[n].max()
    return maps

# %% saliency-rescaled: between zero and one
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    maps = X.grad.abs().max(1)[0]
    maps -= maps.min()
    maps /= maps.max()
    return maps

# %% saliency-keeps-graph: a graph of the gradient
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    s = model(X).gather(1, y.view(-1, 1)).sum()
    s.backward(create_graph=True)
    saliency = (X.grad * torch.ones(1, requires_grad=True)).abs().max(1)[0]
    return saliency

# %% returns-nothing: no return
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    saliency = X.grad.abs().max(1)[0]

# %% returns-values-and-places: the pair
# as "the axis of the images", with
#     saliency, _ = X.grad.abs().max(0) => saliency = X.grad.abs().max(dim=1)

# %% returns-several: a list of maps
def compute_saliency_maps(X, y, model):
    maps = []
    for i in range(len(X)):
        x = X[i].unsqueeze(0).detach().requires_grad_()
        model(x)[0, y[i]].backward()
        maps.append(x.grad.abs().max(dim=1)[0].squeeze())
    return maps

# %% returns-several: the scores as well
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    scores.gather(1, y.view(-1, 1)).sum().backward()
    return X.grad.abs().max(dim=1)[0], scores

# %% saliency-cross-entropy+saliency-no-abs: the loss and no abs
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    loss = F.cross_entropy(model(X), y)
    loss.backward()
    saliency, _ = X.grad.max(dim=1)
    return saliency

# %% saliency-cross-entropy+saliency-no-abs: the log-probability and no abs
# as "the loss and no abs", with
#     loss = F.cross_entropy(model(X), y) => log_probs = nn.LogSoftmax(dim=1)(model(X))
#     loss.backward() => log_probs.gather(1, y.view(-1, 1)).backward(torch.ones(len(y), 1))

# %% saliency-cross-entropy+saliency-squeeze-one: the loss and squeezed maps
def compute_saliency_maps(X, y, model):
    X_var = Variable(X, requires_grad=True)
    nn.CrossEntropyLoss(size_average=False)(model(X_var), Variable(y)).backward()
    return X_var.grad.data.abs().max(1)[0].squeeze()

# %% saliency-cross-entropy+saliency-sum-over-channels: the loss and a sum
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    F.cross_entropy(model(X), y).backward()
    return X.grad.abs().sum(dim=1)

# %% saliency-cross-entropy+saliency-mean-over-channels: the loss and a mean
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    F.cross_entropy(model(X), y).backward()
    return X.grad.abs().mean(dim=1)

# %% saliency-cross-entropy+saliency-abs-after-max: the loss and abs after the max
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    F.cross_entropy(model(X), y, reduction="sum").backward()
    return X.grad.max(dim=1)[0].abs()

# %% saliency-cross-entropy+saliency-norm-over-channels: the loss and a norm
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    F.cross_entropy(model(X), y).backward()
    return torch.norm(X.grad, dim=1)

# %% saliency-cross-entropy+saliency-keeps-graph: the loss with a graph
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    g, = torch.autograd.grad(F.cross_entropy(model(X), y), X, create_graph=True)
    return torch.max(g.abs(), 1)[0]

# %% saliency-largest-score+saliency-no-abs: neither label nor sign
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).max(dim=1)[0].sum().backward()
    return X.grad.max(dim=1)[0]

# %% saliency-largest-score+saliency-sum-over-channels: neither label nor maximum
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    torch.max(model(X), 1)[0].backward(torch.ones(len(y)))
    return X.grad.abs().sum(1)

# %% saliency-wrong-scores+saliency-no-abs: all labels and no abs
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X)[:, y].sum().backward()
    return torch.max(X.grad, 1)[0]

# %% saliency-softmax+saliency-mean-over-channels: probabilities and a mean
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    p = F.softmax(model(X), dim=1)
    p.gather(1, y.view(-1, 1)).sum().backward()
    return X.grad.abs().mean(1)

# %% saliency-softmax+saliency-no-abs: probabilities and no abs
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    p = F.softmax(model(X), dim=1)
    p[range(len(y)), y].sum().backward()
    return X.grad.max(1).values

# %% saliency-squeeze-one+saliency-no-abs: squeezed maps of signed gradients
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    return torch.squeeze(X.grad.max(dim=1)[0])

# %% saliency-squeeze-one+saliency-sum-over-channels: squeezed scores and a sum
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    s = model(X).gather(1, y.view(-1, 1)).squeeze()
    s.backward(torch.ones(y.shape))
    return X.grad.abs().sum(dim=1)

# %% saliency-five-only+saliency-no-abs: five ones and no abs
# as "the loss and no abs", with
#     loss = F.cross_entropy(model(X), y) => s = model(X).gather(1, y.view(-1, 1)).squeeze()
#     loss.backward() => s.backward(torch.ones(5))

# %% saliency-five-only+saliency-mean-over-channels: five ones and a mean
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    s = model(X).gather(1, y.view(-1, 1)).squeeze()
    s.backward(torch.ones(5))
    return X.grad.abs().mean(dim=1)

# %% saliency-averaged-over-batch+saliency-no-abs: the mean score and no abs
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).mean().backward()
    return X.grad.max(1)[0]

# %% saliency-averaged-over-batch+saliency-squeeze-one: the mean score and squeezed maps
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).mean().backward()
    return X.grad.abs().max(1)[0].squeeze()
