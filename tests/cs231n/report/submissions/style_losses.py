# %% [markdown]
# # 风格迁移 Style Transfer

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

from cs231n.classifiers.squeezenet import extract_features, load_squeezenet
from cs231n.datasets.registry import picture
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD, preprocess
from cs231n.older_years import answers, content_loss_test, gram_matrix_test, style_loss_test, tv_loss_test

cnn = load_squeezenet()

# %% [markdown]
# ## 内容损失 Content loss
# $L_c = w_c \times \sum_{i,j} (F_{ij}^{\ell} - P_{ij}^{\ell})^2$


# %%
def content_loss(content_weight, content_current, content_original):
    return content_weight * torch.sum((content_current - content_original) ** 2)


# %%
content_loss_test(answers["cl_out"])

# %% [markdown]
# ## 风格损失 Style loss
# $$G_{ij}^\ell  = \sum_k F^{\ell}_{ik} F^{\ell}_{jk}$$
#
# $$L_s^\ell = w_\ell \sum_{i, j} \left(G^\ell_{ij} - A^\ell_{ij}\right)^2$$


# %%
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    features = features.view(N, C, -1)
    gram = torch.matmul(features, features.permute(0, 2, 1))
    if normalize:
        gram = gram / (C * H * W)
    return gram


gram_matrix_test(answers["gm_out"])


# %%
def style_loss(feats, style_layers, style_targets, style_weights):
    style_losses = 0
    for i in range(len(style_layers)):
        current = gram_matrix(feats[style_layers[i]])
        style_losses += style_weights[i] * torch.sum((current - style_targets[i]) ** 2)
    return style_losses


style_loss_test(answers["sl_out"])

# %% [markdown]
# ## 全变分正则 Total-variation regularization
# $$L_{tv} = w_t \times \sum_{c=1}^3\sum_{i=1}^{H-1} \sum_{j=1}^{W-1}
# \left( (x_{i,j+1, c} - x_{i,j,c})^2 + (x_{i+1, j,c} - x_{i,j,c})^2  \right)$$


# %%
def tv_loss(img, tv_weight):
    w_variance = torch.sum(torch.pow(img[:, :, :, :-1] - img[:, :, :, 1:], 2))
    h_variance = torch.sum(torch.pow(img[:, :, :-1, :] - img[:, :, 1:, :], 2))
    return tv_weight * (h_variance + w_variance)


tv_loss_test(answers["tv_out"])

# %% [markdown]
# ## 风格迁移的结果


# %%
def show(img, title):
    plt.imshow(np.clip(img.detach()[0].permute(1, 2, 0).numpy() * SQUEEZENET_STD + SQUEEZENET_MEAN, 0, 1))
    plt.title(title)
    plt.axis("off")
    plt.show()


def style_transfer(content, style, style_layers, style_weights, content_weight, tv_weight, init_random=False):
    content_img, style_img = preprocess(picture(content), size=96), preprocess(picture(style), size=96)
    target = extract_features(content_img, cnn)[3]
    style_targets = [gram_matrix(extract_features(style_img, cnn)[i]) for i in style_layers]
    show(content_img, "Content Source Img.")
    show(style_img, "Style Source Img.")
    img = torch.rand_like(content_img) if init_random else content_img.clone()
    img.requires_grad_()
    optimizer = torch.optim.Adam([img], lr=0.3)
    for t in range(60):
        optimizer.zero_grad()
        feats = extract_features(img, cnn)
        loss = content_loss(content_weight, feats[3], target) + tv_loss(img, tv_weight)
        loss = loss + style_loss(feats, style_layers, style_targets, style_weights)
        loss.backward()
        optimizer.step()
        if t % 30 == 0:
            print(f"Iteration {t}")
            show(img, f"Iteration {t}")
    show(img, "Result")


style_transfer("china", "flow", (1, 4, 6, 7), (20000, 500, 12, 1), 5e-2, 5e-2)

# %%
params_inv = {"style_weights": (0, 0, 0, 0), "init_random": True}
style_transfer("china", "flow", (1, 4, 6, 7), content_weight=6e-2, tv_weight=2e-2, **params_inv)
