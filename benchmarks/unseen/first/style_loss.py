# %% style-mean: F.mse_loss with its default
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        G = gram_matrix(feats[layer])
        loss += style_weights[i] * F.mse_loss(G, style_targets[i])
    return loss


# %% style-layers-in-order: the loop's counter picks the features too
def style_loss(feats, style_layers, style_targets, style_weights):
    style_loss = torch.zeros(1).squeeze()
    for i in range(len(style_layers)):
        current = gram_matrix(feats[i])
        diff = current - style_targets[i]
        style_loss = style_loss + style_weights[i] * torch.sum(diff ** 2)
    return style_loss


# %% style-no-weight+style-mean: an average of averages would do
def style_loss(feats, style_layers, style_targets, style_weights):
    losses = []
    for l, A, w in zip(style_layers, style_targets, style_weights):
        G = gram_matrix(feats[l])
        losses.append(((G - A) ** 2).mean())
    return sum(losses)


# %% style-sorted-layers+style-square-root: a loop over all features that asks whether each is wanted, and torch.norm
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0.0
    i = 0
    for idx, feat in enumerate(feats):
        if idx in style_layers:
            gram = gram_matrix(feat)
            loss = loss + style_weights[i] * torch.norm(gram - style_targets[i])
            i += 1
    return loss


# %% style-mean+style-no-weight+style-one-layer: the return stands inside the loop
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    mse = torch.nn.MSELoss()
    for i, layer in enumerate(style_layers):
        loss += mse(gram_matrix(feats[layer]), style_targets[i])
        return loss
