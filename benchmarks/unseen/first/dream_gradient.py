# %% dream-layer-before: range(layer) ends one module early
def dream_gradient(img, model, layer):
    x = img.clone().detach().requires_grad_(True)
    a = x
    for i in range(layer):
        a = model.features[i](a)
    loss = 0.5 * (a ** 2).sum()
    return torch.autograd.grad(loss, x)[0]


# %% dream-mean+dream-no-half+dream-layer-after: the mean square of the next layer
def dream_gradient(img, model, layer):
    image = img.detach().clone()
    image.requires_grad = True
    act = image
    for number, module in enumerate(model.features):
        if number > layer + 1:
            break
        act = module(act)
    objective = torch.mean(act.pow(2))
    grads = torch.autograd.grad(objective, [image])
    return grads[0]
