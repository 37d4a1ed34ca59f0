# %% two masks as floats
def guided_relu_backward(gradient, relu_input):
    return gradient * (gradient > 0).float() * (relu_input > 0).float()

# %% clamp and mask
def guided_relu_backward(gradient, relu_input):
    return gradient.clamp(min=0) * (relu_input > 0)

# %% where
def guided_relu_backward(gradient, relu_input):
    return torch.where((gradient > 0) & (relu_input > 0), gradient, torch.zeros_like(gradient))

# %% relu of the gradient
def guided_relu_backward(gradient, relu_input):
    return torch.relu(gradient) * (relu_input > 0).type_as(gradient)

# %% a copy, zeroed
def guided_relu_backward(gradient, relu_input):
    guided = gradient.clone()
    guided[relu_input <= 0] = 0
    guided[gradient <= 0] = 0
    return guided

# %% filled in
def guided_relu_backward(gradient, relu_input):
    guided = torch.zeros_like(gradient)
    both = torch.logical_and(gradient > 0, relu_input > 0)
    guided[both] = gradient[both]
    return guided

# %% masked_fill
def guided_relu_backward(gradient, relu_input):
    return gradient.masked_fill((gradient < 0) | ~(relu_input > 0), 0.0)

# %% the sign of the input
def guided_relu_backward(gradient, relu_input):
    return F.relu(gradient) * torch.sign(F.relu(relu_input))

# %% threshold_backward
def guided_relu_backward(gradient, relu_input):
    return torch.ops.aten.threshold_backward(gradient, relu_input, 0).clamp_min(0)

# %% numpy inside
def guided_relu_backward(gradient, relu_input):
    g, x = gradient.numpy(), relu_input.numpy()
    return torch.from_numpy(np.where((g > 0) & (x > 0), g, np.float32(0)))

# %% float64 inside
def guided_relu_backward(gradient, relu_input):
    return (gradient.double().clamp(min=0) * (relu_input.double() > 0)).float()
