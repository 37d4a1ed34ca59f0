# %% backward with a vector of ones
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X).gather(1, y.view(-1, 1)).squeeze(1)
    scores.backward(torch.ones(scores.shape))
    saliency, _ = torch.max(X.grad.abs(), dim=1)
    return saliency

# %% the sum of the scores, advanced indexing
def compute_saliency_maps(X, y, model):
    X = X.clone().requires_grad_(True)
    scores = model.forward(X)
    scores[torch.arange(X.shape[0]), y].sum().backward()
    return X.grad.abs().max(1).values

# %% autograd.grad with grad_outputs
def compute_saliency_maps(X, y, model):
    X.requires_grad = True
    s = model(X)[range(len(y)), y]
    dX, = torch.autograd.grad(s, X, grad_outputs=torch.ones_like(s))
    return torch.amax(torch.abs(dX), 1)

# %% one pass for each image
def compute_saliency_maps(X, y, model):
    saliency = torch.zeros(X.shape[0], X.shape[2], X.shape[3])
    for i in range(X.shape[0]):
        x = X[i].unsqueeze(0).detach().requires_grad_()
        model(x)[0, y[i]].backward()
        saliency[i] = x.grad[0].abs().max(dim=0)[0]
    return saliency

# %% one forward pass, one backward pass for each image, with retain_graph
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    for i in range(len(y)):
        scores[i, y[i]].backward(retain_graph=True)
    saliency = torch.max(torch.abs(X.grad), 1)[0]
    pass
    return saliency

# %% a one-hot mask
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    mask = F.one_hot(y, scores.shape[1])
    (scores * mask).sum().backward()
    return X.grad.abs().max(dim=1)[0]

# %% the mask as the gradient that is pulled back
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    scores = model(X)
    onehot = torch.zeros_like(scores)
    onehot[torch.arange(len(y)), y] = 1
    scores.backward(onehot)
    return X.grad.data.abs().max(dim=1)[0]

# %% the diagonal of the scores of all labels
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    picked = model(X).index_select(1, y).diag()
    picked.sum().backward()
    r, g, b = X.grad.abs().unbind(1)
    return torch.maximum(torch.maximum(r, g), b)

# %% 2017: Variables
def compute_saliency_maps(X, y, model):
    model.eval()
    X_var = Variable(X, requires_grad=True)
    y_var = Variable(y)
    scores = model(X_var)
    scores = scores.gather(1, y_var.view(-1, 1)).squeeze(1)
    scores.backward(torch.ones(y.size(0)))
    saliency = X_var.grad.data
    saliency = saliency.abs()
    saliency, i = torch.max(saliency, dim=1)
    saliency = saliency.squeeze(1)
    return saliency

# %% the last steps in numpy
import numpy as np

def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    sum(score[label] for score, label in zip(model(X), y.tolist())).backward()
    gradient = X.grad.numpy()
    return torch.from_numpy(np.max(np.abs(gradient), axis=1))

# %% a hook catches the gradient
def compute_saliency_maps(X, y, model):
    caught = []
    x = X.detach().clone().requires_grad_()
    copy = x * 1
    copy.register_hook(lambda g: caught.append(g.detach().clone()))
    model(copy).gather(1, y[:, None]).sum().backward()
    return caught[0].abs().topk(1, dim=1).values[:, 0]

# %% float64 inside
import copy

def compute_saliency_maps(X, y, model):
    precise = copy.deepcopy(model).double()
    X = X.double().requires_grad_()
    precise(X).gather(1, y.view(-1, 1)).sum().backward()
    return X.grad.abs().amax(dim=1).float()

# %% torch.func
def compute_saliency_maps(X, y, model):
    def total(pictures):
        return model(pictures)[torch.arange(len(y)), y].sum()

    g = torch.func.grad(total)(X)
    return g.abs().amax(1)

# %% the vector-Jacobian product
def compute_saliency_maps(X, y, model):
    _, g = torch.autograd.functional.vjp(lambda x: model(x).gather(1, y.reshape(-1, 1)).sum(), X)
    return torch.linalg.vector_norm(g, ord=float('inf'), dim=1)

# %% descends instead: the sign does not matter
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    loss = F.nll_loss(model(X), y, reduction='sum')
    loss.backward()
    return X.grad.abs().sort(dim=1)[0][:, -1]

# %% halves of the batch, by recursion, with type hints
def compute_saliency_maps(X: torch.Tensor, y: torch.Tensor, model: nn.Module) -> torch.Tensor:
    if len(X) > 1:
        half = len(X) // 2
        return torch.cat([compute_saliency_maps(X[:half], y[:half], model),
                          compute_saliency_maps(X[half:], y[half:], model)])
    x = X.detach().requires_grad_()
    slope = torch.autograd.grad(model(x)[0, y[0]], x)[0]
    return F.max_pool3d(slope.abs()[:, None], (3, 1, 1))[:, 0, 0]

# %% loops over channels, prints in Chinese, training mode left on
def compute_saliency_maps(X, y, model):
    model.train()
    X.requires_grad_()
    得分 = model(X).gather(1, y.view(-1, 1))
    得分.backward(torch.ones_like(得分))
    saliency = X.grad[:, 0].abs()
    for c in (1, 2):
        channel = X.grad[:, c].abs()
        saliency = torch.where(channel > saliency, channel, saliency)
    print('显著图', saliency.shape)
    return saliency

# %% gradients of the parameters asked for as well
def compute_saliency_maps(X, y, model):
    for p in model.parameters():
        p.requires_grad = True
    model.zero_grad()
    X.requires_grad_()
    correct = model(X).gather(1, y.unsqueeze(1)).flatten()
    correct.mean().mul(len(y)).backward()
    saliency = X.grad.detach().abs().max(dim=1, keepdim=True).values.squeeze(1)
    return saliency
