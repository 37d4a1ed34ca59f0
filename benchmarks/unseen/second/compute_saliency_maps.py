# %% saliency-cross-entropy: 2017, Variables and a criterion, the mean over the batch
from torch.autograd import Variable
import torch

def compute_saliency_maps(X, y, model):
    # Make sure the model is in "test" mode
    model.eval()

    # Wrap the input tensors in Variables
    X_var = Variable(X, requires_grad=True)
    y_var = Variable(y)
    saliency = None

    loss_fn = torch.nn.CrossEntropyLoss()
    scores = model(X_var)
    loss = loss_fn(scores, y_var)
    loss.backward()
    saliency = X_var.grad.data
    saliency = saliency.abs()
    saliency, i = torch.max(saliency, dim=1)
    saliency = saliency.squeeze(1) if saliency.dim() == 4 else saliency
    return saliency


# %% saliency-squeeze-one: the scores are squeezed, so one picture has no row to pick from
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X).squeeze()
    picked = 0
    for i in range(len(y)):
        picked = picked + scores[i, y[i]]
    picked.backward()
    return X.grad.abs().amax(1)


# %% saliency-five-only: an index of five rows and the upstream gradient torch.ones(5)
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    rows = np.arange(5)
    s = model(X)[rows, y]
    s.backward(gradient=torch.ones(5))
    saliency, _ = torch.max(torch.abs(X.grad), dim=1)
    return saliency


# %% saliency-no-abs: everything right up to the last step
def compute_saliency_maps(X, y, model):
  X.requires_grad_()

  saliency = None
  # Replace "pass" statement with your code
  res = model(X)
  correct_score = res[range(res.shape[0]), y]
  loss = correct_score.sum()
  loss.backward()
  saliency = X.grad.max(dim=1)[0]
  return saliency


# %% saliency-softmax: probabilities of the right classes
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    probs = torch.softmax(model(X), dim=-1)
    p_correct = torch.gather(probs, 1, y.reshape(-1, 1)).reshape(-1)
    p_correct.backward(torch.ones_like(p_correct))
    grad = X.grad.detach().abs()
    saliency = torch.max(torch.max(grad[:, 0], grad[:, 1]), grad[:, 2])
    return saliency


# %% returns-nothing: plots the maps instead of returning them
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    scores.gather(1, y.view(-1, 1)).sum().backward()
    saliency = X.grad.abs().max(dim=1)[0]
    print(saliency.shape)


# %% returns-values-and-places: torch.max gives two things
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()

    scores = model(X).gather(1, y.view(-1, 1)).squeeze(1)
    scores.sum().backward()
    saliency = torch.max(X.grad.data.abs(), dim=1)
    return saliency


# %% saliency-keeps-graph: create_graph because an error message said something about graphs
def compute_saliency_maps(X, y, model):
    model.eval()
    X = X.clone().requires_grad_()
    out = model(X)[torch.arange(X.size(0)), y]
    g = torch.autograd.grad(out.sum(), X, create_graph=True)[0]
    saliency = g.abs().max(dim=1).values
    return saliency


# %% saliency-cross-entropy+saliency-sum-over-channels: nll_loss of log_softmax, all three colours together
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    logits = model(X)
    loss = F.nll_loss(F.log_softmax(logits, dim=1), y, reduction='sum')
    loss.backward()
    dX = X.grad.data
    saliency = dX.abs().sum(dim=1)
    return saliency


# %% saliency-squeeze-one+saliency-no-abs: the hint's line, and max of the signed gradient
def compute_saliency_maps(X, y, model):
    # Make sure the model is in "test" mode
    model.eval()
    # Make input tensor require gradient
    X.requires_grad_()
    saliency = None

    scores = model(X)
    score = scores.gather(1, y.view(-1, 1)).squeeze()   # (N,)
    v = torch.tensor([1.0 for _ in range(X.shape[0])])
    score.backward(v)
    saliency, _ = torch.max(X.grad.data, dim=1)
    return saliency


# %% saliency-five-only+saliency-mean-over-channels: as the notebook's batch is, averaged to gray
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    loss = model(X).gather(1, y.view(-1, 1))
    loss.backward(torch.ones(5, 1))
    saliency = torch.mean(torch.abs(X.grad), dim=1)
    return saliency


# %% saliency-wrong-scores+saliency-no-abs: index_select takes the columns for all rows
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    correct = torch.index_select(scores, 1, y)
    correct.backward(torch.ones_like(correct))
    grad = X.grad
    saliency = grad.max(axis=1)[0]
    return saliency


# %% saliency-softmax+saliency-norm-over-channels: the gradient vector's length, of a probability
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    y_hat = model(X)
    y_hat = F.softmax(y_hat, dim=1)
    target = y_hat.gather(1, y.unsqueeze(1)).sum()
    grad = torch.autograd.grad(target, X)[0]
    saliency = torch.sqrt((grad ** 2).sum(dim=1))
    return saliency


# %% saliency-cross-entropy+saliency-no-abs: the loss and its signed gradient
import torch.nn.functional as F

def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    loss = F.cross_entropy(model(X), y, reduction="sum")
    loss.backward()
    saliency, idx = torch.max(X.grad.data, 1)
    return saliency


# %% saliency-squared+saliency-largest-score: pow(2) makes it positive too, and the winner's score
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    out = model(X)
    pred = out.argmax(dim=1)
    s = out.gather(1, pred.view(-1, 1)).sum()
    s.backward()
    saliency = X.grad.pow(2)
    saliency = saliency.max(dim=1).values
    return saliency


# %% saliency-log-score+saliency-abs-after-max: torch.log of the raw score, abs of the maximum
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    correct = scores.gather(1, y.view(-1, 1)).view(-1)
    log_likelihood = torch.log(correct).sum()
    log_likelihood.backward()
    g = X.grad.data
    saliency = g.max(dim=1)[0].abs()
    return saliency


# %% saliency-one-channel+saliency-negative-dropped: relu of the red channel's gradient
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    s = model(X)[torch.arange(X.shape[0]), y].sum()
    s.backward()
    positive = X.grad.clamp(min=0)
    saliency = positive[:, 0]
    return saliency


# %% saliency-times-input+saliency-sum-over-channels: gradient times picture, added up
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    correct_class = model(X).gather(dim=1, index=y.view(-1, 1))
    torch.sum(correct_class).backward()
    contribution = X.grad.data * X.data
    saliency = torch.abs(contribution).sum(dim=1)
    return saliency


# %% saliency-cross-entropy+saliency-no-abs+saliency-rescaled: stretched from 0 to 1, of the loss, signed
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    loss = torch.nn.functional.cross_entropy(scores, y)
    loss.backward()
    saliency, _ = X.grad.max(dim=1)
    low, high = saliency.min(), saliency.max()
    saliency = (saliency - low) / (high - low)
    return saliency


# %% saliency-squeeze-one+saliency-largest-score+saliency-mean-over-channels: squeezed scores, their maximum, the mean of colours
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    N = X.shape[0]
    scores = model(X).squeeze()
    s, _ = scores.max(1)
    s.backward(torch.ones(N))
    g = abs(X.grad)
    saliency = (g[:, 0] + g[:, 1] + g[:, 2]) / 3
    return saliency


# %% saliency-wrong-scores+saliency-abs-after-max+saliency-averaged-over-batch: mean() of an N x N table
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    class_scores = scores[:, y]
    class_scores.mean().backward()
    saliency = torch.abs(torch.max(X.grad, dim=1)[0])
    return saliency


# %% saliency-five-only+saliency-no-abs+saliency-sum-over-channels: Variable, five ones, sum of signs
from torch.autograd import Variable

def compute_saliency_maps(X, y, model):
    model.eval()
    X_var = Variable(X.clone(), requires_grad=True)
    y_var = Variable(y)
    scores = model(X_var)
    scores = scores.gather(1, y_var.view(-1, 1)).view(y_var.size(0))
    scores.backward(torch.FloatTensor([1., 1., 1., 1., 1.]))
    saliency = X_var.grad.data
    saliency = saliency.sum(1)
    return saliency


# %% saliency-softmax+saliency-squared+saliency-sum-over-channels: energy of the probability's gradient
def compute_saliency_maps(X, y, model):
    X = X.detach().clone()
    X.requires_grad = True
    model.eval()
    softmax = torch.nn.Softmax(dim=1)
    p = softmax(model(X))
    loss = 0.
    for n in range(X.shape[0]):
        loss += p[n][y[n]]
    loss.backward()
    return torch.sum(X.grad ** 2, dim=1)


# %% saliency-one-image+saliency-mean-over-channels+saliency-negative-dropped: the first label for all, relu, mean
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    N, C, H, W = X.shape
    scores = model(X)
    target = scores[:, y[0]]
    target.sum().backward()
    g = torch.relu(X.grad.data)
    saliency = g.mean(dim=1).view(N, H, W)
    return saliency
