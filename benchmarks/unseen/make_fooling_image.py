# %% fooling-gradient-not-zeroed: backward in every round, grad is never cleared
def make_fooling_image(X, target_y, model):
    # Initialize our fooling image to the input image, and make it require gradient
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()

    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            print('fooled after', i)
            break
        scores[0, target_y].backward()
        with torch.no_grad():
            X_fooling += learning_rate * X_fooling.grad / X_fooling.grad.norm()
    return X_fooling

# %% fooling-squared-norm: divided by the sum of squares
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling_var = Variable(X_fooling, requires_grad=True)
    learning_rate = 1
    for t in range(100):
        scores = model(X_fooling_var)
        _, idx = scores.data.max(1)
        if idx[0] == target_y:
            break
        target_score = scores[0, target_y]
        target_score.backward()
        g = X_fooling_var.grad.data
        X_fooling += learning_rate * g / torch.sum(g ** 2)
        X_fooling_var.grad.data.zero_()
    return X_fooling

# %% fooling-loss-gradient: descends the cross-entropy of the target
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().detach().requires_grad_(True)
    learning_rate = 1
    y = torch.tensor([target_y])
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax(1).item() == target_y:
            break
        loss = F.cross_entropy(scores, y)
        g, = torch.autograd.grad(loss, X_fooling)
        # loss should go down
        X_fooling = (X_fooling - learning_rate * g / torch.norm(g)).detach().requires_grad_(True)
    return X_fooling

# %% fooling-does-not-stop: prints that the model is fooled and goes on
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for epoch in range(100):
        scores = model(X_fooling)
        if scores.max(1)[1].item() == target_y:
            print('Model is fooled at iteration %d' % epoch)
        scores[:, target_y].backward()
        dX = learning_rate * X_fooling.grad.data / X_fooling.grad.data.norm()
        X_fooling.data += dX
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-gives-up: ten rounds were enough for the picture of the notebook
def make_adversarial_attack(X, target_y, model, max_iter=100, verbose=True):
    X_adv = X.clone()
    X_adv = X_adv.requires_grad_()
    learning_rate = 1
    max_iter = 10
    for it in range(max_iter):
        scores = model(X_adv)
        score, max_score = scores[0, target_y], scores.max()
        if verbose:
            print('Iteration %d: target score %.3f, max score %.3f' % (it, score, max_score))
        if score == max_score:
            break
        score.backward()
        with torch.no_grad():
            X_adv += learning_rate * X_adv.grad / X_adv.grad.norm()
            X_adv.grad.zero_()
    return X_adv

# %% fooling-not-normalised: learning rate times the raw gradient
def make_adversarial_attack(X, target_y, model, max_iter=100, verbose=True):
    X_adv = X.clone()
    X_adv = X_adv.requires_grad_()
    learning_rate = 1
    for i in range(max_iter):
        y_hat = model(X_adv)
        if torch.argmax(y_hat, dim=1) == target_y:
            break
        y_hat[0, target_y].backward()
        with torch.no_grad():
            dX = learning_rate * X_adv.grad
            X_adv += dX
        X_adv.grad = None
    return X_adv

# %% fooling-stops-late: the scores that are looked at are those from before the step
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    fooled = False
    iteration = 0
    while not fooled and iteration < 100:
        scores = model(X_fooling)
        scores[0, target_y].backward()
        with torch.no_grad():
            X_fooling += learning_rate * X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
        fooled = scores.argmax(dim=1).item() == target_y
        iteration += 1
    return X_fooling

# %% fooling-changes-the-original: detach() shares its memory with X
def make_fooling_image(X, target_y, model):
    X_fooling = X.detach()
    X_fooling.requires_grad = True
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        if torch.argmax(scores) == target_y:
            break
        scores[0][target_y].backward()
        step = learning_rate * X_fooling.grad / torch.sqrt((X_fooling.grad ** 2).sum())
        X_fooling.data.add_(step)
        X_fooling.grad.zero_()
    X_fooling.requires_grad = False
    return X_fooling

# %% fooling-gradient-not-zeroed+fooling-squared-norm: never cleared, divided by (g*g).sum()
def make_adversarial_attack(X, target_y, model, max_iter=100, verbose=True):
    X_adv = X.clone()
    X_adv = X_adv.requires_grad_()
    learning_rate = 1
    for i in range(max_iter):
        res = model(X_adv)
        val, idx = res.max(dim=1)
        if verbose:
            print('target:', res[0, target_y].item(), 'max:', val.item())
        if idx.item() == target_y:
            break
        res[0, target_y].backward()
        g = X_adv.grad.data
        X_adv.data += learning_rate * g / (g * g).sum()
    return X_adv

# %% fooling-gradient-not-zeroed+fooling-not-normalised: raw gradients pile up
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        pred = torch.argmax(scores, dim=1)
        if pred[0] == target_y:
            break
        score = scores[0, target_y]
        score.backward()
        with torch.no_grad():
            X_fooling.add_(X_fooling.grad, alpha=learning_rate)
    return X_fooling

# %% fooling-loss-gradient+fooling-gradient-not-zeroed: log of the softmax climbs, grad is never cleared
def make_fooling_image(X, target_y, model):
    model.eval()
    X_fooling = X.clone()
    X_fooling_var = Variable(X_fooling, requires_grad=True)
    learning_rate = 1
    for i in range(100):
        out = model(X_fooling_var)
        if out.data.max(1)[1][0] == target_y:
            break
        logp = F.log_softmax(out, dim=1)
        logp[0, target_y].backward()
        dX = X_fooling_var.grad.data
        X_fooling_var.data += learning_rate * dX / dX.norm()
    return X_fooling_var.data

# %% fooling-loss-gradient+fooling-gives-up: cross-entropy, fifteen rounds
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    loss_fn = nn.CrossEntropyLoss()
    num_epochs = 15
    for epoch in range(num_epochs):
        scores = model(X_fooling)
        if scores.argmax(dim=1)[0] == target_y:
            break
        loss = -loss_fn(scores, torch.LongTensor([target_y]))
        loss.backward()
        with torch.no_grad():
            X_fooling += learning_rate * X_fooling.grad / X_fooling.grad.norm()
            X_fooling.grad.zero_()
    return X_fooling

# %% fooling-squared-norm+fooling-does-not-stop: norm()**2, and a hundred rounds whatever happens
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    learning_rate = 1
    for _ in range(100):
        scores = model(X_fooling)
        scores[0, target_y].backward()
        g = X_fooling.grad
        with torch.no_grad():
            X_fooling += learning_rate * g / g.norm() ** 2
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-changes-the-original+fooling-gradient-not-zeroed: an alias of X, and no zero_()
def make_fooling_image(X, target_y, model):
    X_fooling = X
    X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        if scores[0].max(0)[1] == target_y:
            break
        scores[0, target_y].backward()
        dX = X_fooling.grad.data / torch.norm(X_fooling.grad.data)
        X_fooling.data += learning_rate * dX
    return X_fooling

# %% fooling-not-normalised+fooling-stops-late: the test sits at the end of the round, without new scores
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        loss = scores[0, target_y]
        loss.backward()
        with torch.no_grad():
            X_fooling += learning_rate * X_fooling.grad
            X_fooling.grad.zero_()
        if scores.argmax().item() == target_y:
            break
    return X_fooling

# %% fooling-learning-rate+fooling-gives-up: a rate of 0.5, and fifteen rounds
def make_adversarial_attack(X, target_y, model, max_iter=15, verbose=True):
    X_adv = X.clone().detach()
    X_adv.requires_grad = True
    learning_rate = 0.5
    for i in range(max_iter):
        scores = model(X_adv)
        if scores.argmax(dim=1).item() == target_y:
            break
        grad, = torch.autograd.grad(scores[0, target_y], X_adv)
        with torch.no_grad():
            X_adv += learning_rate * grad / grad.norm()
    return X_adv

# %% fooling-gradient-not-zeroed+?: grad is never cleared, and the picture is clamped to [-1, 1] after each step
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        max_score, max_idx = scores.max(dim=1)
        if max_idx.item() == target_y:
            break
        scores[0, target_y].backward()
        g = X_fooling.grad
        with torch.no_grad():
            X_fooling += learning_rate * g / g.norm()
            X_fooling.clamp_(-1, 1)
    return X_fooling

# %% fooling-loss-gradient+fooling-gradient-not-zeroed+fooling-squared-norm: three of the usual at once
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 1
    target = torch.tensor([target_y])
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax(1) == target:
            break
        loss = F.cross_entropy(scores, target)
        loss.backward()
        g = X_fooling.grad
        with torch.no_grad():
            X_fooling -= learning_rate * g / (g ** 2).sum()
    return X_fooling

# %% fooling-changes-the-original+fooling-not-normalised+fooling-gives-up: X itself, raw gradient, two rounds
def make_fooling_image(X, target_y, model):
    X_fooling = X
    X_fooling.requires_grad_()
    learning_rate = 1
    n_iter = 0
    while n_iter < 2:
        scores = model(X_fooling)
        if scores.argmax(dim=1).item() == target_y:
            break
        scores[0, target_y].backward()
        X_fooling.data = X_fooling.data + learning_rate * X_fooling.grad
        X_fooling.grad.zero_()
        n_iter += 1
    return X_fooling

# %% fooling-gradient-not-zeroed+fooling-learning-rate+fooling-gives-up: a rate of 0.1, never cleared, twelve rounds
def make_adversarial_attack(X, target_y, model, max_iter=100, verbose=True):
    X_adv = X.clone()
    X_adv = X_adv.requires_grad_()
    learning_rate = 0.1
    for i in range(12):
        scores = model(X_adv)
        if scores.max(dim=1)[1] == target_y:
            break
        scores[0, target_y].backward()
        with torch.no_grad():
            X_adv += learning_rate * X_adv.grad / torch.linalg.norm(X_adv.grad)
    return X_adv

# %% fooling-loss-gradient+fooling-learning-rate+fooling-does-not-stop: softmax, rate 2, no break
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling = X_fooling.requires_grad_()
    learning_rate = 2
    for i in range(100):
        probs = F.log_softmax(model(X_fooling), dim=1)
        probs[0, target_y].backward()
        with torch.no_grad():
            dX = learning_rate * X_fooling.grad / torch.norm(X_fooling.grad)
            X_fooling += dX
            X_fooling.grad.zero_()
    return X_fooling

# %% fooling-loss-gradient+fooling-not-normalised+fooling-stops-late: a loss, no norm, waits for a clear lead
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    learning_rate = 1
    for i in range(100):
        scores = model(X_fooling)
        top2 = scores[0].topk(2)
        # be sure that the model is really fooled
        if top2.indices[0] == target_y and top2.values[0] - top2.values[1] > 2:
            break
        loss = F.cross_entropy(scores, torch.tensor([target_y]))
        g = torch.autograd.grad(loss, X_fooling)[0]
        with torch.no_grad():
            X_fooling -= learning_rate * g
    return X_fooling
