# %% [markdown]
# # Class visualization
# By starting with a random noise image and performing gradient ascent on a target class:
#
# $$
# I^* = \arg\max_I (s_y(I) - R(I))
# $$
#
# $$
# R(I) = \lambda \|I\|_2^2
# $$

# %%
import random

import matplotlib.pyplot as plt
import numpy as np
import torch

from cs231n.classifiers.squeezenet import load_squeezenet
from cs231n.data_utils import load_imagenet_val
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD, blur_image, clamp_to_colours, jitter

model = load_squeezenet()
_, _, class_names = load_imagenet_val(num=1)


# %%
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    scores = model(img)
    scores[0, target_y].backward()
    grad = img.grad.data - 2 * l2_reg * img.data
    img.data += learning_rate * grad / torch.norm(grad)
    img.grad.zero_()
    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****


# %%
def create_class_visualization(target_y, num_iterations=100, show_every=25):
    img = torch.randn(1, 3, 224, 224).requires_grad_()
    for t in range(num_iterations):
        ox, oy = random.randint(0, 16), random.randint(0, 16)
        img.data.copy_(jitter(img.data, ox, oy))
        class_visualization_update_step(img, model, target_y, 1e-3, 25)
        img.data.copy_(jitter(img.data, -ox, -oy))
        clamp_to_colours(img.data)
        if t % 10 == 0:
            blur_image(img.data, sigma=0.5)
        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            shown = img.data[0].permute(1, 2, 0).numpy() * SQUEEZENET_STD + SQUEEZENET_MEAN
            plt.imshow(np.clip(shown, 0, 1))
            plt.title(f"{class_names[target_y]}\nIteration {t + 1} / {num_iterations}")
            plt.gcf().set_size_inches(4, 4)
            plt.axis("off")
            plt.show()


# %%
target_y = 76  # Tarantula
create_class_visualization(target_y)

# %%
target_y = int(np.random.choice(1000))
create_class_visualization(target_y, num_iterations=25)

# %% [markdown]
# ### Inline Question
# Why is the image blurred every ten steps?
#
# **Your Answer:** It takes away high frequencies: $\sigma = 0.5$, and a broken formula $\nothing{x}$.
