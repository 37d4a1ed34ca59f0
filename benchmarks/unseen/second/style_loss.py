# %% style-sorted-layers: walks over the features and takes the next target when a layer is wanted
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    n = 0
    for l in range(len(feats)):
        if l not in style_layers:
            continue
        diff = gram_matrix(feats[l]) - style_targets[n]
        loss = loss + style_weights[n] * (diff * diff).sum()
        n = n + 1
    return loss


# %% style-drops-zero-weights: stops at the first weight of zero
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = torch.tensor(0.)
    for i, idx in enumerate(style_layers):
        if style_weights[i] == 0:
            break
        gram = gram_matrix(feats[idx])
        loss = loss + style_weights[i] * torch.sum((gram - style_targets[i]) ** 2)
    return loss


# %% style-one-layer: = where += was meant
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for k in range(len(style_layers)):
        layer = style_layers[k]
        G = gram_matrix(feats[layer], normalize=True)
        A = style_targets[k]
        loss = style_weights[k] * ((G - A) ** 2).sum()
    return loss


# %% style-square-root: torch.dist
def style_loss(feats, style_layers, style_targets, style_weights):
    grams = [gram_matrix(feats[i]) for i in style_layers]
    loss = sum(w * torch.dist(g, t) for w, g, t in zip(style_weights, grams, style_targets))
    return loss


# %% style-not-squared+style-no-weight: absolute differences, all layers alike
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0.0
    for i in range(len(style_layers)):
        current_gram = gram_matrix(feats[style_layers[i]])
        layer_loss = torch.sum(torch.abs(current_gram - style_targets[i]))
        loss += layer_loss
    return loss


# %% style-sorted-layers+style-mean: sorted() before zip, and mse_loss
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0.
    for layer, target, weight in zip(sorted(style_layers), style_targets, style_weights):
        G = gram_matrix(feats[layer])
        loss = loss + weight * F.mse_loss(G, target)
    return loss


# %% ?+style-square-root: averaged over the layers, each the norm of a difference
def style_loss(feats, style_layers, style_targets, style_weights):
    total = 0
    for i, l in enumerate(style_layers):
        total = total + style_weights[i] * torch.linalg.norm(gram_matrix(feats[l]) - style_targets[i])
    return total / len(style_layers)


# %% style-half+style-one-layer: return inside the loop, and a half
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, l in enumerate(style_layers):
        G = gram_matrix(feats[l])
        loss += 0.5 * style_weights[i] * torch.pow(G - style_targets[i], 2).sum()
        return loss


# %% style-not-squared+style-mean+style-drops-zero-weights: l1_loss, and a break
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0 * feats[0].sum()
    for l, t, w in zip(style_layers, style_targets, style_weights):
        if not w:
            break
        loss = loss + w * (gram_matrix(feats[l]) - t).abs().mean()
    return loss


# %% style-one-layer+style-half+style-weight-squared: only the last layer is left, with w squared over two
def style_loss(feats, style_layers, style_targets, style_weights):
    for i in range(len(style_layers)):
        gram = gram_matrix(feats[style_layers[i]])
        diff = style_weights[i] * (gram - style_targets[i])
        loss = (diff ** 2).sum() / 2
    return loss
