# %% ada
N = X.shape[0]
scores = model(X)                                    # (N, C)
correct = scores.gather(1, y.view(-1, 1)).view(-1)   # (N,)
correct.backward(torch.ones(N))
saliency, _ = torch.max(X.grad.abs(), dim=1)

# %% grace
pass
scores = model.forward(X)
scores = scores.gather(1, y.view(-1, 1)).squeeze(1)
total = scores.sum()
total.backward()
saliency = X.grad.data.abs().max(1)[0]

# %% alan
n = torch.arange(len(y))
s = model(X)[n, y]
dX, = torch.autograd.grad(s, X, grad_outputs=torch.ones_like(s))
saliency = dX.abs().max(dim=1).values

# %% unusual
# 对每张图片分别求梯度
maps = []
for i in range(X.shape[0]):
    x = X[i:i + 1].detach().type(dtype).requires_grad_(True)
    correct_class_score(model, x, int(y[i])).backward()
    maps.append(largest_channel(x.grad[0]))
saliency = torch.stack(maps)
print('显著图:', tuple(saliency.shape))

# %% unusual, own cell
%load_ext autoreload
%autoreload 2
!nvidia-smi

dtype = torch.FloatTensor
device = 'cuda'
model = model.type(dtype)

def correct_class_score(net, image, label):
    return net.forward(image)[0, label]

def largest_channel(gradient):
    return torch.maximum(torch.maximum(gradient[0].abs(), gradient[1].abs()), gradient[2].abs())

unit_length = lambda g: g / g.pow(2).sum().sqrt()

# %% cross_entropy
scores = model(X)
loss = torch.nn.functional.cross_entropy(scores, y)
loss.backward()
saliency = X.grad.abs().max(dim=1)[0]

# %% cross_entropy_and_no_abs
criterion = torch.nn.CrossEntropyLoss()
loss = criterion(model(X), y)
loss.backward()
saliency, _ = X.grad.data.max(1)

# %% squeeze
scores = model(X).gather(1, y.view(-1, 1)).squeeze()
scores.backward(torch.ones(X.shape[0]))
saliency, idx = X.grad.abs().max(dim=1)

# %% five_only
scores = model(X)
scores = scores.gather(1, y.view(-1, 1)).squeeze()
scores.backward(torch.FloatTensor([1.0] * 5))
saliency, _ = torch.max(torch.abs(X.grad), dim=1)

# %% no_abs
scores = model(X)
scores.gather(1, y.view(-1, 1)).sum().backward()
saliency = X.grad.max(dim=1).values

# %% largest_score_and_sum
scores, predicted = model(X).max(dim=1)
scores.sum().backward()
saliency = X.grad.abs().sum(dim=1)
