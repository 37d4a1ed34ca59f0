# %% ada
loss = model(img)[:, target_y].sum() - l2_reg * torch.norm(img) ** 2
loss.backward()
dX = learning_rate * img.grad / torch.norm(img.grad)
img.data.add_(dX)
img.grad = None

# %% grace
scores = model.forward(img)
score = scores[0][target_y]
reg = l2_reg * (img * img).sum()
(score - reg).backward()
grad = img.grad.data
img.data += learning_rate * grad / torch.sqrt(torch.sum(grad ** 2))
img.grad.data.zero_()
pass

# %% alan
s = model(img)[0, target_y]
g = torch.autograd.grad(s, img)[0] - 2 * l2_reg * img.detach()
with torch.no_grad():
    img.add_(g, alpha=float(learning_rate / g.norm()))

# %% unusual
optimizer = torch.optim.SGD([img], lr=learning_rate)
optimizer.zero_grad()
# SGD minimizes, so everything has the opposite sign
energy = l2_reg * torch.einsum('nchw,nchw->', img, img) - correct_class_score(model, img, target_y)
energy.backward()
img.grad.copy_(unit_length(img.grad))
optimizer.step()
optimizer.zero_grad()

# %% not_normalised
score = model(img)[0, target_y] - l2_reg * (img ** 2).sum()
score.backward()
img.data += learning_rate * img.grad
img.grad.zero_()

# %% l2_norm_not_squared
scores = model(img)
target = scores[0, target_y] - l2_reg * torch.norm(img)
target.backward()
with torch.no_grad():
    img += learning_rate * img.grad / torch.norm(img.grad)
img.grad.zero_()

# %% gradient_not_zeroed
scores = model(img)
objective = scores[:, target_y] - l2_reg * torch.sum(img * img)
objective.backward()
img.data += learning_rate * img.grad.data / img.grad.data.norm()

# %% l2_wrong_sign
scores = model(img)
objective = scores[0, target_y] + l2_reg * torch.sum(img ** 2)
objective.backward()
img.data += learning_rate * img.grad / img.grad.norm()
img.grad.zero_()

# %% not_in_place
objective = model(img)[0, target_y] - l2_reg * (img ** 2).sum()
objective.backward()
g = img.grad / img.grad.norm()
img.grad = None
img = img + learning_rate * g
