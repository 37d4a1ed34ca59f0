# %% dream-sum: a sum
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = a.sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-mean: half the mean of squares
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = 0.5 * (a ** 2).mean()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-mean: the mean of squares
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = F.mse_loss(a, torch.zeros_like(a))
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-no-half: the sum of squares
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = (a * a).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-root: the norm
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = a.norm()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-layer-before: features[:layer]
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = x
    for i in range(layer):
        a = model.features[i](a)
    return torch.autograd.grad(0.5 * (a ** 2).sum(), x)[0]

# %% dream-layer-after: one more
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 2](x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-one-module: the layer's own
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[layer](x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-all-modules: features
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features(x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-scores: the model
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model(x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-accumulated = dream-accumulated+changes-its-argument: backward into img.grad
def dream_gradient(img, model, layer):
    img.requires_grad_()
    a = model.features[:layer + 1](img)
    (0.5 * a.pow(2).sum()).backward(inputs=[img])
    return img.grad.clone()

# %% dream-normalised: by its norm
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g / g.norm()

# %% dream-normalised: by its mean size
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g / g.abs().mean()

# %% dream-takes-the-step: added
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return img.detach() + g

# %% dream-sign: minus
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = -0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-magnitude: abs
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g.abs()

# %% dream-activations: the layer itself
def dream_gradient(img, model, layer):
    with torch.no_grad():
        return model.features[:layer + 1](img)

# %% dream-no-batch-axis: squeeze
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = 0.5 * a.pow(2).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g.squeeze(0)

# %% leaves-traces-in-the-network: backward everywhere
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    (0.5 * a.pow(2).sum()).backward()
    return x.grad

# %% leaves-traces-in-the-network: a hook that stays
def dream_gradient(img, model, layer):
    seen = []
    model.features[layer].register_forward_hook(lambda module, inputs, output: seen.append(output))
    x = img.detach().clone().requires_grad_()
    model.features(x)
    return torch.autograd.grad(0.5 * seen[-1].pow(2).sum(), x)[0]

# %% changes-its-argument: .grad cleared, then filled
def dream_gradient(img, model, layer):
    img.requires_grad_()
    img.grad = None
    a = model.features[:layer + 1](img)
    (0.5 * a.pow(2).sum()).backward(inputs=[img])
    return img.grad.clone()

# %% dream-sum+dream-layer-before: a sum, one too few
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer](x)
    loss = a.sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-no-half+dream-normalised = dream-normalised: a factor falls out
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = (a * a).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g / g.norm()

# %% dream-no-half+dream-layer-after: the sum of squares, one more
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 2](x)
    loss = (a * a).sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-mean+dream-sign: minus half the mean
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = -0.5 * (a ** 2).mean()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-no-half+leaves-traces-in-the-network: the sum of squares, backward everywhere
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    model.features[:layer + 1](x).pow(2).sum().backward()
    return x.grad
