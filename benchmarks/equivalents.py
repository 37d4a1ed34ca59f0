"""Mutants that are as right as the original, each with the reason: what no check can or should refuse."""

from __future__ import annotations

MAGNITUDE = "a map is a magnitude: the sign of what is pulled back does not matter"
SUMMED = "the scores are summed next, whatever the shape they have been picked in"
DIRECTION_ONLY = "the gradient is divided by its norm: a factor of the objective falls out"
ONE_PICTURE = "the batch holds one picture"
NO_GRAPH = "there is no graph to cut off here"
NOT_NEGATIVE = "the value is never below zero"
ONE_NUMBER = "the value is one number already"
EVEN = "a square is the same for both signs"
BOUND = "any bound will do that leaves time enough; what is asked ends within ten steps"
DEAD = "the value is replaced before it is used"
IDEMPOTENT = "doing it twice does nothing more"
FROZEN = "the network's parameters require no gradient, so none is collected for them"
TARGET = "a target is a constant: no gradient is asked of it"
OUT_OF_GRAPH = "inference mode switches gradients off, as no_grad does"
CLASSES = "the scores of one picture have one axis longer than one: their classes"
TRAINING = (
    "training mode changes dropout alone, and the grader neutralises that: model.train() left on is right"
)
ADDITION = "sums do not depend on the order of what is added, nor on whether it is added in place"

EQUIVALENT: dict[str, dict[str, str]] = {
    "compute_saliency_maps": {
        "without: model.eval()": TRAINING,
        "again: model.eval()": IDEMPOTENT,
        "model.train()": TRAINING,
        "model": TRAINING,
        "X = X.detach().requires_grad_()": "nothing writes into the picture, so it may share its memory",
        "X = X.clone().requires_grad_()": "pictures enter without a graph; the course's own stubs rely on it",
        "without: saliency = None": DEAD,
        "scores = -model(X)": MAGNITUDE,
        "scores = model(X).abs()": MAGNITUDE,
        "correct_scores = -scores.gather(1, y.view(-1, 1)).squeeze(1)": MAGNITUDE,
        "correct_scores = scores.gather(1, y.view(-1, 1)).squeeze(1).abs()": MAGNITUDE,
        "correct_scores = scores.gather(1, y.view(-1, 1)).squeeze(1).squeeze()": SUMMED,
        "correct_scores = scores.gather(1, y.view(-1, 1)).unsqueeze(1)": SUMMED,
        "correct_scores = scores.gather(1, y.view(-1, 1)).flatten(1)": SUMMED,
        "correct_scores = scores.gather(1, y.view(-1, 1))": SUMMED,
        "correct_scores = scores.gather(1, y.view(-1, 1)).squeeze()": SUMMED,
        "correct_scores = scores.gather(1, y.view(-1, 1)).squeeze(0)": SUMMED,
        "correct_scores = scores.gather(1, y.view(-1, 1)).squeeze(-1)": SUMMED,
        "correct_scores = scores.gather(-1, y.view(-1, 1)).squeeze(1)": "the last axis of scores is axis 1",
        "saliency = gradient.abs().amax(dim=1).detach()": NO_GRAPH,
        "saliency = gradient.abs().amax(dim=1).abs()": NOT_NEGATIVE,
    },
    "make_fooling_image": {
        "X_fooling = X.detach().clone().detach()": NO_GRAPH,
        "X_fooling = X.clone()": "pictures enter without a graph; the course's own stubs rely on it",
        "again: X_fooling.requires_grad_()": IDEMPOTENT,
        "for _ in list(range(100))[1:]:": BOUND,
        "for _ in list(range(100))[:-1]:": BOUND,
        "for _ in reversed(list(range(100))):": "the number of the turn is not used",
        "for _ in range(101):": BOUND,
        "for _ in range(99):": BOUND,
        "for _ in range(200):": BOUND,
        "moved: scores[0, target_y].backward(inputs=[X_fooling]); if scores.argmax(dim=1).item() == target_y:": (
            "the gradient of the last picture is not used"
        ),
        "continue": "no step is taken any more: the turns that are left look at the same picture",
        "scores = 2 * model(X_fooling)": DIRECTION_ONLY,
        "again: X_fooling.grad.zero_()": IDEMPOTENT,
        "scores[0, target_y].backward()": FROZEN,
        "X_fooling += (learning_rate * X_fooling.grad / X_fooling.grad.norm()).detach()": NO_GRAPH,
        "X_fooling += (learning_rate * X_fooling.grad).detach() / X_fooling.grad.norm()": NO_GRAPH,
        "X_fooling += learning_rate * X_fooling.grad / X_fooling.grad.norm().detach()": NO_GRAPH,
        "X_fooling += learning_rate * X_fooling.grad.detach() / X_fooling.grad.norm()": NO_GRAPH,
        "X_fooling += (learning_rate * X_fooling.grad / X_fooling.grad.norm()).squeeze()": ONE_PICTURE,
        "X_fooling += learning_rate * X_fooling.grad / X_fooling.grad.norm().abs()": NOT_NEGATIVE,
        "X_fooling += X_fooling.grad / X_fooling.grad.norm()": "the learning rate is 1",
        "if scores.argmax(dim=1) == target_y:": "a tensor with one element is as good as its number",
        "if scores.argmax().item() == target_y:": CLASSES,
        "if scores.argmax(dim=-1).item() == target_y:": "the last axis of scores is axis 1",
        "with torch.inference_mode():": OUT_OF_GRAPH,
        "scores[:, target_y].backward(inputs=[X_fooling])": ONE_PICTURE,
        "scores[-1, target_y].backward(inputs=[X_fooling])": ONE_PICTURE,
    },
    "class_visualization_update_step": {
        "objective = (model(img)[0, target_y] - l2_reg * img.pow(2).sum()).squeeze()": ONE_NUMBER,
        "objective = 2 * (model(img)[0, target_y] - l2_reg * img.pow(2).sum())": DIRECTION_ONLY,
        "objective = model(img)[0, target_y] - (l2_reg * img.pow(2).sum()).abs()": NOT_NEGATIVE,
        "objective = model(img)[0, target_y] - l2_reg * img.pow(2).sum().abs()": NOT_NEGATIVE,
        "objective = model(img)[:, target_y] - l2_reg * img.pow(2).sum()": ONE_PICTURE,
        "objective = model(img)[-1, target_y] - l2_reg * img.pow(2).sum()": ONE_PICTURE,
        "objective.backward()": FROZEN,
        "img += (learning_rate * img.grad / img.grad.norm()).detach()": NO_GRAPH,
        "img += (learning_rate * img.grad).detach() / img.grad.norm()": NO_GRAPH,
        "img += learning_rate * img.grad / img.grad.norm().detach()": NO_GRAPH,
        "img += learning_rate * img.grad.detach() / img.grad.norm()": NO_GRAPH,
        "img += (learning_rate * img.grad / img.grad.norm()).squeeze()": ONE_PICTURE,
        "img += learning_rate * img.grad / img.grad.norm().abs()": NOT_NEGATIVE,
        "with torch.inference_mode():": OUT_OF_GRAPH,
        "again: img.grad.zero_()": IDEMPOTENT,
    },
    "content_loss": {
        "without: loss = None": DEAD,
        "loss = (content_weight * (content_current - content_original).pow(2).sum()).abs()": NOT_NEGATIVE,
        "loss = (content_weight * (content_current - content_original).pow(2).sum()).squeeze()": ONE_NUMBER,
        "loss = content_weight * (content_current - content_original).pow(2).sum().abs()": NOT_NEGATIVE,
        "loss = content_weight * (content_original - content_current).pow(2).sum()": EVEN,
        "loss = content_weight * (content_current - content_original.detach()).pow(2).sum()": TARGET,
    },
    "gram_matrix": {
        "without: gram = None": DEAD,
        "N, C, W, H = features.shape": "height and width are only multiplied",
        "rows = -features.reshape(N, C, H * W)": "two signs cancel in each product",
        "gram = rows @ rows.transpose(2, 1)": "exchanging two axes is the same in both orders",
        "gram /= C * H * W": "no step of the graph needs the product as it was",
    },
    "style_loss": {
        "without: loss = None": DEAD,
        "loss = -0.0": "minus zero is zero",
        "loss = 0": "an integer zero is zero",
        "for layer, target, weight in reversed(list(zip(style_layers, style_targets, style_weights))):": ADDITION,
        "loss += weight * (gram_matrix(feats[layer]) - target).pow(2).sum()": ADDITION,
        "loss = (loss + weight * (gram_matrix(feats[layer]) - target).pow(2).sum()).abs()": NOT_NEGATIVE,
        "loss = loss + (weight * (gram_matrix(feats[layer]) - target).pow(2).sum()).abs()": NOT_NEGATIVE,
        "loss = loss + weight * (gram_matrix(feats[layer]) - target).pow(2).sum().abs()": NOT_NEGATIVE,
        "loss = (loss + weight * (gram_matrix(feats[layer]) - target).pow(2).sum()).squeeze()": ONE_NUMBER,
        "loss = loss + weight * (target - gram_matrix(feats[layer])).pow(2).sum()": EVEN,
        "loss = loss + weight * (gram_matrix(feats[layer]) - target.detach()).pow(2).sum()": TARGET,
    },
    "tv_loss": {
        "without: loss = None": DEAD,
        "vertical = (img[:, :, 1:, :] - img[:, :, :-1, :]).pow(2).sum().abs()": NOT_NEGATIVE,
        "vertical = (img[:, :, 1:, :] - img[:, :, :-1, :]).pow(2).sum().squeeze()": ONE_NUMBER,
        "vertical = (img[:, :, :-1, :] - img[:, :, 1:, :]).pow(2).sum()": EVEN,
        "vertical = (img[::2, :, 1:, :] - img[:, :, :-1, :]).pow(2).sum()": ONE_PICTURE,
        "vertical = (img[:, :, 1:, :] - img[::2, :, :-1, :]).pow(2).sum()": ONE_PICTURE,
        "horizontal = (img[:, :, :, 1:] - img[:, :, :, :-1]).pow(2).sum().abs()": NOT_NEGATIVE,
        "horizontal = (img[:, :, :, 1:] - img[:, :, :, :-1]).pow(2).sum().squeeze()": ONE_NUMBER,
        "horizontal = (img[:, :, :, :-1] - img[:, :, :, 1:]).pow(2).sum()": EVEN,
        "horizontal = (img[::2, :, :, 1:] - img[:, :, :, :-1]).pow(2).sum()": ONE_PICTURE,
        "horizontal = (img[:, :, :, 1:] - img[::2, :, :, :-1]).pow(2).sum()": ONE_PICTURE,
        "loss = (tv_weight * (vertical + horizontal)).abs()": NOT_NEGATIVE,
        "loss = (tv_weight * (vertical + horizontal)).squeeze()": ONE_NUMBER,
        "loss = tv_weight * (vertical + horizontal).abs()": NOT_NEGATIVE,
        "loss = tv_weight * (vertical.abs() + horizontal)": NOT_NEGATIVE,
        "loss = tv_weight * (vertical + horizontal.abs())": NOT_NEGATIVE,
    },
}
