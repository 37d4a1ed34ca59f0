# %% [markdown]
# # 网络可视化
# 实验一：显著图与欺骗图像。

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image

from cs231n.classifiers.squeezenet import load_squeezenet
from cs231n.data_utils import load_imagenet_val
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD, preprocess

model = load_squeezenet()
X, y, class_names = load_imagenet_val(num=5)

# %%
plt.figure(figsize=(12, 6))
for i in range(5):
    plt.subplot(1, 5, i + 1)
    plt.imshow(X[i])
    plt.title(class_names[y[i]])
    plt.axis("off")
plt.show()

# %% [markdown]
# ## 显著图 Saliency Maps
# 显著图告诉我们图片中每个像素对分类得分的影响：
# $M_{i,j} = \max_c \left| \frac{\partial s_y(X)}{\partial X_{c,i,j}} \right|$
#
# $$ M = \max_{c} | w_{h(i,j,c)} | $$


# %%
def compute_saliency_maps(X, y, model):
    """
    Compute a class saliency map using the model for images X and labels y.
    """
    model.eval()
    X.requires_grad_()
    saliency = None
    ##############################################################################
    # TODO: Implement this function.                                             #
    ##############################################################################
    scores = model(X)
    scores = scores.gather(1, y.view(-1, 1)).squeeze()
    # 对正确类别的得分求梯度
    scores.backward(torch.FloatTensor([1.0] * X.shape[0]))
    saliency, _ = torch.max(X.grad.data.abs(), dim=1)
    ##############################################################################
    #                             END OF YOUR CODE                               #
    ##############################################################################
    return saliency


# %%
def show_saliency_maps(X, y):
    X_tensor = torch.cat([preprocess(Image.fromarray(x)) for x in X], dim=0)
    saliency = compute_saliency_maps(X_tensor, torch.LongTensor(y), model).numpy()
    for i in range(X.shape[0]):
        plt.subplot(2, X.shape[0], i + 1)
        plt.imshow(X[i])
        plt.axis("off")
        plt.title(class_names[y[i]])
        plt.subplot(2, X.shape[0], X.shape[0] + i + 1)
        plt.imshow(saliency[i], cmap=plt.cm.hot)
        plt.axis("off")
    plt.gcf().set_size_inches(12, 5)
    plt.show()


show_saliency_maps(X, y)

# %% [markdown]
# ## 欺骗图像 Fooling Images
# 用梯度上升使网络把图片认成目标类别。
# $$dX = \text{learning\_rate} \cdot g / \|g\|_2$$


# %%
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    learning_rate = 1
    for i in range(100):  # noqa: B007
        scores = model(X_fooling)
        if scores.data.max(1)[1][0] == target_y:
            break
        scores[0, target_y].backward()
        g = X_fooling.grad.data
        X_fooling.data += learning_rate * g / g.norm()
        X_fooling.grad.zero_()
    print("迭代次数", i)
    return X_fooling


# %%
idx, target_y = 0, 6
X_tensor = torch.cat([preprocess(Image.fromarray(x)) for x in X], dim=0)
X_fooling = make_fooling_image(X_tensor[idx : idx + 1], target_y, model)
before, after = (
    np.clip(t.detach()[0].permute(1, 2, 0).numpy() * SQUEEZENET_STD + SQUEEZENET_MEAN, 0, 1)
    for t in (X_tensor[idx : idx + 1], X_fooling)
)
for place, picture in enumerate((before, after, after - before + 0.5, 10 * (after - before) + 0.5), start=1):
    plt.subplot(1, 4, place)
    plt.imshow(np.clip(picture, 0, 1))
    plt.axis("off")
plt.gcf().set_size_inches(12, 5)
plt.show()
