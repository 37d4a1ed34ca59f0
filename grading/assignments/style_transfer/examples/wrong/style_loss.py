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
# as "weights of the layer", with
#     style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => style_weights[i] * F.mse_loss(gram_matrix(feats[layer]), style_targets[i])

# %% style-divided: the paper's factor
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        _, C, H, W = feats[layer].shape
        E = ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() / (4 * C ** 2 * (H * W) ** 2)
        loss += style_weights[i] * E
    return loss

# %% style-divided: as the PyTorch tutorial's successors do
# as "forgotten", with
#     diff = gram_matrix(feats[layer]) - style_targets[i] => _, d, h, w = feats[layer].shape
#     torch.sum(diff * diff) => style_weights[i] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() / (d * h * w)

# %% style-half: a half
# as "weights of the layer", with
#     style_weights[layer] => 0.5 * style_weights[i]

# %% style-square-of-sum: brackets
# as "weights of the layer", with
#     style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => style_weights[i] * torch.sum(gram_matrix(feats[layer]) - style_targets[i]) ** 2

# %% style-weight-squared: inside the brackets
# as "weights of the layer", with
#     style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => torch.sum((style_weights[i] * (gram_matrix(feats[layer]) - style_targets[i])) ** 2)

# %% style-not-squared: absolute differences
# as "weights of the layer", with
#     style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => style_weights[i] * torch.abs(gram_matrix(feats[layer]) - style_targets[i]).sum()

# %% style-square-root: norms
# as "weights of the layer", with
#     style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => style_weights[i] * torch.norm(gram_matrix(feats[layer]) - style_targets[i])

# %% style-not-normalised: normalize=False
# as "weights of the layer", with
#     style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => style_weights[i] * ((gram_matrix(feats[layer], False) - style_targets[i]) ** 2).sum()

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
# as "weights of the layer", with
#     += style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => = style_weights[i] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).mean()

# %% style-no-weight+style-not-squared: absolute, no weights
def style_loss(feats, style_layers, style_targets, style_weights):
    return sum((gram_matrix(feats[l]) - t).abs().sum() for l, t in zip(style_layers, style_targets))

# %% style-no-weight+style-detached: no weights, detached
# as "weights of the layer", with
#     style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => ((gram_matrix(feats[layer]).data - style_targets[i]) ** 2).sum()

# %% style-not-normalised+style-mean: neither normalised nor summed
# as "weights of the layer", with
#     style_weights[layer] * ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => style_weights[i] * F.mse_loss(gram_matrix(feats[layer], normalize=False), style_targets[i])

# %% style-one-layer+style-no-weight: the first, no weight
def style_loss(feats, style_layers, style_targets, style_weights):
    for i, layer in enumerate(style_layers):
        return ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum()

# %% style-by-layer+style-not-squared: the layer's weight, absolute
# as "weights of the layer", with
#     ((gram_matrix(feats[layer]) - style_targets[i]) ** 2).sum() => (gram_matrix(feats[layer]) - style_targets[i]).abs().sum()
