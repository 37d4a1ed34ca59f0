# %% dream-sum: a sum
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = a.sum()
    (g,) = torch.autograd.grad(loss, x)
    return g

# %% dream-mean: half the mean of squares
# as "a sum", with
#     a.sum() => 0.5 * (a ** 2).mean()

# %% dream-mean: the mean of squares
# as "a sum", with
#     a.sum() => F.mse_loss(a, torch.zeros_like(a))

# %% dream-no-half: the sum of squares
# as "a sum", with
#     a.sum() => (a * a).sum()

# %% dream-root: the norm
# as "a sum", with
#     a.sum() => a.norm()

# %% dream-layer-before: features[:layer]
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = x
    for i in range(layer):
        a = model.features[i](a)
    return torch.autograd.grad(0.5 * (a ** 2).sum(), x)[0]

# %% dream-layer-after: one more
# as "a sum", with
#     model.features[:layer + 1](x) => model.features[:layer + 2](x)
#     a.sum() => 0.5 * a.pow(2).sum()

# %% dream-one-module: the layer's own
# as "a sum", with
#     model.features[:layer + 1](x) => model.features[layer](x)
#     a.sum() => 0.5 * a.pow(2).sum()

# %% dream-all-modules: features
# as "a sum", with
#     model.features[:layer + 1](x) => model.features(x)
#     a.sum() => 0.5 * a.pow(2).sum()

# %% dream-scores: the model
# as "a sum", with
#     model.features[:layer + 1](x) => model(x)
#     a.sum() => 0.5 * a.pow(2).sum()

# %% dream-accumulated = dream-accumulated+changes-its-argument: backward into img.grad
def dream_gradient(img, model, layer):
    img.requires_grad_()
    a = model.features[:layer + 1](img)
    (0.5 * a.pow(2).sum()).backward(inputs=[img])
    return img.grad.clone()

# %% dream-normalised: by its norm
# as "a sum", with
#     a.sum() => 0.5 * a.pow(2).sum()
#     return g => return g / g.norm()

# %% dream-normalised: by its mean size
# as "a sum", with
#     a.sum() => 0.5 * a.pow(2).sum()
#     return g => return g / g.abs().mean()

# %% dream-takes-the-step: added
# as "a sum", with
#     a.sum() => 0.5 * a.pow(2).sum()
#     return g => return img.detach() + g

# %% dream-sign: minus
# as "a sum", with
#     a.sum() => -0.5 * a.pow(2).sum()

# %% dream-magnitude: abs
# as "a sum", with
#     a.sum() => 0.5 * a.pow(2).sum()
#     return g => return g.abs()

# %% dream-activations: the layer itself
def dream_gradient(img, model, layer):
    with torch.no_grad():
        return model.features[:layer + 1](img)

# %% dream-no-batch-axis: squeeze
# as "a sum", with
#     a.sum() => 0.5 * a.pow(2).sum()
#     return g => return g.squeeze(0)

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
# as "a sum", with
#     model.features[:layer + 1](x) => model.features[:layer](x)

# %% dream-no-half+dream-normalised = dream-normalised: a factor falls out
# as "a sum", with
#     a.sum() => (a * a).sum()
#     return g => return g / g.norm()

# %% dream-no-half+dream-layer-after: the sum of squares, one more
# as "a sum", with
#     model.features[:layer + 1](x) => model.features[:layer + 2](x)
#     a.sum() => (a * a).sum()

# %% dream-mean+dream-sign: minus half the mean
# as "a sum", with
#     a.sum() => -0.5 * (a ** 2).mean()

# %% dream-no-half+leaves-traces-in-the-network: the sum of squares, backward everywhere
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    model.features[:layer + 1](x).pow(2).sum().backward()
    return x.grad
