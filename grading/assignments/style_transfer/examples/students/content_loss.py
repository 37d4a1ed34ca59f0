# %% ada
loss = content_weight * torch.sum((content_current - content_original) ** 2)

# %% grace
diff = content_current - content_original
loss = content_weight * (diff * diff).sum()

# %% alan
loss = content_weight * torch.nn.functional.mse_loss(content_current, content_original, reduction="sum")

# %% unusual
delta = (content_current - content_original).flatten()
loss = content_weight * delta.dot(delta)

# %% detached
a = content_current.detach().numpy()
b = content_original.detach().numpy()
loss = torch.tensor(content_weight * ((a - b) ** 2).sum())

# %% clipped: a mistake without a name, the differences are clipped
diff = (content_current - content_original).clamp(-1, 1)
loss = content_weight * (diff ** 2).sum()
