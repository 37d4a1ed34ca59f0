# %% dream-layer-before+dream-no-half: the slice ends too early, and the half is missing
def dream_gradient(img, model, layer):
    x = img.clone().detach().requires_grad_(True)
    acts = model.features[:layer](x)
    objective = (acts ** 2).sum()
    return torch.autograd.grad(objective, x)[0]

# %% dream-layer-before+dream-sum+dream-sign: range(layer), activations not squared, a loss to be minimised
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    out = x
    for i in range(layer):
        out = model.features[i](out)
    loss = -out.sum()
    g, = torch.autograd.grad(loss, x)
    return g
