# %% saliency-cross-entropy: the batch mean of nn.CrossEntropyLoss, as in training
def compute_saliency_maps(X, y, model):
    # Make sure the model is in "test" mode
    model.eval()

    # Make input tensor require gradient
    X.requires_grad_()

    saliency = None
    scores = model(X)
    loss_fn = torch.nn.CrossEntropyLoss()
    loss = loss_fn(scores, y)
    loss.backward()
    saliency, _ = torch.max(X.grad.data.abs(), dim=1)
    return saliency

# %% saliency-cross-entropy: log_softmax by hand and summed, arange indexing, torch.autograd.grad
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    out = model(X)
    log_probs = F.log_softmax(out, dim=1)
    loss = -log_probs[torch.arange(len(y)), y].sum()
    grad, = torch.autograd.grad(loss, X)
    return grad.abs().max(dim=1).values

# %% saliency-squeeze-one: squeeze() everywhere, Variable style
def compute_saliency_maps(X, y, model):
    model.eval()
    X_var = Variable(X, requires_grad=True)
    y_var = Variable(y)
    scores = model(X_var)
    correct = scores.gather(1, y_var.view(-1, 1)).squeeze()
    correct.backward(torch.ones(correct.size()))
    saliency = X_var.grad.data.abs()
    saliency, i = torch.max(saliency, dim=1)
    saliency = saliency.squeeze()
    return saliency

# %% saliency-five-only: a vector of five ones is handed to backward
def compute_saliency_maps(X, y, model):
    model.eval()
    X_var = Variable(X, requires_grad=True)
    y_var = Variable(y)
    saliency = None
    # forward pass
    scores = model(X_var)
    scores = scores.gather(1, y_var.view(-1, 1)).squeeze(1)
    # backward pass
    scores.backward(torch.FloatTensor([1.0, 1.0, 1.0, 1.0, 1.0]))
    saliency = X_var.grad.data.abs().max(1)[0]
    return saliency

# %% saliency-no-abs: the maximum of the signed gradient
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)[range(X.shape[0]), y]
    scores.sum().backward()
    saliency = X.grad.max(dim=1)[0]
    return saliency

# %% saliency-abs-after-max: torch.abs of the maximum
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    s = model(X)
    total = 0
    for i in range(X.shape[0]):
        total = total + s[i, y[i]]
    total.backward()
    saliency, _ = torch.max(X.grad, dim=1)
    saliency = torch.abs(saliency)
    return saliency

# %% saliency-largest-score: scores.max(1) taken for the right class
def compute_saliency_maps(X, y, model):
    model.eval()
    X = X.detach().clone().requires_grad_()
    scores = model(X)
    best, best_class = scores.max(dim=1)
    best.sum().backward()
    return X.grad.abs().amax(1)

# %% saliency-averaged-over-batch: loss is the mean of the right scores
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    correct_scores = torch.gather(scores, 1, y.reshape(-1, 1)).reshape(-1)
    loss = torch.mean(correct_scores)
    loss.backward()
    grads = X.grad.data.numpy()
    saliency = np.max(np.abs(grads), axis=1)
    return torch.from_numpy(saliency)

# %% returns-values-and-places: torch.max with dim gives two things
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    logits = model.forward(X)
    idx = torch.arange(X.size(0))
    logits[idx, y].backward(torch.ones(X.size(0)))
    saliency = torch.max(X.grad.abs(), dim=1)
    return saliency

# %% saliency-cross-entropy+saliency-no-abs: F.cross_entropy with sum, .max of the raw gradient
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    logits = model(X)
    loss = F.cross_entropy(logits, y, reduction='sum')
    loss.backward()
    saliency = torch.max(X.grad.data, dim=1)[0]
    return saliency

# %% saliency-cross-entropy+saliency-squeeze-one: a global style criterion, then squeeze() of the maps
def compute_saliency_maps(X, y, model):
    model.eval()
    criterion = nn.CrossEntropyLoss(reduction='sum')
    X_var = Variable(X, requires_grad=True)
    y_var = Variable(y)
    loss = criterion(model(X_var), y_var)
    loss.backward()
    saliency = X_var.grad.data.abs().max(dim=1)[0].squeeze()
    return saliency

# %% saliency-five-only+saliency-sum-over-channels: ones(5) and a sum of the magnitudes
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X).gather(1, y.view(-1, 1)).squeeze(1)
    scores.backward(torch.ones(5))
    grad = torch.abs(X.grad)
    saliency = grad[:, 0] + grad[:, 1] + grad[:, 2]
    return saliency

# %% saliency-averaged-over-batch+saliency-mean-over-channels: .mean() twice
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    out = model(X)
    out[torch.arange(out.shape[0]), y].mean().backward()
    saliency = X.grad.abs().mean(dim=1)
    return saliency

# %% saliency-softmax+saliency-no-abs: probabilities, and relu-free signed maxima
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    probs = torch.softmax(model(X), dim=1)
    p_correct = probs.gather(1, y.unsqueeze(1)).squeeze(1)
    p_correct.backward(gradient=torch.ones_like(p_correct))
    saliency, _ = X.grad.data.max(1)
    return saliency

# %% saliency-wrong-scores+saliency-squared: scores[:, y], and the gradient squared to make it positive
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    correct = scores[:, y]
    correct.sum().backward()
    saliency = (X.grad ** 2).max(dim=1)[0]
    return saliency

# %% saliency-largest-score+saliency-norm-over-channels: argmax ignores y, L2 norm over the colours
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    pred = scores.argmax(dim=1)
    selected = scores.gather(1, pred.view(-1, 1))
    dX = torch.autograd.grad(selected, X, grad_outputs=torch.ones_like(selected))[0]
    saliency = torch.norm(dX, dim=1)
    return saliency

# %% saliency-abs-after-max+saliency-rescaled: abs comes last, divided by the largest value to look better
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    saliency = X.grad.data.max(dim=1)[0].abs()
    # normalize for plotting
    saliency = saliency / saliency.max()
    return saliency

# %% saliency-log-score+saliency-sum-over-channels: log of the exponentials' share, and sum(1)
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    correct = scores.gather(1, y.view(-1, 1)).squeeze(1)
    torch.log(correct.abs()).sum().backward()
    saliency = X.grad.abs().sum(1)
    return saliency

# %% saliency-cross-entropy+saliency-no-abs+saliency-squeeze-one: mean loss, signed maximum, squeeze()
def compute_saliency_maps(X, y, model):
    model.eval()
    X_var = Variable(X, requires_grad=True)
    y_var = Variable(y)
    scores = model.forward(X_var)
    loss = torch.nn.functional.cross_entropy(scores, y_var)
    loss.backward()
    grad = X_var.grad.data
    saliency, _ = grad.max(1)
    return saliency.squeeze()

# %% saliency-five-only+saliency-no-abs+saliency-sum-over-channels: FloatTensor([1.]*5), the signed gradient summed
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    scores = scores.gather(1, y.view(-1, 1)).squeeze(dim=1)
    scores.backward(torch.FloatTensor([1.] * 5))
    saliency = X.grad.data
    saliency = saliency.sum(1)
    return saliency

# %% saliency-softmax+saliency-mean-over-channels+saliency-squeeze-one: probability, mean over colours, squeeze()
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    p = F.softmax(model(X), dim=-1)
    p[np.arange(X.shape[0]), y].sum().backward()
    maps = X.grad.abs().mean(dim=1, keepdim=True)
    return maps.squeeze()

# %% saliency-averaged-over-batch+saliency-abs-after-max+saliency-squeeze-one: mean, abs too late, one squeeze too many
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    correct = model(X).gather(1, y.view(-1, 1))
    correct.mean().backward()
    saliency = torch.abs(torch.max(X.grad, 1)[0])
    return torch.squeeze(saliency)

# %% saliency-largest-score+saliency-one-channel+saliency-squared: max score, red only, squared
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    top = scores.max(1)[0]
    top.backward(torch.ones_like(top))
    g = X.grad.pow(2)
    # the channels look all the same
    saliency = g[:, 0, :, :]
    return saliency

# %% saliency-wrong-scores+saliency-no-abs+saliency-keeps-channels: index_select of all labels, raw gradient with its channel axis
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = torch.index_select(model(X), 1, y)
    scores.sum().backward()
    saliency, _ = X.grad.max(dim=1, keepdim=True)
    return saliency
