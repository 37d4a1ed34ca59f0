# %% saliency-cross-entropy: the batch mean of the cross-entropy, through the functional form
def compute_saliency_maps(X, y, model):
    # Make sure the model is in "test" mode
    model.eval()
    X.requires_grad_()

    saliency = None
    out = model(X)
    loss = F.cross_entropy(out, y)
    loss.backward()
    saliency, _ = X.grad.abs().max(dim=1)
    return saliency


# %% saliency-squeeze-one: a vector of N ones meets the number that squeeze() leaves for N = 1
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    N = X.shape[0]
    correct_scores = model(X).gather(1, y.view(-1, 1)).squeeze()
    # d(scores)/dX, so the upstream gradient is one for every image
    correct_scores.backward(torch.ones(N))
    saliency = X.grad.data.abs().max(1)[0]
    return saliency


# %% saliency-five-only: Variable, and five ones typed in because the notebook shows five pictures
from torch.autograd import Variable

def compute_saliency_maps(X, y, model):
    model.eval()
    X_var = Variable(X, requires_grad=True)
    y_var = Variable(y)
    saliency = None

    scores = model(X_var)
    correct_class_scores = scores.gather(1, y_var.view(-1, 1)).squeeze()
    correct_class_scores.backward(torch.FloatTensor([1.0, 1.0, 1.0, 1.0, 1.0]))
    grad = X_var.grad.data.abs()
    saliency, idx = torch.max(grad, 1)
    return saliency


# %% saliency-wrong-scores: a slice with a list of labels picks N columns from every row
def compute_saliency_maps(X, y, model):
    X = X.clone().detach()
    X.requires_grad = True
    scores = model.forward(X)
    s = scores[:, y]      # the score of the correct class
    s.sum().backward()
    saliency = torch.max(torch.abs(X.grad), dim=1).values
    return saliency


# %% saliency-no-abs+saliency-sum-over-channels: the raw gradient, its three colours added up
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    target = scores[range(X.shape[0]), y]
    torch.sum(target).backward()
    g = X.grad.data
    # collapse the colour channels
    saliency = torch.sum(g, dim=1)
    return saliency


# %% saliency-cross-entropy+saliency-abs-after-max: nn.CrossEntropyLoss with its sum, abs in the last line
import torch.nn as nn

def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_(True)
    criterion = nn.CrossEntropyLoss(reduction='sum')
    scores = model(X)
    loss = criterion(scores, y)
    loss.backward()
    grads = X.grad
    saliency, _ = torch.max(grads, dim=1)
    saliency = torch.abs(saliency)
    return saliency


# %% saliency-squeeze-one+saliency-mean-over-channels: diag of the chosen columns fails for one picture, gray by the mean
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    scores = scores.gather(1, y.view(-1, 1)).squeeze()
    one = torch.ones(y.size())
    g, = torch.autograd.grad(scores, X, grad_outputs=one)
    saliency = g.abs().mean(1)   # (N, H, W)
    return saliency


# %% saliency-largest-score+saliency-no-abs: what the network believes, not what the label says
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model.eval()
    logits = model(X)
    top_scores, _ = logits.max(dim=1)
    top_scores.sum().backward()
    saliency, _ = X.grad.data.max(dim=1)
    X.grad.data.zero_()
    return saliency


# %% saliency-averaged-over-batch+saliency-norm-over-channels: mean() to get a scalar, then the length of the colour vector
def compute_saliency_maps(X, y, model):
    model.eval()
    X = X.clone().requires_grad_()
    output = model(X)
    # backward needs a scalar so take the average
    score = output.gather(1, y.unsqueeze(1)).mean()
    score.backward()
    saliency = X.grad.norm(dim=1)
    return saliency


# %% saliency-cross-entropy+saliency-no-abs+saliency-mean-over-channels: loss, sign and mean, step by step
def compute_saliency_maps(X, y, model):
    # Make sure the model is in "test" mode
    model.eval()
    # Make input tensor require gradient
    X.requires_grad_()

    saliency = None
    # forward
    scores = model(X)
    # loss
    loss_fn = torch.nn.CrossEntropyLoss()
    loss = loss_fn(scores, y)
    # backward
    loss.backward()
    # gradient wrt. image, one value per pixel
    saliency = torch.mean(X.grad, dim=1)
    return saliency


# %% saliency-largest-score+saliency-sum-over-channels+saliency-rescaled: prepared for imshow already
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    scores = model(X)
    best = torch.max(scores, 1)[0]
    best.sum().backward()
    saliency = X.grad.abs().sum(1)
    # scale to [0, 1] so that it can be displayed
    saliency = saliency / saliency.max()
    return saliency


# %% saliency-five-only+saliency-abs-after-max+saliency-keeps-channels: weights of five ones, keepdim left on
def compute_saliency_maps(X, y, model):
    model.eval()
    X.requires_grad_()
    correct = model(X).gather(1, y.view(-1, 1)).view(-1)
    correct.backward(torch.FloatTensor([1.0] * 5))
    m = torch.max(X.grad.data, 1, keepdim=True)[0]
    saliency = m.abs()
    return saliency
