# %% style-layers-in-order: the first layers
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i in range(len(style_layers)):
        loss += style_weights[i] * torch.sum((gram_matrix(feats[i]) - style_targets[i]) ** 2)
    return loss

# %% style-sorted-layers: goes through the features
def style_loss(feats, style_layers, style_targets, style_weights):
    targets, weights = iter(style_targets), iter(style_weights)
    loss = 0
    for number, f in enumerate(feats):
        if number in style_layers:
            loss = loss + next(weights) * ((gram_matrix(f) - next(targets)) ** 2).sum()
    return loss

# %% style-by-layer: weights of the layer
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum()
    return loss

# %% style-by-layer: targets and weights of the layer
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for layer in style_layers:
        loss += style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[layer]) ** 2).sum()
    return loss

# %% style-one-layer: returns in the loop
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum()
        return loss

# %% style-one-layer: replaced in each turn
def style_loss(feats, style_layers, style_targets, style_weights):
    for layer, target, weight in zip(style_layers, style_targets, style_weights):
        loss = weight * ((gram_matrix(feats[layer]) - target) ** 2).sum()
    return loss

# %% style-no-weight: forgotten
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        diff = gram_matrix(feats[layer]) - style_targets[i]
        loss += torch.sum(diff * diff)
    return loss

# %% style-drops-zero-weights: a list without them
def style_loss(feats, style_layers, style_targets, style_weights):
    used = list(filter(None, style_weights))
    return sum(
        used[i] * (gram_matrix(feats[style_layers[i]]) - style_targets[i]).pow(2).sum() for i in range(len(used))
    )

# %% style-drops-zero-weights: breaks
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = torch.tensor(0.0)
    for i in range(len(style_layers)):
        if style_weights[i] == 0:
            break
        loss = loss + style_weights[i] * (gram_matrix(feats[style_layers[i]]) - style_targets[i]).pow(2).sum()
    return loss

# %% style-mean: mse_loss
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * F.mse_loss(gram_matrix(feats[layer]), style_targets[i])
    return loss

# %% style-divided: the paper's factor
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        _, C, H, W = feats[layer].shape
        E = ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() / (4 * C ** 2 * (H * W) ** 2)
        loss += style_weights[i] * E
    return loss

# %% style-divided: as the PyTorch tutorial's successors do
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        _, d, h, w = feats[layer].shape
        loss += style_weights[i] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() / (d * h * w)
    return loss

# %% style-half: a half
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += 0.5 * style_weights[i] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum()
    return loss

# %% style-square-of-sum: brackets
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * torch.sum(gram_matrix(feats[layer]) - style_targets[i]) ** 2
    return loss

# %% style-weight-squared: inside the brackets
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += torch.sum((style_weights[i] * (gram_matrix(feats[layer]) - style_targets[i])) ** 2)
    return loss

# %% style-not-squared: absolute differences
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * torch.abs(gram_matrix(feats[layer]) - style_targets[i]).sum()
    return loss

# %% style-square-root: norms
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * torch.norm(gram_matrix(feats[layer]) - style_targets[i])
    return loss

# %% style-not-normalised: normalize=False
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * ((gram_matrix(feats[layer], False) - style_targets[i]) ** 2).sum()
    return loss

# %% style-detached: a number
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum().item()
    return torch.tensor(loss)

# %% returns-nothing: no return
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum()

# %% style-layers-in-order+style-no-weight: the first layers, no weights
def style_loss(feats, style_layers, style_targets, style_weights):
    return sum(((gram_matrix(feats[i]) - target) ** 2).sum() for i, target in enumerate(style_targets))

# %% style-sorted-layers+style-mean: sorted, mean
def style_loss(feats, style_layers, style_targets, style_weights):
    loss, k = 0, 0
    for i in range(len(feats)):
        if i in style_layers:
            loss += style_weights[k] * torch.mean((gram_matrix(feats[i]) - style_targets[k]) ** 2)
            k += 1
    return loss

# %% style-mean+style-no-weight: mean, no weights
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for layer, target in zip(style_layers, style_targets):
        loss += nn.MSELoss()(gram_matrix(feats[layer]), target)
    return loss

# %% style-mean+style-one-layer: the mean of the last
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss = style_weights[i] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).mean()
    return loss

# %% style-no-weight+style-not-squared: absolute, no weights
def style_loss(feats, style_layers, style_targets, style_weights):
    return sum((gram_matrix(feats[l]) - t).abs().sum() for l, t in zip(style_layers, style_targets))

# %% style-no-weight+style-detached: no weights, detached
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += ((gram_matrix(feats[layer]).data - style_targets[i]) ** 2).sum()
    return loss

# %% style-not-normalised+style-mean: neither normalised nor summed
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * F.mse_loss(gram_matrix(feats[layer], normalize=False), style_targets[i])
    return loss

# %% style-one-layer+style-no-weight: the first, no weight
def style_loss(feats, style_layers, style_targets, style_weights):
    for i, layer in enumerate(style_layers):
        return ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum()

# %% style-by-layer+style-not-squared: the layer's weight, absolute
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[layer] * (gram_matrix(feats[layer]) - style_targets[i]).abs().sum()
    return loss
