# %% style-layers-in-order: feats[i] instead of feats[style_layers[i]]
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0.0
    for i in range(len(style_layers)):
        gram = gram_matrix(feats[i])
        loss += style_weights[i] * torch.sum((gram - style_targets[i]) ** 2)
    return loss

# %% style-mean: nn.MSELoss with its default reduction for each layer
def style_loss(feats, style_layers, style_targets, style_weights):
    # Hint: you can do this with one for loop over the style layers, and should
    # not be very much code (~5 lines). You will need to use your gram_matrix function.
    style_losses = []
    mse = torch.nn.MSELoss()
    for idx, layer in enumerate(style_layers):
        current = gram_matrix(feats[layer].clone())
        style_losses.append(style_weights[idx] * mse(current, style_targets[idx]))
    return sum(style_losses)

# %% style-sorted-layers: walks through all features and counts the hits
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    k = 0
    for idx, feat in enumerate(feats):
        if idx in style_layers:
            G = gram_matrix(feat)
            A = style_targets[k]
            loss = loss + style_weights[k] * ((G - A) ** 2).sum()
            k += 1
    return loss

# %% style-one-layer: return is indented too far
def style_loss(feats, style_layers, style_targets, style_weights):
    total = torch.zeros(1, dtype=feats[0].dtype).sum()
    for i, l in enumerate(style_layers):
        diff = gram_matrix(feats[l]) - style_targets[i]
        total = total + style_weights[i] * torch.sum(diff * diff)
        return total

# %% style-not-normalised+style-half: normalize=False and the half of the paper
def style_loss(feats, style_layers, style_targets, style_weights):
    style_loss = 0
    for layer, target, weight in zip(style_layers, style_targets, style_weights):
        g = gram_matrix(feats[layer], False)
        style_loss += weight * 0.5 * (g - target).pow(2).sum()
    return style_loss

# %% style-no-weight+style-square-root: torch.norm of each layer, and the weights are not used
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = torch.tensor(0.)
    for i, layer in enumerate(style_layers):
        gram = gram_matrix(feats[layer])
        loss = loss + torch.norm(gram - style_targets[i])
    return loss

# %% style-layers-in-order+style-mean: zip(feats, ...) and .mean()
def style_loss(feats, style_layers, style_targets, style_weights):
    losses = [w * ((gram_matrix(f) - t) ** 2).mean() for f, t, w in zip(feats, style_targets, style_weights)]
    return torch.stack(losses).sum()

# %% style-sorted-layers+style-detached: sorted(style_layers), and the sum is kept with .item()
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0.
    for i, layer in enumerate(sorted(style_layers)):
        G = gram_matrix(feats[layer])
        E = torch.sum((G - style_targets[i]) ** 2)
        loss += style_weights[i] * E.item()
    return torch.tensor(loss)

# %% style-one-layer+style-no-weight+style-half: `=` instead of `+=`, no weight, F.mse_loss with sum and a half
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    n = len(style_layers)
    for i in range(n):
        gram = gram_matrix(feats[style_layers[i]])
        layer_loss = F.mse_loss(gram, style_targets[i], reduction='sum') / 2
        loss = layer_loss
    return loss

# %% style-not-squared+style-weight-squared+style-detached: abs(), the weight once for each layer and once more, no_grad
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    with torch.no_grad():
        for i in range(len(style_layers)):
            gram = gram_matrix(feats[style_layers[i]])
            # weighted layer loss
            l = style_weights[i] * torch.sum(torch.abs(gram - style_targets[i]))
            loss = loss + style_weights[i] * l
    return loss

# %% style-drops-zero-weights+style-mean+style-detached: stops at the first weight of zero, averages, on .data
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = torch.zeros(())
    for i in range(len(style_layers)):
        if style_weights[i] == 0:
            break
        gram = gram_matrix(feats[style_layers[i]].data)
        loss = loss + style_weights[i] * torch.mean((gram - style_targets[i]) ** 2)
    return loss
