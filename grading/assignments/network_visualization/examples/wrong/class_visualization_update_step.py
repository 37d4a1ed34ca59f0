# %% step-not-normalised: times the learning rate only
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - l2_reg * torch.sum(img ** 2)
    score.backward()
    with torch.no_grad():
        img += learning_rate * img.grad
        img.grad.zero_()

# %% step-squared-norm: divided by the sum of squares
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - l2_reg * torch.sum(img ** 2)
    score.backward()
    img.data += learning_rate * img.grad / (img.grad * img.grad).sum()
    img.grad.zero_()

# %% step-other-norm: the root of the mean square
# as "divided by the sum of squares", with
#     (img.grad * img.grad).sum() => (torch.sqrt(torch.mean(img.grad ** 2)) + 1e-5)

# %% step-other-norm: the largest entry
# as "divided by the sum of squares", with
#     (img.grad * img.grad).sum() => img.grad.abs().max()

# %% step-other-norm: F.normalize, which looks at each pixel by itself
# as "divided by the sum of squares", with
#     img.grad / (img.grad * img.grad).sum() => F.normalize(img.grad)

# %% step-no-learning-rate: of length one
# as "divided by the sum of squares", with
#     learning_rate * img.grad / (img.grad * img.grad).sum() => img.grad / img.grad.norm()

# %% step-learning-rate: the learning rate stands in the formula twice
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - l2_reg * (img * img).sum()
    score.backward()
    step = learning_rate * img.grad / img.grad.norm()
    img.data += learning_rate * step
    img.grad.zero_()

# %% step-learning-rate: half of it
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - l2_reg * img.norm() ** 2
    g, = torch.autograd.grad(score, img)
    with torch.no_grad():
        img += learning_rate * 0.5 * g / g.norm()

# %% step-l2-no-weight: l2_reg is forgotten
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - torch.sum(img ** 2)
    score.backward()
    img.data += learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-l2-not-differentiated: the squares, entry by entry
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    g = img.grad.data - l2_reg * img.data ** 2
    img.data += learning_rate * g / torch.norm(g)
    img.grad.zero_()

# %% step-squared-norm: the square of the root of the sum
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - l2_reg * img.pow(2).sum()
    g = torch.autograd.grad(score, img)[0]
    length = torch.sqrt(torch.sum(g * g))
    img.data.add_(learning_rate * g / length ** 2)

# %% step-other-norm: the image's norm
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - l2_reg * img.norm() ** 2
    score.backward()
    img.data += learning_rate * img.grad / img.data.norm()
    img.grad.zero_()

# %% step-descends: a minus
# as "divided by the sum of squares", with
#     += learning_rate * img.grad / (img.grad * img.grad).sum() => -= learning_rate * img.grad / img.grad.norm()

# %% step-descends: climbs minus the objective
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    loss = l2_reg * (img ** 2).sum() - model(img)[0, target_y]
    g, = torch.autograd.grad(loss, img)
    with torch.no_grad():
        img += learning_rate * g / g.norm()

# %% step-l2-norm-not-squared: torch.norm
# as "l2_reg is forgotten", with
#     model(img)[0, target_y] - torch.sum(img ** 2) => model(img)[:, target_y] - l2_reg * torch.norm(img, 2)

# %% step-l2-norm-not-squared: the root of the sum of squares
# as "l2_reg is forgotten", with
#     model(img)[0, target_y] - torch.sum(img ** 2) => model(img)[:, target_y] - l2_reg * torch.sqrt((img ** 2).sum())

# %% step-l2-absolute: the sum of absolute values
# as "l2_reg is forgotten", with
#     torch.sum(img ** 2) => l2_reg * img.abs().sum()

# %% step-l2-missing: the score alone
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    img.data += learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-l2-missing: the mean of the squares
# as "l2_reg is forgotten", with
#     torch.sum(img ** 2) => l2_reg * torch.mean(img ** 2)

# %% step-l2-missing: on img.data, where no gradient goes
# as "l2_reg is forgotten", with
#     torch.sum(img ** 2) => l2_reg * (img.data ** 2).sum()

# %% step-l2-wrong-sign: added
# as "l2_reg is forgotten", with
#     - torch.sum(img ** 2) => + l2_reg * torch.norm(img) ** 2

# %% step-l2-wrong-sign: by hand
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    g, = torch.autograd.grad(model(img)[0, target_y], img)
    g = g + 2 * l2_reg * img.detach()
    img.data += learning_rate * g / g.norm()

# %% step-l2-constant: the weight itself in place of the gradient of its term
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    g, = torch.autograd.grad(model(img)[0, target_y], img)
    g = g - l2_reg
    img.data += learning_rate * g / g.norm()

# %% step-l2-no-factor-two: the image itself for its square's gradient
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    img.grad -= l2_reg * img.data
    img.data += learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-l2-no-factor-two: half the square
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] - 0.5 * l2_reg * (img ** 2).sum()).backward()
    img.data += learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-l2-not-differentiated: one number from every entry
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    dimg = img.grad.data - l2_reg * torch.norm(img.data) ** 2
    img.data += learning_rate * dimg / torch.norm(dimg)
    img.grad.zero_()

# %% step-l2-not-differentiated: one number from the finished step
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    unit = img.grad / img.grad.norm()
    img.data += learning_rate * (unit - l2_reg * torch.norm(img.data))
    img.grad.zero_()

# %% step-l2-of-gradient: its squared norm, one number
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    grad = img.grad.data
    grad = grad - l2_reg * torch.norm(grad) ** 2
    img.data += learning_rate * grad / torch.norm(grad)
    img.grad.zero_()

# %% step-l2-of-gradient: entry by entry
# as "its squared norm, one number", with
#     torch.norm(grad) ** 2 => grad * grad

# %% step-l2-of-gradient: from the finished step
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    with torch.no_grad():
        step = learning_rate * img.grad / img.grad.norm()
        step -= 2 * l2_reg * img.grad
        img += step
        img.grad.zero_()

# %% step-l2-after-normalising: with the learning rate
# as "one number from the finished step", with
#     l2_reg * torch.norm(img.data) => 2 * l2_reg * img.data

# %% step-l2-after-normalising: as a decay of the new image
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    with torch.no_grad():
        img += learning_rate * img.grad / img.grad.norm()
        img -= l2_reg * img
        img.grad.zero_()

# %% step-l2-after-normalising: without the learning rate, factor 2
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    dX = learning_rate * img.grad.data / torch.norm(img.grad.data)
    img.data = img.data + dX - l2_reg * 2 * img.data
    img.grad.zero_()

# %% step-gradient-not-zeroed: never
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - l2_reg * torch.sum(img ** 2)
    score.backward()
    img.data += learning_rate * img.grad / img.grad.norm()

# %% step-gradient-not-zeroed: the model's instead
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model.zero_grad()
    model(img)[0, target_y].backward()
    g = img.grad - 2 * l2_reg * img
    with torch.no_grad():
        img += learning_rate * g / g.norm()

# %% step-gradient-not-zeroed: divided in place
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] - l2_reg * torch.sum(img ** 2)).backward()
    img.grad /= img.grad.norm()
    img.data.add_(learning_rate * img.grad)

# %% step-not-in-place: a new image
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    score = model(img)[0, target_y] - l2_reg * torch.sum(img ** 2)
    score.backward()
    img = img + learning_rate * img.grad / img.grad.norm()
    return img

# %% step-loss-gradient: the cross-entropy
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    loss = F.cross_entropy(model(img), torch.tensor([target_y])) + l2_reg * (img ** 2).sum()
    loss.backward()
    img.data -= learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-softmax: the probability
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    p = torch.softmax(model(img), dim=1)
    (p[0, target_y] - l2_reg * (img ** 2).sum()).backward()
    img.data += learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-all-scores: the sum
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    scores = model(img)
    (scores.sum() - l2_reg * (img ** 2).sum()).backward()
    img.data += learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-not-normalised+step-l2-norm-not-squared: raw, norm
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] - l2_reg * img.norm()).backward()
    img.data += learning_rate * img.grad
    img.grad.zero_()

# %% step-not-normalised+step-l2-missing: raw, no L2
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    img.data.add_(img.grad, alpha=learning_rate)
    img.grad.zero_()

# %% step-not-normalised+step-l2-wrong-sign: raw, plus
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] + l2_reg * img.pow(2).sum()).backward()
    img.data += learning_rate * img.grad
    img.grad.zero_()

# %% step-not-normalised+step-gradient-not-zeroed: raw, accumulated
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] - l2_reg * img.pow(2).sum()).backward()
    img.data += learning_rate * img.grad

# %% step-not-normalised+step-l2-no-factor-two: raw, by hand
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    g = torch.autograd.grad(model(img)[0, target_y], img)[0] - l2_reg * img.data
    img.data += learning_rate * g

# %% step-squared-norm+step-gradient-not-zeroed: divided twice, accumulated
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] - l2_reg * img.pow(2).sum()).backward()
    img.data += learning_rate * img.grad / img.grad.norm() ** 2

# %% step-squared-norm+step-l2-norm-not-squared: the square at the wrong norm
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] - l2_reg * img.norm()).backward()
    img.data += learning_rate * img.grad / img.grad.norm() ** 2
    img.grad.zero_()

# %% step-l2-wrong-sign+step-gradient-not-zeroed: plus, accumulated
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] + l2_reg * (img * img).sum()).backward()
    img.data += learning_rate * img.grad / img.grad.norm()

# %% step-l2-norm-not-squared+step-gradient-not-zeroed: norm, accumulated
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] - l2_reg * torch.norm(img)).backward()
    img.data += learning_rate * img.grad / img.grad.norm()

# %% step-l2-missing+step-gradient-not-zeroed: no L2, accumulated
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    img.data += learning_rate * img.grad / img.grad.norm()

# %% step-l2-no-factor-two+step-gradient-not-zeroed: by hand, accumulated
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    g = img.grad - l2_reg * img.detach()
    img.data += learning_rate * g / g.norm()

# %% step-l2-after-normalising+step-gradient-not-zeroed: afterwards, accumulated
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    img.data += learning_rate * img.grad / img.grad.norm() - learning_rate * 2 * l2_reg * img.data

# %% step-loss-gradient+step-l2-missing: the loss alone
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    F.cross_entropy(model(img), torch.tensor([target_y])).backward()
    img.data -= learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-loss-gradient+step-gradient-not-zeroed: the loss, accumulated
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    loss = F.cross_entropy(model(img), torch.tensor([target_y])) + l2_reg * (img ** 2).sum()
    loss.backward()
    img.data -= learning_rate * img.grad / img.grad.norm()

# %% step-no-learning-rate+step-l2-missing: of length one, no L2
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    model(img)[0, target_y].backward()
    img.data += img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-descends+step-l2-wrong-sign: both signs
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    (model(img)[0, target_y] + l2_reg * (img * img).sum()).backward()
    img.data -= learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-descends+step-l2-missing: a minus, no L2
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    loss = -model(img)[0, target_y]
    loss.backward()
    img.data += learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()

# %% step-not-in-place+step-l2-missing = step-not-in-place: what is never written shows nothing else
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    image = img.clone().detach().requires_grad_()
    model(image)[0, target_y].backward()
    image.data += learning_rate * image.grad / image.grad.norm()
