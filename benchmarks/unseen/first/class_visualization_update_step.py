# %% step-not-normalised: the form of 2020, the raw gradient times the learning rate
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    loss = scores[0, target_y] - l2_reg * torch.sum(img ** 2)
    loss.backward()
    with torch.no_grad():
        img += learning_rate * img.grad
        img.grad.zero_()


# %% step-l2-norm-not-squared: UMich's form, torch.norm and nothing more
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    # Replace "pass" statement with your code
    y_pred = model(img)
    objective = y_pred[:, target_y] - l2_reg * torch.norm(img)
    objective.sum().backward()
    dimg = img.grad / torch.norm(img.grad)
    img.data += learning_rate * dimg
    img.grad.data.zero_()
    return img


# %% step-l2-missing: the argument is never looked at
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    out = model.forward(img)
    target_score = out[:, target_y].squeeze()
    g = torch.autograd.grad(target_score, img)[0]
    g = g / torch.norm(g)
    with torch.no_grad():
        img += learning_rate * g


# %% step-squared-norm: the loop of 2017, the sum of squares without its root
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
        target_score = scores[0, target_y]
        loss = target_score - l2_reg * torch.sum(img_var * img_var)
        loss.backward()
        grad = img_var.grad.data
        img += learning_rate * grad / torch.sum(grad * grad)
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


# %% step-gradient-not-zeroed: img.data moved, nothing cleared
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0][target_y]
    reg = l2_reg * img.pow(2).sum()
    (score - reg).backward()
    g = img.grad.data
    img.data += learning_rate * (g / g.norm())


# %% step-l2-wrong-sign: the loop of 2019, plus the penalty
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

        # forward
        scores = model(img)
        s = scores[:, target_y].sum()
        s = s + l2_reg * (img ** 2).sum()
        # backward
        s.backward()
        img.data += learning_rate * img.grad.data / img.grad.data.norm()
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


# %% step-not-normalised+step-l2-norm-not-squared: both at once, in three lines
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    loss = model(img)[0, target_y] - l2_reg * img.norm()
    loss.backward()
    with torch.no_grad():
        img.add_(learning_rate * img.grad)
        img.grad.zero_()


# %% step-not-normalised+step-gradient-not-zeroed: the loop of 2017 without zeroing
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

        out = model(img_var)
        loss = out[0, target_y] - l2_reg * torch.norm(img_var) ** 2
        loss.backward()
        dX = learning_rate * img_var.grad.data
        img_var.data.add_(dX)

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


# %% step-l2-norm-not-squared+step-gradient-not-zeroed: np.sqrt of the energy
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    correct_score = scores[0, target_y]
    energy = torch.sum(torch.square(img))
    R = l2_reg * torch.sqrt(energy)
    I = correct_score - R
    I.backward()
    dI = img.grad
    with torch.no_grad():
        dI_norm = torch.sqrt(torch.sum(dI ** 2))
        img += learning_rate * dI / dI_norm


# %% step-l2-wrong-sign+step-squared-norm: the penalty helps, the step shrinks
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    img.requires_grad_()
    y_hat = model(img)
    loss = y_hat[0, target_y] + l2_reg * (img ** 2).sum()
    loss.backward()
    grad = img.grad.clone()
    img.grad.zero_()
    norm = (grad ** 2).sum()
    img.data = img.data + learning_rate * grad / norm


# %% step-l2-after-normalising+step-gradient-not-zeroed: weight decay by hand after the step
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

        target_score = model(img)[0, target_y]
        target_score.backward()
        g = img.grad.data
        with torch.no_grad():
            dX = g / torch.norm(g)
            img += learning_rate * (dX - 2 * l2_reg * img)

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


# %% step-not-normalised+step-l2-missing: UMich's form, the plain gradient of the score
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop("l2_reg", 1e-3)
    learning_rate = kwargs.pop("learning_rate", 25)
    scores = model(img)
    target = scores[0, target_y]
    target.backward()
    with torch.no_grad():
        img += learning_rate * img.grad
    img.grad.zero_()
    return img


# %% step-not-normalised+step-l2-norm-not-squared+step-gradient-not-zeroed: the commonest three together
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    # s_y(I) - R(I)
    loss = scores[:, target_y] - l2_reg * torch.linalg.norm(img)
    loss.backward()
    # gradient ascent
    with torch.no_grad():
        img += learning_rate * img.grad


# %% step-l2-wrong-sign+step-not-normalised+step-gradient-not-zeroed: the loop of 2017, forgets everything that comes after backward
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
        score = scores[0, target_y]
        (score + l2_reg * (img_var ** 2).sum()).backward()
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


# %% step-loss-gradient+step-l2-missing+step-not-normalised: an ordinary training step, on the picture
import torch.nn.functional as F

def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    outputs = model(img)
    label = torch.tensor([target_y])
    loss = F.cross_entropy(outputs, label)
    loss.backward()
    with torch.no_grad():
        img -= learning_rate * img.grad
        img.grad.zero_()


# %% step-squared-norm+step-l2-absolute+step-gradient-not-zeroed: ||I||_2^2 read as a sum of magnitudes
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    s = model(img).squeeze()[target_y]
    r = l2_reg * torch.sum(torch.abs(img))
    loss = s - r
    loss.backward()
    grad = img.grad.data
    img.data += learning_rate * grad / grad.norm() ** 2
