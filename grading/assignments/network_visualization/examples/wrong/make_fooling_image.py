# %% fooling-loss-gradient: cross-entropy, descended
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    target = torch.tensor([target_y])
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax(1).item() == target_y:
            break
        loss = nn.CrossEntropyLoss()(scores, target)
        loss.backward()
        X_fooling.data -= X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-loss-gradient: the log-probability, climbed
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    while True:
        X_fooling = X_fooling.detach().requires_grad_()
        log_p = F.log_softmax(model(X_fooling), dim=1)
        if log_p.argmax() == target_y:
            return X_fooling
        g = torch.autograd.grad(log_p[0, target_y], X_fooling)[0]
        X_fooling = X_fooling + g / g.norm()

# %% fooling-largest-score: the score that is the largest
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    learning_rate = 1
    for i in range(100):
        best, where = model(X_fooling).max(dim=1)
        if where == target_y:
            break
        best.backward()
        with torch.no_grad():
            X_fooling += learning_rate * X_fooling.grad / torch.norm(X_fooling.grad)
            X_fooling.grad.zero_()
    return X_fooling

# %% fooling-descends: the wrong sign
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        if torch.argmax(scores) == target_y:
            break
        scores[0, target_y].backward()
        X_fooling.data -= X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-gradient-not-zeroed: backward again and again
def make_fooling_image(X, target_y, model):
    X_fooling_var = Variable(X.clone(), requires_grad=True)
    for i in range(100):
        scores = model(X_fooling_var)
        if scores.data.max(1)[1][0] == target_y:
            break
        scores[0, target_y].backward()
        dX = X_fooling_var.grad.data / X_fooling_var.grad.data.norm()
        X_fooling_var.data = X_fooling_var.data + dX
    return X_fooling_var.data

# %% fooling-gradient-not-zeroed: divided in place
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        scores[:, target_y].backward()
        X_fooling.grad /= torch.norm(X_fooling.grad)
        X_fooling.data += X_fooling.grad
    return X_fooling

# %% fooling-not-normalised: the raw gradient
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    for i in range(100):
        X_fooling = X_fooling.detach().requires_grad_()
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        g, = torch.autograd.grad(scores[0, target_y], X_fooling)
        X_fooling = X_fooling + 1 * g
    return X_fooling.detach()

# %% fooling-squared-norm: divided by the sum of squares
# as "the raw gradient", with
#     1 * g => g / torch.sum(g ** 2)

# %% fooling-other-norm: divided by the largest entry
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        scores[0, target_y].backward()
        with torch.no_grad():
            X_fooling += X_fooling.grad / torch.max(torch.abs(X_fooling.grad))
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-other-norm: divided by the standard deviation
# as "divided by the largest entry", with
#     torch.max(torch.abs(X_fooling.grad)) => X_fooling.grad.std()

# %% fooling-learning-rate: ten times the step
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    learning_rate = 10
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax().item() == target_y:
            break
        scores[0, target_y].backward()
        g = X_fooling.grad.data
        X_fooling.data += learning_rate * g / g.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-learning-rate: half the step, out of place
def make_fooling_image(X, target_y, model):
    fool = X.clone()
    while True:
        fool = fool.detach().requires_grad_()
        out = model(fool)[0]
        if torch.argmax(out) == target_y:
            return fool.detach()
        g, = torch.autograd.grad(out[target_y], fool)
        fool = fool + 0.5 * g / torch.sqrt((g ** 2).sum())

# %% fooling-squared-norm: the norm to the power of two, picture by picture
def make_fooling_image(X, target_y, model):
    image = X.clone().requires_grad_()
    for _ in range(100):
        scores = model(image)
        if scores.argmax().item() == target_y:
            break
        scores[0, target_y].backward()
        with torch.no_grad():
            for n in range(len(image)):
                image[n] += image.grad[n] / image.grad[n].norm() ** 2
            image.grad.zero_()
    return image

# %% fooling-squared-norm: divided twice
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for _ in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        g = torch.autograd.grad(scores[0, target_y], X_fooling)[0]
        norm = g.norm()
        g = g / norm
        X_fooling = (X_fooling + 1.0 * g / norm).detach().requires_grad_()
    return X_fooling.detach()

# %% fooling-other-norm: the picture's norm instead of the gradient's
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for _ in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.data.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-other-norm: the square of the sum
# as "the picture's norm instead of the gradient's", with
#     X_fooling.data.norm() => torch.sum(X_fooling.grad) ** 2

# %% fooling-fixed-steps: ten steps, whatever happens
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for _ in range(10):
        model(X_fooling)[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-gives-up: two steps
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    step = 0
    scores = model(X_fooling)
    while scores.argmax() != target_y and step < 2:
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
        scores = model(X_fooling)
        step += 1
    return X_fooling

# %% fooling-gives-up: a single step
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    scores = model(X_fooling)
    if scores.argmax() == target_y:
        return X_fooling
    scores[0, target_y].backward()
    return (X_fooling + X_fooling.grad / X_fooling.grad.norm()).detach()

# %% fooling-does-not-stop: a hundred steps
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    for t in range(100):
        X_fooling = X_fooling.detach().requires_grad_()
        model(X_fooling)[0, target_y].backward()
        g = X_fooling.grad
        X_fooling = X_fooling + g / torch.sqrt((g ** 2).sum())
    return X_fooling.detach()

# %% fooling-does-not-stop: forty steps
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for t in range(40):
        model(X_fooling)[0, target_y].backward()
        with torch.no_grad():
            X_fooling += X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-stops-late: looks at the scores of before
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    predicted = None
    while predicted != target_y:
        scores = model(X_fooling)
        predicted = scores.argmax().item()
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-stops-late: waits for a probability
# as "the wrong sign", with
#     torch.argmax(scores) == target_y: => F.softmax(scores, dim=1)[0, target_y] > 0.99:
#     -= X_fooling.grad => += X_fooling.grad

# %% fooling-changes-the-original: no copy
def make_fooling_image(X, target_y, model):
    X_fooling = X.requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-returns-original: the wrong name in the end
# as "no copy", with
#     X.requires_grad_() => X.clone().requires_grad_()
#     return X_fooling => return X

# %% fooling-returns-original: steps on a Variable of another tensor
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone()
    X_fooling_var = Variable(X_fooling, requires_grad=True)
    for i in range(100):
        scores = model(X_fooling_var)
        if scores.data.max(1)[1][0] == target_y:
            break
        scores[0, target_y].backward()
        g = X_fooling_var.grad.data
        X_fooling_var = Variable(X_fooling_var.data + g / g.norm(), requires_grad=True)
    return X_fooling

# %% returns-nothing: only printed
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            print("fooled!", i)
            break
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()

# %% fooling-loss-gradient+fooling-gradient-not-zeroed: the loss, accumulated
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        F.cross_entropy(scores, torch.LongTensor([target_y])).backward()
        X_fooling.data -= X_fooling.grad / X_fooling.grad.norm()
    return X_fooling

# %% fooling-loss-gradient+fooling-not-normalised: the loss, as it is
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        F.cross_entropy(scores, torch.LongTensor([target_y])).backward()
        X_fooling.data -= X_fooling.grad
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-loss-gradient+fooling-gives-up: the loss, three steps
# as "the loss, as it is", with
#     range(100): => range(3):
#     -= X_fooling.grad => -= X_fooling.grad / X_fooling.grad.norm()

# %% fooling-loss-gradient+fooling-does-not-stop: the loss, thirty steps
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(30):
        F.cross_entropy(model(X_fooling), torch.LongTensor([target_y])).backward()
        X_fooling.data -= X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
    return X_fooling

# %% fooling-gradient-not-zeroed+fooling-not-normalised: accumulated and as it is
# as "the loss, accumulated", with
#     F.cross_entropy(scores, torch.LongTensor([target_y])).backward() => scores[0, target_y].backward()
#     -= X_fooling.grad / X_fooling.grad.norm() => += X_fooling.grad

# %% fooling-gradient-not-zeroed+fooling-squared-norm: accumulated and divided twice
# as "the loss, accumulated", with
#     F.cross_entropy(scores, torch.LongTensor([target_y])).backward() => scores[0, target_y].backward()
#     -= X_fooling.grad / X_fooling.grad.norm() => += X_fooling.grad / X_fooling.grad.norm() ** 2

# %% fooling-gradient-not-zeroed+fooling-does-not-stop: accumulated for fifty steps
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(50):
        model(X_fooling)[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
    return X_fooling

# %% fooling-gradient-not-zeroed+fooling-stops-late: accumulated, one step more
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
        if scores.argmax() == target_y:
            break
    return X_fooling

# %% fooling-not-normalised+fooling-changes-the-original: as it is, on the original
def make_fooling_image(X, target_y, model):
    X.requires_grad_()
    for i in range(100):
        scores = model(X)
        if scores.argmax() == target_y:
            break
        scores[0, target_y].backward()
        X.data += X.grad
        X.grad.zero_()
    return X

# %% fooling-gradient-not-zeroed+fooling-changes-the-original: accumulated, on the original
def make_fooling_image(X, target_y, model):
    X_fooling = X
    X_fooling.requires_grad_()
    for i in range(100):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
    return X_fooling

# %% fooling-gives-up+fooling-gradient-not-zeroed = fooling-gives-up: in one step nothing accumulates
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    scores = model(X_fooling)
    if scores.argmax() != target_y:
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
    return X_fooling

# %% fooling-gives-up+fooling-gradient-not-zeroed: four steps, accumulated
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    for i in range(4):
        scores = model(X_fooling)
        if scores.argmax() == target_y:
            break
        scores[0, target_y].backward()
        X_fooling.data += X_fooling.grad / X_fooling.grad.norm()
    return X_fooling
