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
EMPTY = "a filter of zeros stays zero, whatever it is divided by"
FLOAT_ZERO = "a zero with a point compares, and is written into whole numbers, as one without"
NEGATIVE_AXIS = "the axis is counted from the other end"
NO_GRADIENT = "no gradient is asked of this result"
WHOLE = "the numbers are whole already"
NO_AXIS_OF_ONE = "there is no axis of length one"
LAST_AXIS = "it is the last axis already"
ORDER = "the order of distances is that of their squares, roots and multiples"
THIN = "the axes that a thin decomposition leaves out are not used: k is at most their number"
EITHER_WAY = "an axis may point either way"
SAME_VALUES = "both names get the same value"
INDEPENDENT = "neither needs what the other leaves"
EITHER_ORDER = "the larger and the smaller of two numbers do not depend on their order"
REPLACED = "every entry is replaced"
BROADCAST = "a single number is spread over the one place that there is"
BETWEEN = "no pixel lies on a percentile, which is between two pixels"
ZERO_ANYWAY = "a gradient of zero is zero whether it passes or not"
CONSTANT = "the frequencies are constants: no gradient is asked of them"
ANY_SHAPE = "a single number may come in any shape of size one"
SHARED = "nothing writes into the picture, so it may share its memory"
INNER = "a gradient can be asked of an inner node of the graph as well"
NO_BATCH_AXIS = "what is summed next may have any shape"

_BOX = "box = torch.tensor([max(top, 0), max(left, 0), min(bottom + 1, height), min(right + 1, width)])"
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
    "filters_to_images": {
        "without: images = None": DEAD,
        "largest = weight.abs().amax(dim=(1, 2, 3), keepdim=True).detach()": NO_GRADIENT,
        "largest = weight.abs().amax(dim=(1, 2, 3), keepdim=True).abs()": NOT_NEGATIVE,
        "largest = weight.abs().amax(dim=(1, -2, 3), keepdim=True)": NEGATIVE_AXIS,
        "largest[largest == 0] = 2": EMPTY,
        "largest[largest == 0] = -1": EMPTY,
        "largest[largest == 0] = 0.5": EMPTY,
        "largest[largest <= 0] = 1": NOT_NEGATIVE,
        "largest[largest == 0.0] = 1": FLOAT_ZERO,
        "images = (0.5 + 0.5 * weight / largest).detach()": NO_GRADIENT,
        "images = (0.5 + 0.5 * weight / largest).abs()": NOT_NEGATIVE,
        "images = 0.5 + (0.5 * weight / largest).detach()": NO_GRADIENT,
        "images = 0.5 + (0.5 * weight).detach() / largest": NO_GRADIENT,
        "images = 0.5 + 0.5 * weight / largest.abs()": NOT_NEGATIVE,
        "images = 0.5 + 0.5 * weight / largest.detach()": NO_GRADIENT,
        "images = 0.5 + 0.5 * weight.detach() / largest": NO_GRADIENT,
    },
    "nearest_neighbours": {
        "without: neighbours = None": DEAD,
        "distances = torch.cdist(features, features).detach()": NO_GRADIENT,
        "distances = torch.cdist(features, features).abs()": NOT_NEGATIVE,
        "distances = torch.cdist(features, features).sqrt()": ORDER,
        "distances = torch.cdist(features, features).squeeze()": NO_AXIS_OF_ONE,
        "distances = torch.cdist(features, features) * torch.cdist(features, features)": ORDER,
        "distances = 2 * torch.cdist(features, features)": ORDER,
        "again: distances.fill_diagonal_(float('inf'))": IDEMPOTENT,
        "neighbours = distances.argsort(dim=1)[:, :k].detach()": NO_GRADIENT,
        "neighbours = distances.argsort(dim=1)[:, :k].abs()": NOT_NEGATIVE,
        "neighbours = distances.argsort(dim=1)[:, :k].round()": WHOLE,
        "neighbours = distances.argsort()[:, :k]": LAST_AXIS,
        "neighbours = distances.argsort(dim=-1)[:, :k]": LAST_AXIS,
    },
    "pca": {
        "without: coordinates = None": DEAD,
        "centred = -(features - features.mean(dim=0))": EITHER_WAY,
        "centred = (features - features.mean(dim=0)).detach()": NO_GRADIENT,
        "centred = (features - features.mean(dim=0)).squeeze()": NO_AXIS_OF_ONE,
        "centred = features.mean(dim=0) - features": EITHER_WAY,
        "centred = features.detach() - features.mean(dim=0)": NO_GRADIENT,
        "centred = features - features.mean(dim=0).detach()": NO_GRADIENT,
        "_, _, directions = torch.linalg.svd(centred)": THIN,
        "_, _, directions = torch.linalg.svd(centred, full_matrices=True)": THIN,
        "coordinates = -(centred @ directions[:k].T)": EITHER_WAY,
        "coordinates = (centred @ directions[:k].T).detach()": NO_GRADIENT,
        "coordinates = -centred @ directions[:k].T": EITHER_WAY,
        "coordinates = centred.detach() @ directions[:k].T": NO_GRADIENT,
        "coordinates = centred @ -directions[:k].T": EITHER_WAY,
        "coordinates = centred @ directions[:k].T.detach()": NO_GRADIENT,
    },
    "receptive_field_box": {
        "without: box = None": DEAD,
        "bottom, left, top, right = (row, column, row, column)": SAME_VALUES,
        "top, right, bottom, left = (row, column, row, column)": SAME_VALUES,
        "moved: left = left * stride - padding; top = top * stride - padding": INDEPENDENT,
        "moved: bottom = bottom * stride - padding + kernel - 1; left = left * stride - padding": INDEPENDENT,
        (
            "moved: right = right * stride - padding + kernel - 1; "
            "bottom = bottom * stride - padding + kernel - 1"
        ): INDEPENDENT,
        f"{_BOX}.detach()": NO_GRADIENT,
        f"{_BOX}.abs()": NOT_NEGATIVE,
        f"{_BOX}.squeeze()": NO_AXIS_OF_ONE,
        f"{_BOX}.round()": WHOLE,
        "box = torch.tensor([max(0, top), max(left, 0), min(bottom + 1, height), min(right + 1, width)])": EITHER_ORDER,
        "box = torch.tensor([max(top, 0), max(0, left), min(bottom + 1, height), min(right + 1, width)])": EITHER_ORDER,
        "box = torch.tensor([max(top, 0), max(left, 0), min(height, bottom + 1), min(right + 1, width)])": EITHER_ORDER,
        "box = torch.tensor([max(top, 0), max(left, 0), min(bottom + 1, height), min(width, right + 1)])": EITHER_ORDER,
        "box = torch.tensor([max(top, 0.0), max(left, 0), min(bottom + 1, height), min(right + 1, width)])": FLOAT_ZERO,
        "box = torch.tensor([max(top, 0), max(left, 0.0), min(bottom + 1, height), min(right + 1, width)])": FLOAT_ZERO,
    },
    "occlusion_map": {
        "without: heatmap = None": DEAD,
        "rows = (X.shape[-2] - patch) // stride + 1": NEGATIVE_AXIS,
        "heatmap = -torch.zeros(rows, columns)": REPLACED,
        "heatmap = torch.zeros(rows, columns).detach()": REPLACED,
        "heatmap = torch.zeros(rows, columns).abs()": REPLACED,
        "heatmap = torch.zeros(rows, columns).sqrt()": REPLACED,
        "heatmap = torch.zeros(rows, columns).round()": REPLACED,
        "heatmap = torch.zeros(rows, columns) * torch.zeros(rows, columns)": REPLACED,
        "heatmap = 2 * torch.zeros(rows, columns)": REPLACED,
        (
            "again: with torch.no_grad():; "
            "for row in range(rows):; "
            "covered = X.repeat(columns, 1, 1, 1); "
            "for column in range(columns):; "
            "top, left = (row * stride, column * stride); "
            "covered[column, :, top:top + patch, left:left + patch] = 0; "
            "heatmap[row] = model(covered).softmax(dim=1)[:, y]"
        ): IDEMPOTENT,
        "without: with torch.no_grad():": FROZEN,
        "for row in reversed(list(range(rows))):": INDEPENDENT,
        "with torch.enable_grad():": FROZEN,
        "with torch.inference_mode():": OUT_OF_GRAPH,
        "covered = X.repeat(columns, 1, 1, 1).detach()": NO_GRAPH,
        "for column in reversed(list(range(columns))):": INDEPENDENT,
        "heatmap[row] = model(covered).softmax(dim=1)[:, y].detach()": NO_GRAPH,
        "heatmap[row] = model(covered).softmax(dim=1)[:, y].abs()": NOT_NEGATIVE,
        "heatmap[row] = model(covered).softmax(dim=1)[:, y].squeeze()": BROADCAST,
        "covered[column, :, top:top + patch, left:left + patch] = 0.0": FLOAT_ZERO,
        "heatmap[row] = model(covered).softmax(dim=-1)[:, y]": LAST_AXIS,
    },
    "grabcut_seeds": {
        "without: seeds = None": DEAD,
        "low, high, highest = torch.quantile(saliency, torch.tensor([0.3, 0.75, 0.95])).detach()": NO_GRADIENT,
        "low, high, highest = torch.quantile(saliency, torch.tensor([0.3, 0.75, 0.95])).abs()": NOT_NEGATIVE,
        "low, high, highest = torch.quantile(saliency, torch.tensor([0.3, 0.75, 0.95])).squeeze()": NO_AXIS_OF_ONE,
        "seeds = torch.full(saliency.shape, 2, dtype=torch.uint8).detach()": NO_GRADIENT,
        "seeds = torch.full(saliency.shape, 2, dtype=torch.uint8).abs()": NOT_NEGATIVE,
        "seeds = torch.full(saliency.shape, 2, dtype=torch.uint8).squeeze()": NO_AXIS_OF_ONE,
        "seeds = torch.full(saliency.shape, 2, dtype=torch.uint8).round()": WHOLE,
        "seeds[saliency < low] = 0.0": FLOAT_ZERO,
        "seeds[saliency <= low] = 0": BETWEEN,
        "seeds[saliency >= high] = 3": BETWEEN,
        "seeds[saliency >= highest] = 1": BETWEEN,
    },
    "guided_relu_backward": {
        "without: guided = None": DEAD,
        "guided = (gradient * (gradient > 0) * (relu_input > 0)).detach()": NO_GRADIENT,
        "guided = (gradient * (gradient > 0) * (relu_input > 0)).abs()": NOT_NEGATIVE,
        "guided = (gradient * (gradient > 0)).abs() * (relu_input > 0)": NOT_NEGATIVE,
        "guided = (gradient * (gradient > 0)).detach() * (relu_input > 0)": NO_GRADIENT,
        "guided = gradient * (gradient > 0) * (relu_input > 0).detach()": NO_GRADIENT,
        "guided = gradient.abs() * (gradient > 0) * (relu_input > 0)": NOT_NEGATIVE,
        "guided = gradient.detach() * (gradient > 0) * (relu_input > 0)": NO_GRADIENT,
        "guided = gradient * (gradient > 0).detach() * (relu_input > 0)": NO_GRADIENT,
        "guided = gradient * (gradient >= 0) * (relu_input > 0)": ZERO_ANYWAY,
        "guided = gradient * (gradient > 0) * (relu_input > 0.0)": FLOAT_ZERO,
        "guided = gradient * (gradient > 0.0) * (relu_input > 0)": FLOAT_ZERO,
    },
    "spectrum_to_image": {
        "without: image = None": DEAD,
        "vertical = -torch.fft.fftfreq(height).reshape(-1, 1)": EVEN,
        "vertical = torch.fft.fftfreq(height).reshape(-1, 1).detach()": CONSTANT,
        "vertical = torch.fft.fftfreq(height).reshape(-1, 1).abs()": EVEN,
        "horizontal = -torch.fft.rfftfreq(width)": EVEN,
        "horizontal = torch.fft.rfftfreq(width).detach()": CONSTANT,
        "horizontal = torch.fft.rfftfreq(width).abs()": EVEN,
        "horizontal = torch.fft.rfftfreq(width).squeeze()": NO_AXIS_OF_ONE,
        "frequency = (vertical ** 2 + horizontal ** 2).sqrt().detach()": CONSTANT,
        "frequency = (vertical ** 2 + horizontal ** 2).sqrt().abs()": NOT_NEGATIVE,
        "frequency = (vertical ** 2 + horizontal ** 2).sqrt().squeeze()": NO_AXIS_OF_ONE,
        "frequency = ((vertical ** 2).abs() + horizontal ** 2).sqrt()": NOT_NEGATIVE,
        "frequency = ((vertical ** 2).detach() + horizontal ** 2).sqrt()": CONSTANT,
        "frequency = (vertical ** 2 + (horizontal ** 2).abs()).sqrt()": NOT_NEGATIVE,
        "frequency = (vertical ** 2 + (horizontal ** 2).detach()).sqrt()": CONSTANT,
        "frequency = ((-vertical) ** 2 + horizontal ** 2).sqrt()": EVEN,
        "frequency = (vertical.abs() ** 2 + horizontal ** 2).sqrt()": EVEN,
        "frequency = (vertical.detach() ** 2 + horizontal ** 2).sqrt()": CONSTANT,
        "frequency = (vertical ** 2 + (-horizontal) ** 2).sqrt()": EVEN,
        "frequency = (vertical ** 2 + horizontal.abs() ** 2).sqrt()": EVEN,
        "frequency = (vertical ** 2 + horizontal.detach() ** 2).sqrt()": CONSTANT,
        "waves = torch.view_as_complex(spectrum) / frequency.clamp(min=1 / max(height, width)).abs()": NOT_NEGATIVE,
        "waves = torch.view_as_complex(spectrum) / frequency.clamp(min=1 / max(height, width)).detach()": CONSTANT,
        "waves = torch.view_as_complex(spectrum) / frequency.clamp(min=1 / max(width, height))": EITHER_ORDER,
    },
    "target_margin": {
        "without: margin = None": DEAD,
        "target = scores.gather(-1, target_y.reshape(-1, 1))": LAST_AXIS,
        "others = scores.scatter(-1, target_y.reshape(-1, 1), float('-inf'))": LAST_AXIS,
        "margin = (target.squeeze(1) - others.amax(dim=1)).squeeze()": ANY_SHAPE,
        "margin = target.squeeze() - others.amax(dim=1)": BROADCAST,
        "margin = target.squeeze(-1) - others.amax(dim=1)": LAST_AXIS,
        "margin = target.squeeze(1) - others.amax(dim=-1)": LAST_AXIS,
    },
    "dream_gradient": {
        "without: gradient = None": DEAD,
        "image = img.detach().requires_grad_()": SHARED,
        "image = img.clone().requires_grad_()": INNER,
        "activations = -model.features[:layer + 1](image)": EVEN,
        "activations = model.features[:layer + 1](image).abs()": EVEN,
        "activations = model.features[:layer + 1](image).squeeze()": NO_BATCH_AXIS,
        "gradient, = torch.autograd.grad(0.5 * activations.pow(2).sum().abs(), image)": NOT_NEGATIVE,
    },
    "inversion_loss": {
        "without: loss = None": DEAD,
        "loss = ((feats - target).pow(2).sum() / target.pow(2).sum()).abs()": NOT_NEGATIVE,
        "loss = ((feats - target).pow(2).sum() / target.pow(2).sum()).squeeze()": ONE_NUMBER,
        "loss = (feats - target).pow(2).sum().abs() / target.pow(2).sum()": NOT_NEGATIVE,
        "loss = (feats - target).pow(2).sum() / target.pow(2).sum().abs()": NOT_NEGATIVE,
        "loss = (feats - target).pow(2).sum() / target.pow(2).sum().detach()": TARGET,
        "loss = (target - feats).pow(2).sum() / target.pow(2).sum()": EVEN,
        "loss = (feats - target.detach()).pow(2).sum() / target.pow(2).sum()": TARGET,
    },
}
