# %% leaves-traces-in-the-network: backward() fills the parameters' gradients as well
def dream_gradient(img, model, layer):
    x = img.detach().clone().requires_grad_()
    out = x
    for i, module in enumerate(model.features):
        out = module(out)
        if i == layer:
            break
    loss = 0.5 * out.pow(2).sum()
    loss.backward()
    return x.grad


# %% dream-sum+dream-layer-before: features[:layer], and the plain sum
def dream_gradient(img, model, layer):
    image = img.clone().detach().requires_grad_(True)
    activations = model.features[:layer](image)
    objective = activations.sum()
    grad = torch.autograd.grad(outputs=objective, inputs=image)[0]
    return grad
