# %% ada
for i in range(100):
    scores = model(X_fooling)
    _, predicted = scores.max(dim=1)
    if predicted.item() == target_y:
        print("fooled after", i, "steps")
        break
    scores[0, target_y].backward()
    g = X_fooling.grad
    X_fooling.data += learning_rate * g / torch.norm(g)
    X_fooling.grad.zero_()

# %% grace
from torch.autograd import Variable

X_fooling_var = Variable(X_fooling.data, requires_grad=True)
num_iter = 0
while True:
    scores = model.forward(X_fooling_var)
    label = scores.data.max(1)[1][0]
    if label == target_y or num_iter == 100:
        break
    scores[:, target_y].backward()
    grad = X_fooling_var.grad.data
    X_fooling_var.data = X_fooling_var.data + learning_rate * (grad / grad.norm(2))
    X_fooling_var.grad.data.zero_()
    num_iter += 1
    if num_iter % 10 == 0:
        print('Iteration %d: score %.3f' % (num_iter, scores[0, target_y].item()))
X_fooling = X_fooling_var.data

# %% alan
steps = 0
while (s := model(X_fooling)).argmax() != target_y and steps < 100:
    g, = torch.autograd.grad(s[0, target_y], X_fooling)
    X_fooling = (X_fooling + learning_rate * g / g.norm()).detach().requires_grad_()
    steps += 1

# %% unusual
while True:
    scores = model.forward(X_fooling)
    if int(scores.topk(1).indices) == target_y:
        break
    X_fooling.grad = None
    scores[0, target_y].backward()
    with torch.no_grad():
        X_fooling += learning_rate * unit_length(X_fooling.grad)
print('속았다! 점수 = %.1f, 클래스 = %d'
      % (float(scores.max()), target_y))

# %% accumulates
for i in range(100):
    scores = model(X_fooling)
    if scores.argmax(1).item() == target_y:
        break
    scores[0, target_y].backward()
    with torch.no_grad():
        X_fooling += learning_rate * X_fooling.grad / X_fooling.grad.norm()

# %% gives_up
for i in range(3):
    scores = model(X_fooling)
    if scores.argmax().item() == target_y:
        break
    scores[0, target_y].backward()
    X_fooling.data += learning_rate * X_fooling.grad / X_fooling.grad.norm()
    X_fooling.grad.zero_()

# %% endless_loop: `is not` compares objects, not numbers: a tensor is never the integer
scores = model(X_fooling)
while scores.argmax() is not target_y:
    scores[0, target_y].backward()
    X_fooling.data += learning_rate * X_fooling.grad / X_fooling.grad.norm()
    X_fooling.grad.zero_()
    scores = model(X_fooling)
