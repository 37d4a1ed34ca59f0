# %% a loop over modules
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_(True)
    out = x
    for i, module in enumerate(model.features):
        out = module(out)
        if i == layer:
            break
    loss = 0.5 * (out ** 2).sum()
    return torch.autograd.grad(loss, x)[0]

# %% activations as the gradient of themselves
def dream_gradient(img, model, layer):
    x = img.clone().detach().requires_grad_()
    a = model.features[:layer + 1](x)
    return torch.autograd.grad(a, x, grad_outputs=a.detach())[0]

# %% backward with inputs, on a copy
def dream_gradient(img, model, layer):
    x = img.detach().clone()
    x.requires_grad = True
    act = model.features[0:layer + 1](x)
    (act.norm() ** 2 / 2).backward(inputs=[x])
    return x.grad

# %% a hook, removed
def dream_gradient(img, model, layer):
    seen = {}
    def remember(module, inputs, output):
        seen['a'] = output
    handle = model.features[layer].register_forward_hook(remember)
    try:
        x = img.detach().clone().requires_grad_()
        model.features(x)
    finally:
        handle.remove()
    return torch.autograd.grad(seen['a'].square().sum() / 2, x)[0]

# %% children listed
def dream_gradient(img, model, layer):
    x = img.data.clone().requires_grad_()
    net = torch.nn.Sequential(*list(model.features.children())[:layer + 1])
    loss = net(x).pow(2).sum().mul(0.5)
    grad, = torch.autograd.grad(loss, [x])
    return grad

# %% torch.func
def dream_gradient(img, model, layer):
    def energy(x):
        for m in model.features[:layer + 1]:
            x = m(x)
        return 0.5 * (x * x).sum()
    return torch.func.grad(energy)(img.detach().clone())

# %% jacobian product
def dream_gradient(img, model, layer):
    part = model.features[:layer + 1]
    out, pull = torch.func.vjp(part, img.detach().clone())
    return pull(out)[0].detach()

# %% squared error against zero
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    a = model.features[:layer + 1](x)
    loss = F.mse_loss(a, torch.zeros_like(a), reduction='sum') / 2
    return torch.autograd.grad(loss, x)[0]

# %% inner product with itself
def dream_gradient(img, model, layer):
    x = torch.autograd.Variable(img.data.clone(), requires_grad=True)
    y = x
    for j in range(layer + 1):
        y = model.features[j](y)
    return torch.autograd.grad(torch.dot(y.flatten(), y.flatten()) / 2, x)[0]

# %% float64 inside
def dream_gradient(img, model, layer):
    import copy
    part = copy.deepcopy(model.features[:layer + 1]).double()
    x = img.detach().double().requires_grad_()
    return torch.autograd.grad(0.5 * part(x).pow(2).sum(), x)[0].float()

# %% the network's gradients restored
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    flags = [p.requires_grad for p in model.parameters()]
    for p in model.parameters():
        p.requires_grad_(False)
    loss = 0.5 * model.features[:layer + 1](x).square().sum()
    loss.backward()
    for p, flag in zip(model.parameters(), flags):
        p.requires_grad_(flag)
    return x.grad.clone()
