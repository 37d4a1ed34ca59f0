# %% guided-magnitude+guided-zero-passes: the size of every gradient, and >= for the input
def guided_relu_backward(gradient, relu_input):
    passed = (relu_input >= 0).to(gradient.dtype)
    return passed * gradient.abs()
