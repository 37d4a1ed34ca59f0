# %% no_grad and zero_
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    loss = model(img)[0, target_y] - l2_reg * torch.sum(img ** 2)
    loss.backward()
    with torch.no_grad():
        img += learning_rate * img.grad / torch.norm(img.grad)
        img.grad.zero_()

# %% .data, the norm squared
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    score = scores[:, target_y] - l2_reg * torch.norm(img) ** 2
    score.backward()
    grad = img.grad.data
    img.data += learning_rate * (grad / grad.norm())
    img.grad.data.zero_()

# %% autograd.grad, the penalty's gradient by hand
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    g, = torch.autograd.grad(model(img)[0, target_y], img)
    g = g - 2 * l2_reg * img.detach()
    img.data.add_(learning_rate * g / g.norm())

# %% zeroed before, not after
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    if img.grad is not None:
        img.grad.zero_()
    s = model.forward(img)[0][target_y]
    reg = l2_reg * (img * img).sum()
    (s - reg).backward()
    img.data = img.data + learning_rate * img.grad / torch.sqrt((img.grad ** 2).sum())

# %% descends a loss
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    loss = -model(img)[0, target_y] + l2_reg * F.mse_loss(img, torch.zeros_like(img), reduction='sum')
    loss.backward()
    with torch.no_grad():
        img -= learning_rate * img.grad / img.grad.norm(2)
    img.grad = None

# %% two passes add up
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    (-l2_reg * torch.dot(img.flatten(), img.flatten())).backward()
    step = img.grad.clone()
    img.grad.zero_()
    step /= step.norm()
    img.data.add_(step, alpha=learning_rate)

# %% an optimizer that maximizes
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    optimizer = torch.optim.SGD([img], lr=learning_rate, maximize=True)
    optimizer.zero_grad()
    (model(img)[0, target_y] - l2_reg * torch.linalg.vector_norm(img) ** 2).backward()
    img.grad.div_(img.grad.norm())
    optimizer.step()
    optimizer.zero_grad()

# %% weight decay of the optimizer's own, with the gradient normalised by hand
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    img.grad = None
    model(img)[0, target_y].backward()
    img.grad.sub_(img.detach(), alpha=2 * l2_reg)
    img.grad.copy_(F.normalize(img.grad.reshape(1, -1)).reshape(img.shape))
    with torch.no_grad():
        img.add_(img.grad, alpha=learning_rate)
    img.grad = None

# %% a hook normalises
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    hook = img.register_hook(lambda g: learning_rate * g / g.norm())
    (model(img)[0, target_y] - l2_reg * img.square().sum()).backward()
    hook.remove()
    img.data += img.grad
    img.grad = torch.zeros_like(img)

# %% a new Variable in each call, the values copied back
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    img_var = Variable(img.data.clone(), requires_grad=True)
    scores = model(img_var)
    loss = scores[0, target_y] - l2_reg * img_var.norm().pow(2)
    loss.backward()
    dX = learning_rate * img_var.grad.data / img_var.grad.data.norm()
    img.data.copy_(img_var.data + dX)

# %% einsum
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    energy = torch.einsum('nchw,nchw->', img, img)
    g, = torch.autograd.grad([model(img)[0, target_y], energy], [img],
                             grad_outputs=[torch.tensor(1.0), torch.tensor(-float(l2_reg))])
    with torch.no_grad():
        img.copy_(img + learning_rate * g / torch.einsum('nchw,nchw->', g, g).sqrt())

# %% float64 inside
import copy

def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    precise = copy.deepcopy(model).double()
    x = img.detach().double().requires_grad_()
    (precise(x)[0, target_y] - l2_reg * x.pow(2).sum()).backward()
    img.data += (learning_rate * x.grad / x.grad.norm()).float()

# %% numpy for the step
import numpy as np

def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    objective = model(img)[0, target_y] - l2_reg * (img ** 2).sum()
    objective.backward()
    g = img.grad.numpy().copy()
    img.grad.zero_()
    img.data += torch.from_numpy(learning_rate * g / np.linalg.norm(g))

# %% UMich: the image changed in place and returned
def class_visualization_step(img, target_y, model, **kwargs):
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    scores = model(img)
    loss = scores[0, target_y] - l2_reg * (img ** 2).sum()
    loss.backward()
    with torch.no_grad():
        img += learning_rate * img.grad / img.grad.norm()
        img.grad.zero_()
    return img

# %% UMich: a new image returned
def class_visualization_step(img, target_y, model, l2_reg=1e-3, learning_rate=25, **kwargs):
    img = img.detach().requires_grad_()
    objective = model(img)[0, target_y] - l2_reg * img.norm() ** 2
    objective.backward()
    return (img + learning_rate * img.grad / img.grad.norm()).detach().requires_grad_()

# %% 2017: the whole loop, a tensor and its Variable
def create_class_visualization(target_y, model, dtype, **kwargs):
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype)
    img_var = Variable(img, requires_grad=True)
    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.copy_(jitter(img, ox, oy))
        scores = model(img_var)
        objective = scores[0, target_y] - l2_reg * torch.sum(img_var * img_var)
        objective.backward()
        g = img_var.grad.data
        img_var.data += learning_rate * g / g.norm()
        img_var.grad.data.zero_()
        img.copy_(jitter(img, -ox, -oy))
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img, sigma=0.5)
        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.clone().cpu()))
            plt.title('%s\nIteration %d / %d' % (class_names[target_y], t + 1, num_iterations))
            plt.show()
    return deprocess(img.cpu())

# %% 2018 and 2019: the whole loop, img.data
def create_class_visualization(target_y, model, dtype, **kwargs):
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype).requires_grad_()
    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.data.copy_(jitter(img.data, ox, oy))
        score = model(img)[0, target_y]
        loss = score - l2_reg * img.norm() ** 2
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            img += learning_rate * img.grad / torch.norm(img.grad)
            img.grad.zero_()
        img.data.copy_(jitter(img.data, -ox, -oy))
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img.data[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img.data, sigma=0.5)
        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.data.clone().cpu()))
            plt.title('%s\nIteration %d / %d' % (class_names[target_y], t + 1, num_iterations))
            plt.gcf().set_size_inches(4, 4)
            plt.axis('off')
            plt.show()
    return deprocess(img.data.cpu())

# %% 2019 with a device, autograd.grad in the loop
def create_class_visualization(target_y, model, device, **kwargs):
    model.to(device)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    max_jitter = kwargs.pop('max_jitter', 16)
    img = torch.randn(1, 3, 224, 224, device=device).requires_grad_()
    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.data.copy_(jitter(img.data, ox, oy))
        g, = torch.autograd.grad(model(img)[0, target_y] - l2_reg * (img ** 2).sum(), img)
        img.data += learning_rate * g / g.norm()
        img.data.copy_(jitter(img.data, -ox, -oy))
    return deprocess(img.data.cpu())
