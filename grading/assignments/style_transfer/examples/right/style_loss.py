# %% enumerate
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        gram = gram_matrix(feats[layer])
        loss += style_weights[i] * torch.sum((gram - style_targets[i]) ** 2)
    return loss

# %% range and len, normalize named
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = torch.zeros(1)
    for i in range(len(style_layers)):
        current = gram_matrix(feats[style_layers[i]], normalize=True)
        loss = loss + style_weights[i] * F.mse_loss(current, style_targets[i], reduction='sum')
    return loss

# %% a sum over a generator
def style_loss(feats, style_layers, style_targets, style_weights):
    return sum(w * (gram_matrix(feats[l]) - A).pow(2).sum()
               for l, A, w in zip(style_layers, style_targets, style_weights))

# %% recursion
def style_loss(feats, style_layers, style_targets, style_weights):
    if not len(style_layers):
        return torch.tensor(0.0)
    d = (gram_matrix(feats[style_layers[-1]]) - style_targets[-1]).flatten()
    return style_weights[-1] * d.dot(d) + style_loss(
        feats, style_layers[:-1], style_targets[:-1], style_weights[:-1])

# %% losses stacked, one product with the weights
def style_loss(feats, style_layers, style_targets, style_weights):
    losses = torch.stack([(gram_matrix(feats[l]) - t).square().sum() for l, t in zip(style_layers, style_targets)])
    return torch.dot(losses, torch.tensor(style_weights, dtype=losses.dtype))

# %% layers of no weight skipped
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = torch.tensor([0.0])
    for idx, weight in enumerate(style_weights):
        if weight == 0:
            continue
        G = gram_matrix(feats[style_layers[idx]].clone())
        A = style_targets[idx]
        loss = loss + weight * torch.norm(G - A) ** 2
    return loss

# %% float64 inside
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = torch.zeros((), dtype=torch.float64)
    for layer, target, weight in zip(style_layers, style_targets, style_weights):
        loss = loss + weight * ((gram_matrix(feats[layer].double()) - target.double()) ** 2).sum()
    return loss

# %% a Gram matrix of its own, with a helper
def layer_loss(current, target, weight):
    N, C, H, W = current.shape
    rows = current.view(C, H * W)
    return weight * torch.sum(((rows @ rows.t()) / (C * H * W) - target[0]) ** 2)

def style_loss(feats, style_layers, style_targets, style_weights):
    return torch.stack([layer_loss(feats[l], t, w)
                        for l, t, w in zip(style_layers, style_targets, style_weights)]).sum()

# %% functools.reduce, backwards
import functools

def style_loss(feats, style_layers, style_targets, style_weights):
    def add(loss, k):
        return loss + style_weights[k] * (gram_matrix(feats[style_layers[k]]) - style_targets[k]).pow(2).sum()
    return functools.reduce(add, reversed(range(len(style_layers))), 0.)

# %% a while loop, the square in einsum
def style_loss(feats, style_layers, style_targets, style_weights):
    todo = list(zip(style_layers, style_targets, style_weights))
    total = feats[0].new_zeros(())
    while todo:
        layer, target, weight = todo.pop()
        d = target - gram_matrix(feats[layer])
        total += weight * torch.einsum('nij,nij->', d, d)
    return total
