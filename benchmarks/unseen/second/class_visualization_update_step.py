# %% step-not-normalised: 2017, learning rate times gradient
def create_class_visualization(target_y, model, dtype, **kwargs):
    """Generate an image that maximizes the score of target_y under a pretrained model."""
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # start from noise
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype)
    img_var = Variable(img, requires_grad=True)

    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.copy_(jitter(img, ox, oy))

        # do a forward pass, then the gradient of the regularized score
        scores = model(img_var)
        reg = l2_reg * torch.sum(img_var ** 2)
        target = scores[:, target_y] - reg
        target.backward()
        img_var.data += learning_rate * img_var.grad.data
        img_var.grad.data.zero_()

        img.copy_(jitter(img, -ox, -oy))

        # clamp, and blur now and then
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img, sigma=0.5)

        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.clone().cpu()))
            plt.title('%s, iteration %d / %d' % (class_names[target_y], t + 1, num_iterations))
            plt.axis('off')
            plt.show()

    return deprocess(img.cpu())


# %% step-not-normalised: Michigan's form, as its text asks for a step with the learning rate
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    out = model(img)
    correct_score = out[0, target_y]
    loss = correct_score - l2_reg * torch.sum(img ** 2)
    loss.backward()
    g = img.grad
    # gradient step
    with torch.no_grad():
      img += learning_rate * g
      img.grad.zero_()
    return img


# %% step-l2-norm-not-squared: square() of nothing, linalg.norm instead
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    class_score = model(img)[0, target_y]
    penalty = l2_reg * torch.linalg.vector_norm(img)
    (grad,) = torch.autograd.grad(class_score - penalty, img)
    img.data.add_(grad / grad.norm(), alpha=learning_rate)


# %% step-l2-missing: the mean of the squares is next to nothing
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[:, target_y]
    reg = l2_reg * (img ** 2).mean()
    obj = score - reg
    obj.backward()
    with torch.no_grad():
        img += learning_rate * img.grad / img.grad.norm()
        img.grad.zero_()


# %% step-l2-wrong-sign: minimises minus the score minus the penalty
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    # we want to maximise so take the negative and do gradient descent
    loss = -scores[0, target_y] - l2_reg * torch.sum(img * img)
    loss.backward()
    img.data -= learning_rate * img.grad.data / img.grad.data.norm()
    img.grad.data.zero_()


# %% step-gradient-not-zeroed: Michigan's form, model.zero_grad() in the place of the picture's
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    model.zero_grad()
    s = model(img)[0][target_y] - l2_reg * img.norm() ** 2
    s.backward()
    with torch.no_grad():
        img += learning_rate * img.grad / img.grad.norm()
    return img


# %% step-squared-norm: a dot product of the gradient with itself
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    out = model(img).flatten()
    (out[target_y] - l2_reg * img.flatten().dot(img.flatten())).backward()
    g = img.grad.flatten()
    step = learning_rate * img.grad / g.dot(g)
    img.data += step
    img.grad.zero_()


# %% step-l2-no-factor-two: derivative of the penalty by hand
def create_class_visualization(target_y, model, dtype, **kwargs):
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # Randomly initialize the image, and make it require gradient.
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype).requires_grad_()

    for t in range(num_iterations):
        # Randomly jitter the image a bit
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.data.copy_(jitter(img.data, ox, oy))

        score = model(img)[0, target_y]
        score.backward()
        # d/dI (lambda * ||I||^2)
        dI = img.grad.data - l2_reg * img.data
        img.data += learning_rate * dI / torch.norm(dI)
        img.grad.data.zero_()

        # Undo the jitter
        img.data.copy_(jitter(img.data, -ox, -oy))

        # Clamp and periodically blur
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img.data[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img.data, sigma=0.5)

        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.data.clone().cpu()))
            class_name = class_names[target_y]
            plt.title('%s\nIteration %d / %d' % (class_name, t + 1, num_iterations))
            plt.gcf().set_size_inches(4, 4)
            plt.axis('off')
            plt.show()

    return deprocess(img.data.cpu())


# %% step-l2-after-normalising: the score's direction first, then decay
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y]
    score.backward()
    g = img.grad
    g = g / g.norm()
    with torch.no_grad():
        img += learning_rate * g
        img -= learning_rate * 2 * l2_reg * img
    img.grad.zero_()


# %% step-not-in-place: a new tensor under the old name
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    loss = scores[0, target_y] - l2_reg * (img ** 2).sum()
    loss.backward()
    dX = img.grad / img.grad.norm()
    img.grad = None
    with torch.no_grad():
        img = img + learning_rate * dX


# %% step-l2-not-differentiated: subtracts the number ||I||^2 from every entry
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[:, target_y].squeeze()
    dscore, = torch.autograd.grad(score, img)
    with torch.no_grad():
        g = dscore - l2_reg * torch.norm(img) ** 2
        img += learning_rate * g / torch.norm(g)


# %% step-softmax: probability of the class
def create_class_visualization(target_y, model, device, **kwargs):
    model.to(device)
    l2_reg = kwargs.pop("l2_reg", 1e-3)
    learning_rate = kwargs.pop("learning_rate", 25)
    num_iterations = kwargs.pop("num_iterations", 100)
    blur_every = kwargs.pop("blur_every", 10)
    max_jitter = kwargs.pop("max_jitter", 16)
    show_every = kwargs.pop("show_every", 25)

    img = torch.randn(1, 3, 224, 224, device=device).requires_grad_()

    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.data.copy_(jitter(img.data, ox, oy))

        prob = torch.softmax(model(img), dim=1)[0, target_y]
        objective = prob - l2_reg * img.square().sum()
        objective.backward()
        with torch.no_grad():
            img += learning_rate * img.grad / img.grad.norm()
        img.grad.zero_()

        img.data.copy_(jitter(img.data, -ox, -oy))
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img.data[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img.data, sigma=0.5)

        # Periodically show the image
        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.data.clone().cpu()))
            plt.title(f"{class_names[target_y]}: {t + 1} / {num_iterations}")
            plt.axis("off")
            plt.show()

    return deprocess(img.data.cpu())


# %% step-not-normalised+step-l2-wrong-sign: 2019, two signs and no norm
def create_class_visualization(target_y, model, dtype, **kwargs):
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # Randomly initialize the image, and make it require gradient.
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype).requires_grad_()

    for t in range(num_iterations):
        # Randomly jitter the image a bit
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.data.copy_(jitter(img.data, ox, oy))

        scores = model(img)
        loss = scores[0, target_y] + l2_reg * img.norm() ** 2
        loss.backward()
        with torch.no_grad():
            img += learning_rate * img.grad
            img.grad.zero_()

        # Undo the jitter
        img.data.copy_(jitter(img.data, -ox, -oy))

        # Clamp and periodically blur
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img.data[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img.data, sigma=0.5)

        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.data.clone().cpu()))
            class_name = class_names[target_y]
            plt.title('%s\nIteration %d / %d' % (class_name, t + 1, num_iterations))
            plt.gcf().set_size_inches(4, 4)
            plt.axis('off')
            plt.show()

    return deprocess(img.data.cpu())


# %% step-l2-missing+step-gradient-not-zeroed: ascent on the score alone, over and over
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    target = scores[0, target_y]
    target.backward()
    with torch.no_grad():
        dimg = learning_rate * img.grad / img.grad.norm(2)
        img += dimg


# %% step-squared-norm+step-l2-norm-not-squared: Michigan's form, the square at the wrong norm
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    scores = model(img)
    loss = scores[:, target_y] - l2_reg * torch.norm(img, p=2)
    loss.backward()
    dX = learning_rate * img.grad.data / torch.norm(img.grad.data, p=2)**2
    img.data = img.data + dX
    img.grad.data.zero_()
    return img


# %% step-l2-no-factor-two+step-not-normalised: by hand, raw
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    y_hat = model(img)
    y_hat[:, target_y].backward()
    with torch.no_grad():
        grad = img.grad - l2_reg * img
        img.add_(learning_rate * grad)
    img.grad.zero_()


# %% step-gradient-not-zeroed+step-squared-norm: 2017 with Variables
def create_class_visualization(target_y, model, dtype, **kwargs):
    """Generate an image that maximizes the score of target_y under a pretrained model."""
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # start from noise
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype)
    img_var = Variable(img, requires_grad=True)

    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.copy_(jitter(img, ox, oy))

        scores = model(img_var)
        class_score = scores[0, target_y] - l2_reg * torch.sum(torch.pow(img_var, 2))
        class_score.backward()
        g = img_var.grad.data
        dX = learning_rate * g / g.norm() ** 2
        img_var.data += dX

        img.copy_(jitter(img, -ox, -oy))

        # clamp, and blur now and then
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img, sigma=0.5)

        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.clone().cpu()))
            plt.title('%s, iteration %d / %d' % (class_names[target_y], t + 1, num_iterations))
            plt.axis('off')
            plt.show()

    return deprocess(img.cpu())


# %% step-other-norm+step-l2-norm-not-squared: divided by the picture's norm, which stands in the penalty as well
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    norm = torch.norm(img)
    loss = model(img)[0, target_y] - l2_reg * norm
    loss.backward()
    with torch.no_grad():
        img += learning_rate * img.grad / norm
        img.grad.zero_()


# %% step-no-learning-rate+step-l2-missing: two arguments unused
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y]
    score.backward()
    img.data += img.grad.data / torch.norm(img.grad.data)
    img.grad.data.zero_()


# %% step-descends+step-gradient-not-zeroed: the sign of an optimiser's update
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    target_score = torch.sum(scores[:, target_y])
    objective = target_score - l2_reg * torch.sum(img ** 2)
    objective.backward()
    with torch.no_grad():
        img -= learning_rate * img.grad / img.grad.norm()


# %% step-loss-gradient+step-l2-norm-not-squared: CrossEntropyLoss plus a norm, downhill
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    target = torch.tensor([target_y])
    criterion = nn.CrossEntropyLoss()
    scores = model(img)
    loss = criterion(scores, target) + l2_reg * torch.norm(img)
    loss.backward()
    g = img.grad.data
    img.data -= learning_rate * g / g.norm()
    g.zero_()


# %% step-softmax+step-not-normalised: Michigan's form, the gradient of a probability
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    y_pred = F.softmax(model(img), dim=-1)
    score = y_pred[0][target_y] - l2_reg * torch.sum(img * img)
    grad = torch.autograd.grad(score, img)[0]
    with torch.no_grad():
        img += learning_rate * grad
    return img


# %% step-all-scores+step-squared-norm: the sum over the classes because backward wants a scalar
def create_class_visualization(target_y, model, device, **kwargs):
    model.to(device)
    l2_reg = kwargs.pop("l2_reg", 1e-3)
    learning_rate = kwargs.pop("learning_rate", 25)
    num_iterations = kwargs.pop("num_iterations", 100)
    blur_every = kwargs.pop("blur_every", 10)
    max_jitter = kwargs.pop("max_jitter", 16)
    show_every = kwargs.pop("show_every", 25)

    img = torch.randn(1, 3, 224, 224, device=device).requires_grad_()

    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.data.copy_(jitter(img.data, ox, oy))

        scores = model(img)
        loss = scores.sum() - l2_reg * (img * img).sum()
        loss.backward()
        with torch.no_grad():
            img += learning_rate * img.grad / (img.grad ** 2).sum()
            img.grad.zero_()

        img.data.copy_(jitter(img.data, -ox, -oy))
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img.data[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img.data, sigma=0.5)

        # Periodically show the image
        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.data.clone().cpu()))
            plt.title(f"{class_names[target_y]}: {t + 1} / {num_iterations}")
            plt.axis("off")
            plt.show()

    return deprocess(img.data.cpu())


# %% ?+step-l2-missing: a step by the gradient's sign, of the score alone
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    loss = scores[0, target_y]
    loss.backward()
    with torch.no_grad():
        img += learning_rate * torch.sign(img.grad)
    img.grad.zero_()


# %% step-l2-missing+step-not-normalised+step-gradient-not-zeroed: Michigan's form, three lines short
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    score = model(img)[0, target_y]
    score.backward()
    img.data += learning_rate * img.grad.data
    return img


# %% step-l2-norm-not-squared+step-squared-norm+step-gradient-not-zeroed: the 2019 loop, every norm the wrong one
def create_class_visualization(target_y, model, dtype, **kwargs):
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # Randomly initialize the image, and make it require gradient.
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype).requires_grad_()

    for t in range(num_iterations):
        # Randomly jitter the image a bit
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.data.copy_(jitter(img.data, ox, oy))

        out = model(img)
        target_score = out[0, target_y]
        loss = target_score - l2_reg * torch.norm(img)
        loss.backward()
        g = img.grad.data
        img.data += learning_rate * (g / torch.sum(g ** 2))

        # Undo the jitter
        img.data.copy_(jitter(img.data, -ox, -oy))

        # Clamp and periodically blur
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img.data[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img.data, sigma=0.5)

        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.data.clone().cpu()))
            class_name = class_names[target_y]
            plt.title('%s\nIteration %d / %d' % (class_name, t + 1, num_iterations))
            plt.gcf().set_size_inches(4, 4)
            plt.axis('off')
            plt.show()

    return deprocess(img.data.cpu())


# %% step-l2-wrong-sign+step-l2-norm-not-squared+step-not-normalised: plus a plain norm, plain gradient
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    R = l2_reg * torch.norm(img)
    s = scores[0, target_y] + R
    s.backward()
    with torch.no_grad():
        img.data = img.data + learning_rate * img.grad
        img.grad.zero_()


# %% step-l2-no-factor-two+step-gradient-not-zeroed+step-squared-norm: by hand, with a gradient that is never cleared
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    with torch.no_grad():
        dX = img.grad - l2_reg * img
        dX = dX / (dX ** 2).sum()
        img += learning_rate * dX


# %% step-all-scores+step-not-normalised+step-gradient-not-zeroed: sum() of the scores, plain ascent
def create_class_visualization(target_y, model, dtype, **kwargs):
    """Generate an image that maximizes the score of target_y under a pretrained model."""
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # start from noise
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype)
    img_var = Variable(img, requires_grad=True)

    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.copy_(jitter(img, ox, oy))

        scores = model(img_var)
        s = torch.sum(scores)
        loss = s - l2_reg * torch.sum(img_var ** 2)
        loss.backward()
        img_var.data += learning_rate * img_var.grad.data

        img.copy_(jitter(img, -ox, -oy))

        # clamp, and blur now and then
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img, sigma=0.5)

        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.clone().cpu()))
            plt.title('%s, iteration %d / %d' % (class_names[target_y], t + 1, num_iterations))
            plt.axis('off')
            plt.show()

    return deprocess(img.cpu())


# %% step-softmax+step-l2-missing+step-gradient-not-zeroed: climbs the probability only
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    softmax = torch.nn.Softmax(dim=1)
    prob = softmax(model(img))[0, target_y]
    prob.backward()
    img.data += learning_rate * img.grad.data / (img.grad.data.norm() + 1e-12)


# %% step-descends+step-l2-norm-not-squared+step-not-normalised: the loop of 2017 with SGD's sign
def create_class_visualization(target_y, model, dtype, **kwargs):
    """Generate an image that maximizes the score of target_y under a pretrained model."""
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)

    # start from noise
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype)
    img_var = Variable(img, requires_grad=True)

    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.copy_(jitter(img, ox, oy))

        scores = model(img_var)
        loss = scores[0, target_y] - l2_reg * torch.norm(img_var)
        loss.backward()
        dX = learning_rate * img_var.grad.data
        img_var.data -= dX
        img_var.grad.data.zero_()

        img.copy_(jitter(img, -ox, -oy))

        # clamp, and blur now and then
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img, sigma=0.5)

        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.clone().cpu()))
            plt.title('%s, iteration %d / %d' % (class_names[target_y], t + 1, num_iterations))
            plt.axis('off')
            plt.show()

    return deprocess(img.cpu())


# %% step-no-learning-rate+step-l2-wrong-sign+step-squared-norm: g over g squared, no factor in front
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y]
    score = score + l2_reg * torch.sum(img ** 2)
    score.backward()
    g = img.grad
    with torch.no_grad():
        img += g / torch.sum(g * g)
    g.zero_()
