# %% step-not-normalised: learning rate times img.grad
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    target = scores[0, target_y] - l2_reg * (img ** 2).sum()
    target.backward()
    with torch.no_grad():
        img += learning_rate * img.grad
        img.grad.zero_()

# %% step-l2-norm-not-squared: torch.norm(img) taken for the square
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    correct_class_score = scores[0, target_y]
    R = l2_reg * torch.norm(img)
    loss = correct_class_score - R
    loss.backward()
    g = img.grad.data
    img.data += learning_rate * g / g.norm()
    img.grad.data.zero_()

# %% step-not-normalised: the course's loop of 2018, raw gradient
def create_class_visualization(target_y, model, dtype, **kwargs):
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # Randomly initialize the image as a PyTorch Tensor, and make it requires gradient.
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype).requires_grad_()

    for t in range(num_iterations):
        # Randomly jitter the image a bit; this gives slightly nicer results
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.data.copy_(jitter(img.data, ox, oy))

        score = model(img)[0, target_y]
        loss = score - l2_reg * torch.sum(img * img)
        loss.backward()
        with torch.no_grad():
            img += learning_rate * img.grad
            img.grad.zero_()

        # Undo the random jitter
        img.data.copy_(jitter(img.data, -ox, -oy))

        # As regularizer, clamp and periodically blur the image
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img.data[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img.data, sigma=0.5)

        # Periodically show the image
        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.data.clone().cpu()))
            class_name = class_names[target_y]
            plt.title('%s\nIteration %d / %d' % (class_name, t + 1, num_iterations))
            plt.gcf().set_size_inches(4, 4)
            plt.axis('off')
            plt.show()

    return deprocess(img.data.cpu())

# %% step-l2-missing: forgets the L2 term, in the loop of 2017
def create_class_visualization(target_y, model, dtype, **kwargs):
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # Randomly initialize the image as a PyTorch Tensor, and also wrap it in
    # a PyTorch Variable.
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype)
    img_var = Variable(img, requires_grad=True)

    for t in range(num_iterations):
        # Randomly jitter the image a bit; this gives slightly nicer results
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.copy_(jitter(img, ox, oy))

        scores = model(img_var)
        scores[:, target_y].backward()
        g = img_var.grad.data
        dX = learning_rate * g / g.norm()
        img += dX
        img_var.grad.data.zero_()

        # Undo the random jitter
        img.copy_(jitter(img, -ox, -oy))

        # As regularizer, clamp and periodically blur the image
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img, sigma=0.5)

        # Periodically show the image
        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.clone().cpu()))
            class_name = class_names[target_y]
            plt.title('%s\nIteration %d / %d' % (class_name, t + 1, num_iterations))
            plt.gcf().set_size_inches(4, 4)
            plt.axis('off')
            plt.show()

    return deprocess(img.cpu())

# %% step-gradient-not-zeroed: no zero_() in Michigan's form
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    score = model(img)[0, target_y] - l2_reg * img.pow(2).sum()
    score.backward()
    with torch.no_grad():
        img += learning_rate * img.grad / img.grad.norm()
    return img

# %% step-squared-norm: torch.sum(g ** 2) without its root
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    img.requires_grad_()
    y_pred = model.forward(img)
    objective = y_pred[0][target_y] - l2_reg * torch.norm(img) ** 2
    g = torch.autograd.grad(objective, img)[0]
    dX = learning_rate * g / torch.sum(g ** 2)
    img.data += dX

# %% step-l2-wrong-sign: plus instead of minus the penalty
# as "forgets the L2 term, in the loop of 2017", from "scores[:, target_y].backward()" to "img += dX"
        reg = l2_reg * torch.sum(img_var ** 2)
        loss = scores[0, target_y] + reg
        loss.backward()
        img_var.data += learning_rate * img_var.grad.data / torch.norm(img_var.grad.data)

# %% step-l2-no-factor-two: the penalty's gradient by hand, without its 2
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    out = model(img)
    g, = torch.autograd.grad(out[0, target_y], img)
    # gradient of the regularization term
    g = g - l2_reg * img.detach()
    img.data = img.data + learning_rate * g / torch.linalg.norm(g)
    return img

# %% step-not-in-place: a new name is bound to the result
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    loss = scores[0, target_y] - l2_reg * (img * img).sum()
    loss.backward()
    grad = img.grad.clone()
    img.grad.zero_()
    img = img + learning_rate * grad / grad.norm()

# %% step-not-normalised+step-l2-norm-not-squared: as often in public notebooks, raw step and a plain norm
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    loss = scores[0, target_y] - l2_reg * torch.norm(img)
    loss.backward()
    with torch.no_grad():
        img += learning_rate * img.grad
        img.grad.zero_()

# %% step-not-normalised+step-l2-wrong-sign: one_hot product, plus the penalty, raw gradient
# as "the course's loop of 2018, raw gradient", from "score = model(img)[0, target_y]" to "img.grad.zero_()"
        scores = model(img)
        mask = F.one_hot(torch.tensor(target_y), scores.shape[1])
        loss = (scores * mask).sum() + l2_reg * (img ** 2).sum()
        loss.backward()
        with torch.no_grad():
            img += learning_rate * img.grad
        img.grad.zero_()

# %% step-gradient-not-zeroed+step-l2-norm-not-squared: model.zero_grad() is not enough, and norm(2)
# as "forgets the L2 term, in the loop of 2017", from "scores = model(img_var)" to "img_var.grad.data.zero_()"
        model.zero_grad()
        score = model(img_var)[0, target_y] - l2_reg * img_var.norm(2)
        score.backward()
        dx = img_var.grad.data
        img_var.data += learning_rate * dx / dx.norm(2)

# %% step-l2-missing+step-not-normalised: l2_reg is popped and not used
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    scores = model(img)
    loss = scores[:, target_y].sum()
    loss.backward()
    with torch.no_grad():
        img += learning_rate * img.grad
    img.grad.zero_()
    return img

# %% step-l2-norm-not-squared+step-squared-norm: the square went to the wrong norm
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    loss = model(img)[0, target_y] - l2_reg * torch.norm(img)
    loss.backward()
    dX = img.grad.data / torch.norm(img.grad.data) ** 2
    img.data += learning_rate * dX
    img.grad.data.zero_()
    return img

# %% step-l2-missing+step-gradient-not-zeroed: only the score, and grads pile up
# as "forgets the L2 term, in the loop of 2017", from "scores = model(img_var)" to "img_var.grad.data.zero_()"
        out = model(img_var)
        target_score = out[0, target_y]
        target_score.backward()
        grad = img_var.grad.data
        img += learning_rate * grad / torch.sqrt(torch.sum(grad * grad))

# %% step-l2-after-normalising+step-gradient-not-zeroed: the penalty is subtracted from the finished step
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y]
    score.backward()
    with torch.no_grad():
        g = img.grad / img.grad.norm()
        g = g - 2 * l2_reg * img
        img += learning_rate * g

# %% step-loss-gradient+step-not-normalised: minus the cross-entropy, minus the penalty, raw step
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    criterion = nn.CrossEntropyLoss()
    scores = model(img)
    obj = -criterion(scores, torch.LongTensor([target_y])) - l2_reg * img.norm() ** 2
    obj.backward()
    img.data.add_(img.grad.data * learning_rate)
    img.grad.data.zero_()

# %% step-l2-no-factor-two+step-not-normalised: -= l2_reg * img on the raw gradient
# as "the course's loop of 2018, raw gradient", from "score = model(img)[0, target_y]" to "with torch.no_grad():"
        scores = model(img)
        scores[0, target_y].backward()
        with torch.no_grad():
            img.grad -= l2_reg * img

# %% step-l2-wrong-sign+step-squared-norm: `+ l2_reg`, and the norm is squared below the line
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    scores = model(img)
    loss = scores[0, target_y] + l2_reg * torch.sum(img ** 2)
    g = torch.autograd.grad(loss, img)[0]
    with torch.no_grad():
        img += learning_rate * g / g.pow(2).sum()
    return img

# %% step-not-normalised+step-l2-norm-not-squared+step-gradient-not-zeroed: the three most frequent ones
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    J = scores[0, target_y] - l2_reg * torch.norm(img, p=2)
    J.backward()
    with torch.no_grad():
        img += learning_rate * img.grad

# %% step-not-normalised+step-l2-missing+step-gradient-not-zeroed: the shortest attempt, 2017
# as "forgets the L2 term, in the loop of 2017", from "scores[:, target_y].backward()" to "img_var.grad.data.zero_()"
        scores[0, target_y].backward()
        img_var.data += learning_rate * img_var.grad.data

# %% step-squared-norm+step-l2-wrong-sign+step-gradient-not-zeroed: sum of squares, plus, never cleared
# as "the course's loop of 2018, raw gradient", from "loss = score - l2_reg * torch.sum(img * img)" to "img.grad.zero_()"
        (score + l2_reg * torch.sum(img ** 2)).backward()
        with torch.no_grad():
            dX = learning_rate * img.grad / torch.sum(img.grad ** 2)
            img += dX

# %% step-loss-gradient+step-l2-norm-not-squared+step-squared-norm: cross-entropy, a plain norm, the wrong divisor
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    scores = model(img)
    loss = F.cross_entropy(scores, torch.tensor([target_y]))
    loss = loss + l2_reg * torch.norm(img)
    loss.backward()
    with torch.no_grad():
        img -= learning_rate * img.grad / (img.grad ** 2).sum()
        img.grad.zero_()
    return img

# %% step-l2-no-factor-two+step-gradient-not-zeroed+step-not-normalised: by hand, without 2, and never cleared
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    model(img)[0, target_y].backward()
    g = img.grad.data - l2_reg * img.data
    img.data += learning_rate * g
    return img

# %% step-all-scores+step-l2-missing+step-no-learning-rate: the sum of all scores, no penalty, unit step
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    out = model(img)
    loss = out.sum()
    loss.backward()
    with torch.no_grad():
        img += img.grad / img.grad.norm()
        img.grad.zero_()
