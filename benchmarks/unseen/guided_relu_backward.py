# %% guided-deconvnet: only clamps the gradient
def guided_relu_backward(gradient, relu_input):
    # negative gradients are removed
    guided = torch.clamp(gradient, min=0.0)
    return guided

# %% guided-zero-passes+changes-its-argument: >= 0, written into the gradient itself
def guided_relu_backward(gradient, relu_input):
    guided = gradient
    guided[gradient < 0] = 0
    guided[relu_input < 0] = 0
    return guided
