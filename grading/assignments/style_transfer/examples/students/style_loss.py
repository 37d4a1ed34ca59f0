# %% ada
loss = 0
for i, layer in enumerate(style_layers):
    G = gram_matrix(feats[layer])
    loss += style_weights[i] * torch.sum((G - style_targets[i]) ** 2)

# %% grace
loss = torch.zeros(1).sum()
for i in range(len(style_layers)):
    current = gram_matrix(feats[style_layers[i]], normalize=True)
    diff = current - style_targets[i]
    loss = loss + style_weights[i] * (diff * diff).sum()

# %% alan
loss = sum(
    w * (gram_matrix(feats[l]) - A).square().sum()
    for l, A, w in zip(style_layers, style_targets, style_weights)
)

# %% unusual
loss = None
remaining = list(range(len(style_layers)))
while remaining:
    k = remaining.pop()
    term = style_weights[k] * squared_error(gram_matrix(feats[style_layers[k]]), style_targets[k])
    loss = term if loss is None else loss + term

# %% layers_sorted
loss = 0
i = 0
for layer in range(len(feats)):
    if layer in style_layers:
        G = gram_matrix(feats[layer])
        loss += style_weights[i] * ((G - style_targets[i]) ** 2).sum()
        i += 1

# %% syntax_error
loss = 0
for i, layer in enumerate(style_layers)
    G = gram_matrix(feats[layer])
    loss += style_weights[i] * ((G - style_targets[i]) ** 2).sum()

# %% not_implemented
raise NotImplementedError("tomorrow")
