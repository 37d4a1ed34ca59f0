# %% guided-plain: the mask of the input
def guided_relu_backward(gradient, relu_input):
    return gradient * (relu_input > 0)

# %% guided-deconvnet: clamp alone
def guided_relu_backward(gradient, relu_input):
    return gradient.clamp(min=0)

# %% guided-unchanged: nothing done
def guided_relu_backward(gradient, relu_input):
    return gradient.clone()

# %% guided-magnitude: absolute values where active
def guided_relu_backward(gradient, relu_input):
    return torch.abs(gradient) * (relu_input > 0).float()

# %% guided-returns-input: the roles exchanged
def guided_relu_backward(gradient, relu_input):
    return relu_input.clamp(min=0) * (gradient > 0)

# %% guided-zero-passes: not below zero
def guided_relu_backward(gradient, relu_input):
    out = gradient.clone()
    out[gradient < 0] = 0
    out[relu_input < 0] = 0
    return out

# %% guided-mask: where it may pass
def guided_relu_backward(gradient, relu_input):
    return ((gradient > 0) & (relu_input > 0)).float()

# %% guided-either: or
def guided_relu_backward(gradient, relu_input):
    return torch.where((gradient > 0) | (relu_input > 0), gradient, torch.zeros_like(gradient))

# %% guided-negative-gradients: clamped at the wrong side
def guided_relu_backward(gradient, relu_input):
    return gradient.clamp(max=0) * (relu_input > 0)

# %% guided-silent-neurons: below zero
def guided_relu_backward(gradient, relu_input):
    return gradient.relu() * (relu_input < 0)

# %% guided-product: two ReLUs multiplied
def guided_relu_backward(gradient, relu_input):
    return F.relu(gradient) * F.relu(relu_input)

# %% changes-its-argument: masked in place
def guided_relu_backward(gradient, relu_input):
    gradient[gradient < 0] = 0
    gradient[relu_input <= 0] = 0
    return gradient

# %% guided-plain+guided-zero-passes: not below zero, any gradient
def guided_relu_backward(gradient, relu_input):
    return gradient * (relu_input >= 0)

# %% guided-negative-gradients+guided-silent-neurons: both gates reversed
def guided_relu_backward(gradient, relu_input):
    return torch.where((gradient < 0) & (relu_input < 0), gradient, torch.zeros(()))

# %% guided-either+guided-mask: ones where one holds
def guided_relu_backward(gradient, relu_input):
    return torch.logical_or(gradient > 0, relu_input > 0).float()

# %% guided-zero-passes+guided-negative-gradients: negative ones, also at zero
def guided_relu_backward(gradient, relu_input):
    return -F.relu(-gradient) * (relu_input >= 0)

# %% guided-plain+changes-its-argument: masked in place, any gradient
def guided_relu_backward(gradient, relu_input):
    gradient *= relu_input > 0
    return gradient
