# %% fooling-gives-up: ten steps looked like enough
def make_fooling_image(X, target_y, model):
    # Initialize our fooling image to the input image, and make it require gradient
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1

    for i in range(10):
        scores = model(X_fooling)
        _, pred = scores.max(1)
        if pred.item() == target_y:
            print('fooled after', i)
            break
        scores[0, target_y].backward()
        g = X_fooling.grad
        with torch.no_grad():
            X_fooling += learning_rate * g / g.norm()
            g.zero_()
    return X_fooling


# %% fooling-gradient-not-zeroed: .data += and no zeroing, until fooled
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    learning_rate = 1
    it = 0
    while True:
        scores = model(X_fooling)
        if scores.data.max(1)[1][0] == target_y or it >= 100:
            break
        scores[:, target_y].sum().backward()
        dX = learning_rate * X_fooling.grad.data / torch.norm(X_fooling.grad.data)
        X_fooling.data += dX
        it += 1
    return X_fooling


# %% fooling-does-not-stop: a for loop of a hundred with a print where the break should be
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling.requires_grad_()
    learning_rate = 1
    for step in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            print("model is fooled at step", step)
        grad, = torch.autograd.grad(scores[0, target_y], X_fooling)
        dX = learning_rate * grad / torch.sqrt((grad ** 2).sum())
        X_fooling = (X_fooling + dX).detach().requires_grad_()
    return X_fooling


# %% fooling-loss-gradient+fooling-gradient-not-zeroed: descends the cross-entropy to the target, gradients add up
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    target = torch.LongTensor([target_y])
    loss_function = torch.nn.CrossEntropyLoss()
    for i in range(100):
        scores = model(X_fooling)
        if torch.argmax(scores, dim=1) == target:
            break
        loss = loss_function(scores, target)
        loss.backward()
        g = X_fooling.grad.data
        X_fooling.data -= learning_rate * (g / g.norm(2))
    return X_fooling


# %% fooling-not-normalised+fooling-stops-late: the scores of before the step decide after it
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1

    for i in range(100):
        scores = model(X_fooling)
        index = scores.max(1)[1].item()
        scores[0, target_y].backward()
        dX = learning_rate * X_fooling.grad
        X_fooling.data = X_fooling.data + dX
        X_fooling.grad.zero_()
        if index == target_y:
            break

    return X_fooling


# %% fooling-squared-norm+fooling-changes-the-original: no copy of the picture, and ||g||^2 under the fraction
def make_fooling_image(X, target_y, model):
    X_fooling = X
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    scores = model(X_fooling)
    steps = 0
    while scores.argmax(1).item() != target_y and steps < 1000:
        scores[:, target_y].backward()
        with torch.no_grad():
            g = X_fooling.grad
            X_fooling += learning_rate * g / torch.sum(g ** 2)
            X_fooling.grad.zero_()
        scores = model(X_fooling)
        steps += 1
    return X_fooling.detach()


# %% ?+fooling-gradient-not-zeroed: a learning rate of 10 instead of 1, and gradients add up
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().detach()
    X_fooling.requires_grad_(True)
    lr = 10   # 1 is too slow
    for _ in range(100):
        out = model(X_fooling)
        if out.argmax(dim=1)[0] == target_y:
            return X_fooling
        out[0][target_y].backward()
        with torch.no_grad():
            step = X_fooling.grad / X_fooling.grad.norm()
            X_fooling.add_(lr * step)
    return X_fooling


# %% fooling-loss-gradient+fooling-other-norm+fooling-does-not-stop: a fixed number of descending steps on the loss, each by the largest entry
import torch.nn.functional as F

def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for t in range(100):
        scores = model(X_fooling)
        loss = F.cross_entropy(scores, torch.tensor([target_y]))
        loss.backward()
        grad = X_fooling.grad
        grad_norm = torch.norm(grad, float('inf'))
        X_fooling.data -= learning_rate * grad.data / grad_norm
        grad.zero_()
    return X_fooling


# %% fooling-squared-norm+fooling-gradient-not-zeroed+fooling-does-not-stop: a hundred short steps, whatever the network says
from torch.autograd import Variable

def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling_var = Variable(X_fooling, requires_grad=True)
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling_var)
        scores[0, target_y].backward()
        g = X_fooling_var.grad.data
        dX = learning_rate * g / (g.norm() ** 2)
        X_fooling_var.data += dX
    X_fooling = X_fooling_var.data
    return X_fooling
