# %% fooling-not-normalised: Michigan's form with verbose
def make_adversarial_attack(X, target_y, model, max_iter=100, verbose=True):
    X_adv = X.clone()
    X_adv = X_adv.requires_grad_()

    learning_rate = 1
    for it in range(max_iter):
        scores = model(X_adv)
        pred = scores.argmax(dim=1)
        target_score = scores[0, target_y]
        if verbose:
            print(f"Iteration {it}: target score {target_score.item():.3f}, max score {scores.max().item():.3f}")
        if pred.item() == target_y:
            break
        target_score.backward()
        with torch.no_grad():
            X_adv += learning_rate * X_adv.grad
            X_adv.grad.zero_()
    return X_adv


# %% fooling-gradient-not-zeroed: model.zero_grad() clears the weights' gradients, not the picture's
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()

    learning_rate = 1
    max_iter = 100
    for i in range(max_iter):
        scores = model(X_fooling)
        if (i + 1) % 10 == 0:
            print('iteration', i + 1)
        if scores[0].argmax() == target_y:
            print('done in', i)
            break
        model.zero_grad()
        scores[0][target_y].backward()
        g = X_fooling.grad.data
        dX = learning_rate * g / g.norm()
        X_fooling.data = X_fooling.data + dX
    return X_fooling


# %% fooling-loss-gradient: climbs the probability of a softmax
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    learning_rate = 1
    while True:
        p = F.softmax(model(X_fooling), dim=1)
        if p.argmax() == target_y:
            break
        g = torch.autograd.grad(p[0, target_y], X_fooling)[0]
        with torch.no_grad():
            X_fooling += learning_rate * g / g.norm()
    return X_fooling


# %% fooling-squared-norm: the numpy norm of the gradient, squared
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    pred = -1
    n = 0
    while pred != target_y and n < 600:
        score = model(X_fooling)
        pred = int(score.max(1)[1])
        if pred == target_y:
            continue
        score[0, target_y].backward()
        grad = X_fooling.grad
        norm = np.linalg.norm(grad.numpy().ravel())
        X_fooling.data += learning_rate * grad.data / float(norm)**2
        grad.data.zero_()
        n += 1
    return X_fooling


# %% fooling-stops-late: goes on until the network is 99 percent sure
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(200):
        out = model(X_fooling)
        confidence = out.softmax(dim=1)[0, target_y].item()
        if confidence > 0.99:
            break
        out[0, target_y].backward()
        with torch.no_grad():
            X_fooling += learning_rate * (X_fooling.grad / X_fooling.grad.norm())
        X_fooling.grad.zero_()
    return X_fooling


# %% fooling-gives-up: the return slipped into the loop
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for t in range(100):
        scores = model(X_fooling)
        _, y_pred = scores.data.max(dim=1)
        if y_pred[0] == target_y:
            return X_fooling
        scores[0, target_y].backward()
        dX = learning_rate * X_fooling.grad.data / X_fooling.grad.data.norm(2)
        X_fooling.data += dX
        X_fooling.grad.data.zero_()
        return X_fooling


# %% fooling-returns-original: works on a second copy, returns the first one
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1

    img = X_fooling.detach().clone().requires_grad_()
    for i in range(100):
        scores = model(img)
        if torch.argmax(scores) == target_y: break
        scores[0, target_y].backward()
        with torch.no_grad():
            img += learning_rate * img.grad / torch.norm(img.grad)
            img.grad.zero_()
    return X_fooling


# %% fooling-not-normalised+fooling-gradient-not-zeroed: 2017, the plain gradient again and again
from torch.autograd import Variable

def make_fooling_image(X, target_y, model):
    # Initialize our fooling image to the input image, and wrap it in a Variable.
    X_fooling = X.clone()
    X_fooling_var = Variable(X_fooling, requires_grad=True)
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling_var)
        val, ind = torch.max(scores, 1)
        if ind.data[0] == target_y:
            break
        scores[:, target_y].backward()
        dX = learning_rate * X_fooling_var.grad.data
        X_fooling_var.data.add_(dX)
    return X_fooling


# %% fooling-loss-gradient+fooling-squared-norm: minimises the loss with a step of g over its energy
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    criterion = nn.CrossEntropyLoss()
    t = torch.full((1,), target_y, dtype=torch.long)
    for i in range(1000):
        scores = model(X_fooling)
        if scores.argmax(1).eq(t).all():
            break
        loss = criterion(scores, t)
        loss.backward()
        with torch.no_grad():
            g = X_fooling.grad
            X_fooling -= learning_rate * g / torch.sum(g * g)
            g.zero_()
    return X_fooling


# %% fooling-gradient-not-zeroed+fooling-gives-up: eight steps with a gradient that grows
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    lr = 1
    for _ in range(8):
        s = model.forward(X_fooling)
        if s.data.cpu().numpy().argmax() == target_y:
            break
        s[0, target_y].backward()
        grad = X_fooling.grad.data
        X_fooling.data += lr * grad / grad.norm()
    return X_fooling


# %% fooling-other-norm+fooling-changes-the-original: detach() shares memory; divided by the picture's norm
def make_fooling_image(X, target_y, model):
    X_fooling = X.detach()
    X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(500):
        scores = model(X_fooling)
        if scores.argmax(dim=1).item() == target_y:
            break
        scores[0, target_y].backward()
        with torch.no_grad():
            dX = learning_rate * X_fooling.grad / torch.norm(X_fooling)
            X_fooling += dX
            X_fooling.grad.zero_()
    return X_fooling


# %% fooling-largest-score+fooling-not-normalised: backward on what max returned
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        score, index = scores.max(dim=1)
        if index == target_y:
            break
        score.backward()
        g = X_fooling.grad
        X_fooling = X_fooling + learning_rate * g
        X_fooling = X_fooling.detach().requires_grad_()
    return X_fooling


# %% fooling-descends+fooling-gradient-not-zeroed: gradient descent out of habit, optimizer style
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for step in range(100):
        y_pred = model(X_fooling)
        if int(torch.argmax(y_pred)) == target_y:
            break
        y_pred[0, target_y].backward()
        with torch.no_grad():
            X_fooling -= learning_rate * X_fooling.grad / torch.norm(X_fooling.grad)
    return X_fooling


# %% ?+fooling-not-normalised: cut off to [-1, 1] after every step, which is the raw gradient
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        if scores.max(1)[1] == target_y:
            break
        scores[0, target_y].backward()
        with torch.no_grad():
            X_fooling.data += learning_rate * X_fooling.grad
            X_fooling.data.clamp_(-1, 1)   # keep it a valid image
        X_fooling.grad.zero_()
    return X_fooling


# %% fooling-does-not-stop+fooling-gradient-not-zeroed: Michigan's form, all iterations used
def make_adversarial_attack(X, target_y, model, max_iter=100, verbose=True):
    X_adv = X.clone()
    X_adv = X_adv.requires_grad_()
    learning_rate = 1
    # Replace "pass" statement with your code
    for i in range(max_iter):
        scores = model(X_adv)
        scores[:, target_y].sum().backward()
        dX = X_adv.grad / torch.linalg.norm(X_adv.grad)
        X_adv.data += learning_rate * dX
        if verbose and i % 20 == 0:
            print(i, scores[0, target_y].item())
    return X_adv


# %% fooling-not-normalised+fooling-gradient-not-zeroed+fooling-does-not-stop: three things left out of a short loop
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        score = model(X_fooling)[0]
        score[target_y].backward()
        X_fooling.data += learning_rate * X_fooling.grad.data
    return X_fooling


# %% fooling-loss-gradient+fooling-gradient-not-zeroed+fooling-gives-up: fifteen steps down an accumulated loss
import torch.nn.functional as F

def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    y = torch.LongTensor([target_y])
    num_iters = 15
    for it in range(num_iters):
        scores = model(X_fooling)
        if scores.argmax(1) == y:
            break
        loss = F.cross_entropy(scores, y)
        loss.backward()
        g = X_fooling.grad
        with torch.no_grad():
            X_fooling -= learning_rate * g / g.norm()
    return X_fooling


# %% fooling-squared-norm+fooling-changes-the-original+fooling-gives-up: requires_grad_ on the picture itself, short steps, fifteen of them
def make_fooling_image(X, target_y, model):
    X_fooling = X.requires_grad_()
    learning_rate = 1
    for i in range(15):
        out = model(X_fooling)
        if out.argmax() == target_y:
            break
        g, = torch.autograd.grad(out[0, target_y], X_fooling)
        X_fooling.data += learning_rate * g / torch.pow(g, 2).sum()
    return X_fooling


# %% fooling-other-norm+fooling-loss-gradient+fooling-stops-late: log_softmax, the largest entry, asks the scores of before the step
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    done = False
    i = 0
    while not done and i < 100:
        scores = model(X_fooling)
        objective = torch.log_softmax(scores, dim=1)[0, target_y]
        done = bool(scores.argmax() == target_y)
        objective.backward()
        g = X_fooling.grad.data
        X_fooling.data += learning_rate * g / g.abs().max()
        g.zero_()
        i += 1
    return X_fooling


# %% fooling-not-normalised+fooling-stops-late+fooling-changes-the-original: do-while on X
def make_fooling_image(X, target_y, model):
    X_fooling = X
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        scores[0, target_y].backward()
        grad = X_fooling.grad
        with torch.no_grad():
            X_fooling += learning_rate * grad
        grad.zero_()
        if scores.argmax(1).item() == target_y:
            break
    return X_fooling
