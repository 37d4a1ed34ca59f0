# %% no_grad and zero_
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        scores[0, target_y].backward()
        with torch.no_grad():
            X_fooling += learning_rate * X_fooling.grad / torch.norm(X_fooling.grad)
            X_fooling.grad.zero_()
    return X_fooling

# %% .data
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        _, index = scores.data.max(dim=1)
        if index == target_y:
            break
        scores[:, target_y].backward()
        g = X_fooling.grad.data
        X_fooling.data += learning_rate * (g / g.norm())
        X_fooling.grad.data.zero_()
    return X_fooling

# %% a new leaf in each step
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    while True:
        X_fooling = X_fooling.detach().requires_grad_()
        scores = model.forward(X_fooling)[0]
        if scores.max(0).indices == target_y:
            return X_fooling.detach()
        g, = torch.autograd.grad(scores[target_y], X_fooling)
        X_fooling = X_fooling + g / g.norm(p=2)

# %% 2017: Variables, index[0]
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling_var = Variable(X_fooling, requires_grad=True)
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling_var)
        _, index = scores.data.max(dim=1)
        if index[0] == target_y:
            break
        target_score = scores[0, target_y]
        target_score.backward()
        im_grad = X_fooling_var.grad.data
        X_fooling_var.data += learning_rate * (im_grad / im_grad.norm())
        X_fooling_var.grad.data.zero_()
    return X_fooling

# %% UMich: make_adversarial_attack
def make_adversarial_attack(X, target_y, model, max_iter=100, verbose=True):
    X_adv = X.clone()
    X_adv = X_adv.requires_grad_()
    learning_rate = 1
    for it in range(max_iter):
        scores = model(X_adv)
        max_score, pred = scores.max(dim=1)
        if verbose:
            print('Iteration %d: target score %.3f, max score %.3f' % (it, scores[0, target_y], max_score))
        if pred.item() == target_y:
            break
        scores[0, target_y].backward()
        with torch.no_grad():
            X_adv += learning_rate * X_adv.grad / X_adv.grad.norm()
            X_adv.grad.zero_()
    return X_adv

# %% an optimizer that maximizes
def make_fooling_image(X, target_y, model):
    X_fooling = X.detach().clone().requires_grad_()
    optimizer = torch.optim.SGD([X_fooling], lr=1.0, maximize=True)
    for _ in range(100):
        optimizer.zero_grad()
        scores = model(X_fooling)
        if scores.argmax(1).item() == target_y:
            break
        scores[0, target_y].backward()
        X_fooling.grad /= X_fooling.grad.norm()
        optimizer.step()
    return X_fooling.detach()

# %% recursion
def climb(x, target_y, model, left):
    x = x.detach().requires_grad_()
    scores = model(x)
    if left == 0 or int(scores.argmax()) == target_y:
        return x.detach()
    g = torch.autograd.grad(scores[0, target_y], x)[0]
    return climb(x + g / torch.sqrt(torch.sum(g ** 2)), target_y, model, left - 1)

def make_fooling_image(X, target_y, model):
    return climb(X.clone(), target_y, model, 100)

# %% retain_graph, the prediction looked at in a pass of its own
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    predicted = model(X_fooling).argmax(dim=1)
    iterations = 0
    while predicted != target_y and iterations < 100:
        score = model(X_fooling)[0, target_y]
        score.backward(retain_graph=True)
        step = X_fooling.grad / X_fooling.grad.norm()
        X_fooling.data.add_(step)
        X_fooling.grad.zero_()
        with torch.no_grad():
            predicted = model(X_fooling).argmax(dim=1)
        iterations += 1
    return X_fooling

# %% F.normalize
def make_fooling_image(X, target_y, model):
    image = X.clone().requires_grad_()
    for _ in range(100):
        scores = model(image)
        if torch.argmax(F.softmax(scores, dim=1)) == target_y:
            break
        model.zero_grad()
        scores[0, target_y].backward()
        with torch.no_grad():
            image.add_(F.normalize(image.grad.flatten(), dim=0).view_as(image))
        image.grad = None
    return image

# %% descends the negative score
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    lr = 1
    for t in range(1000):
        X_fooling.grad = None
        out = model(X_fooling)
        if out.topk(1)[1].item() == target_y:
            print('fooled after', t)
            break
        loss = -out[0, target_y]
        loss.backward()
        X_fooling.data -= lr * X_fooling.grad / X_fooling.grad.pow(2).sum().sqrt()
    return X_fooling

# %% float64 inside
import copy

def make_fooling_image(X, target_y, model):
    precise = copy.deepcopy(model).double()
    image = X.double().clone().requires_grad_()
    for _ in range(100):
        scores = precise(image)
        if scores.argmax() == target_y:
            break
        g, = torch.autograd.grad(scores[0, target_y], image)
        with torch.no_grad():
            image += g / g.norm()
    return image.detach().float()

# %% the step in numpy
import numpy as np

def make_fooling_image(X, target_y, model):
    image = X.numpy().copy()
    for _ in range(100):
        x = torch.tensor(image, requires_grad=True)
        scores = model(x)
        if np.argmax(scores.detach().numpy()) == target_y:
            break
        scores[0][target_y].backward()
        g = x.grad.numpy()
        image += g / np.linalg.norm(g)
    return torch.from_numpy(image)

# %% a hook normalises
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    X_fooling.register_hook(lambda g: g / g.norm())
    while model(X_fooling).argmax(1) != target_y:
        X_fooling.grad = None
        model(X_fooling)[0, target_y].backward()
        X_fooling.data += X_fooling.grad
    return X_fooling.detach()

# %% the walrus, a vector picks the score
def make_fooling_image(X, target_y, model):
    x = X.clone().requires_grad_()
    while (s := model(x)).argmax(-1).item() != target_y:
        pick = torch.zeros_like(s)
        pick[:, target_y] = 1
        s.backward(pick)
        g = x.grad.clone()
        x.grad.zero_()
        x.data.copy_(x.data + 1 * g.div(torch.linalg.norm(g.reshape(-1))))
    return x

# %% a difference that grows beside the picture
def make_fooling_image(X, target_y, model):
    delta = torch.zeros_like(X, requires_grad=True)
    for _ in range(100):
        scores = model(X + delta)
        if int(scores[0].argmax()) == target_y:
            break
        g = torch.autograd.grad(scores[:, target_y].sum(), delta)[0]
        with torch.no_grad():
            delta += g / torch.sqrt(torch.einsum('nchw,nchw->', g, g))
    return (X + delta).detach()

# %% before 0.4: index[0, 0] and data[0], prints in Korean
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling_var = Variable(X_fooling, requires_grad=True)
    it = 0
    while True:
        scores = model.forward(X_fooling_var)
        score, index = scores.max(1)
        print('반복 %d, 점수 %f' % (it, scores[0, target_y].data[0]))
        if index.data[0] == target_y or it == 100:
            break
        scores[:, target_y].backward(retain_variables=True)
        g = X_fooling_var.grad.data
        X_fooling_var.data.add_(1 * g / g.norm())
        X_fooling_var.grad.data.zero_()
        it += 1
    return X_fooling
