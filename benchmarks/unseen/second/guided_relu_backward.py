# %% guided-deconvnet: only the gradient is looked at
def guided_relu_backward(gradient, relu_input):
    grad = gradient.clone()
    grad[gradient < 0] = 0
    return grad
