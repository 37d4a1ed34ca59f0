# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Visualizing and understanding: ways to look inside a network
#
# A trained network is a list of numbers. This notebook opens it from eleven sides: what its first filters
# look like, which pictures it holds to be alike, where in a picture it looks, what it would like to see, and
# what it has forgotten of the picture by the time it reaches a deep layer.
#
# **How this notebook works.** You fill in eleven short functions, between the lines that say
# `START OF YOUR CODE` and `END OF YOUR CODE`. After each of them a cell calls `check(...)`: it tries your
# function on cases that often go wrong and says what to look at if one fails.

# %% [markdown]
# ## Setup
#
# The first cell finds the folder that holds the package `cs231n`: it looks in the folder of this
# notebook, then in the one above, and so on. Wherever you open the notebook from, the imports work.

# %%
import sys
from pathlib import Path

for folder in [Path.cwd(), *Path.cwd().parents]:
    if (folder / "cs231n" / "__init__.py").is_file():
        sys.path.insert(0, str(folder))
        break
else:
    raise ModuleNotFoundError(f"no folder cs231n in {Path.cwd()} or above: keep the notebook in its bundle")

# %%
import functools
import warnings

import numpy as np
import torch
from IPython.display import display
from PIL import Image
from torch.nn import functional as F
from tqdm.auto import tqdm

from cs231n import plots
from cs231n.classifiers.squeezenet import load_squeezenet
from cs231n.data_utils import load_imagenet_val
from cs231n.datasets import registry
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD, preprocess
from cs231n.self_check import check
from cs231n.sentences import sentence
from cs231n.techniques import (
    Unit, adversarial, deepdream, grad_cam, guided_backprop, integrated_gradients, invert, randomization_check,
    smooth_grad, snap_to_grid, texture, visualize,
)
from cs231n.techniques.targets import input_gradient

# %matplotlib inline

# %%
model = load_squeezenet()
X, y, class_names = load_imagenet_val()
X_tensor = torch.cat([preprocess(Image.fromarray(picture)) for picture in X])
y_tensor = torch.from_numpy(y).long()

MEAN, STD = (torch.from_numpy(constant).view(1, 3, 1, 1) for constant in (SQUEEZENET_MEAN, SQUEEZENET_STD))


def as_colours(images):
    """Turn what the network reads into colours from 0 to 1."""
    return (images * STD + MEAN).clamp(0, 1)


def as_network_input(colours):
    """Turn colours from 0 to 1 into what the network reads, which is what the plots take."""
    return (colours - MEAN) / STD

# %% [markdown]
# ## 1. Filters of the first layer
#
# A filter $w$ of the first layer answers each patch $x$ of the picture with the inner product
# $\langle w, x \rangle$. Of all patches of one length, the patch that looks like $w$ itself gets the largest
# answer (Cauchy and Schwarz): so a first filter, drawn as a picture, shows what it looks for. Krizhevsky,
# Sutskever and Hinton [1] found edges and patches of colour there.
#
# A weight can be negative, a colour cannot. Draw zero as middle gray, and give each filter a scale of its own,
#
# $$ I = \tfrac12 + \tfrac12 \, \frac{w}{\max |w|} , $$
#
# so that weak filters can be seen as well.

# %% nbgrader={"grade": false, "grade_id": "filters_to_images", "locked": false, "schema_version": 3, "solution": true, "task": false}
def filters_to_images(weight):
    """
    Filters of a first layer as pictures.

    Input:
    - weight: Tensor of shape (F, 3, h, w), one filter for each of F channels.

    Returns:
    - images: Tensor of shape (F, 3, h, w) with values in [0, 1]: each filter divided by its own largest
      absolute weight, then moved so that a weight of zero is gray, 0.5. A filter of zeros is gray all over.
    """
    images = None
    ##############################################################################
    # TODO: Turn each filter into a picture by the formula above. All its three  #
    # colours share one scale, and no two filters do. Mind a filter whose        #
    # weights are all zero.                                                      #
    ##############################################################################
    ### BEGIN SOLUTION
    largest = weight.abs().amax(dim=(1, 2, 3), keepdim=True)
    largest[largest == 0] = 1
    images = 0.5 + 0.5 * weight / largest
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return images

# %% nbgrader={"grade": true, "grade_id": "check_filters_to_images", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("filters_to_images")
### END HIDDEN TESTS
check(filters_to_images)

# %% [markdown]
# SqueezeNet's 64 first filters are 3 x 3 pixels, so their pictures are tiny: each weight is drawn as a square with
# hard edges, nothing smoothed in between. Do not expect the handsome edges of Krizhevsky's 11 x 11 filters. What can
# be told apart even so: gray ones with a bright and a dark side look for edges, coloured ones for a colour or for the
# border between two, and pale, even ones do next to nothing.

# %% tags=["demo"]
filters = filters_to_images(model.features[0].weight.detach())
tiles = as_network_input(filters).repeat_interleave(12, dim=2).repeat_interleave(12, dim=3)
rows = [[tile[None] for tile in row] for row in tiles.split(16)]
plots.table(rows, [""] * len(rows), [""] * 16, "The first layer's 64 filters (3 x 3 pixels each)")

# %% [markdown]
# ## 2. Nearest neighbours in feature space
#
# Two photographs of one thing can differ in every pixel. To the last layers of a network they are near each
# other all the same: Krizhevsky et al. [1] showed it by looking for the pictures whose features have the
# smallest Euclidean distance,
#
# $$ d(i, j) = \lVert f_i - f_j \rVert_2 . $$
#
# A picture has distance zero to itself, which tells nothing: it is not its own neighbour.

# %% nbgrader={"grade": false, "grade_id": "nearest_neighbours", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nearest_neighbours(features, k):
    """
    The k nearest neighbours of each row.

    Inputs:
    - features: Tensor of shape (N, D), the features of N pictures.
    - k: An integer, 1 <= k < N.

    Returns:
    - neighbours: LongTensor of shape (N, k): row i holds the numbers of the k other rows that are nearest to
      row i by Euclidean distance, the nearest first.
    """
    neighbours = None
    ##############################################################################
    # TODO: Compute the distance of every row to every other one, without a loop #
    # over rows if you can, and sort. A row must not find itself.                #
    ##############################################################################
    ### BEGIN SOLUTION
    distances = torch.cdist(features, features)
    distances.fill_diagonal_(float("inf"))
    neighbours = distances.argsort(dim=1)[:, :k]
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return neighbours

# %% nbgrader={"grade": true, "grade_id": "check_nearest_neighbours", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("nearest_neighbours")
### END HIDDEN TESTS
check(nearest_neighbours)

# %% [markdown]
# Twenty pictures are too few to look for neighbours, so cut twelve random pieces out of each. The feature of a piece
# is the mean of the last layer's 512 maps over all places. Below: one piece from each of six pictures, then its four
# nearest neighbours, first by features and then by pixels. How often does the nearest one come from the same
# photograph?

# %% tags=["demo"]
generator = torch.Generator().manual_seed(0)
pieces, origin = [], []
for index, picture in enumerate(X_tensor):
    for top, left in torch.randint(0, 224 - 128 + 1, (12, 2), generator=generator).tolist():
        pieces.append(picture[:, top : top + 128, left : left + 128])
        origin.append(index)
pieces, origin = torch.stack(pieces), torch.tensor(origin)
with torch.no_grad():
    features = torch.cat([model.features(some).mean(dim=(2, 3)) for some in pieces.split(24)])

by_features = nearest_neighbours(features, 4)
by_pixels = nearest_neighbours(F.avg_pool2d(pieces, 4).flatten(1), 4)
shares = [(origin[found[:, 0]] == origin).double().mean() for found in (by_features, by_pixels)]
print(f"the nearest of {len(pieces)} is of the same photograph: by features {shares[0]:.0%}, by pixels {shares[1]:.0%}")

asked = [12 * index for index in (0, 3, 8, 14, 15, 16)]
rows = [[pieces[i : i + 1] for i in (query, *by_features[query], *by_pixels[query])] for query in asked]
by = [sentence("features {i}", i=i) for i in range(1, 5)] + [sentence("pixels {i}", i=i) for i in range(1, 5)]
plots.table(rows, [""] * len(rows), ["piece", *by])

# %% [markdown]
# ## 3. From many dimensions to two
#
# A feature vector has hundreds of entries, a page has two directions. Principal component analysis (Pearson
# [2], Hotelling [3]) keeps those directions along which the features vary most. With the centred rows
# $\tilde f_i = f_i - \bar f$ and the singular value decomposition $\tilde F = U S V^\top$, the columns of $V$
# are these directions, in order, and the coordinates are
#
# $$ Z = \tilde F \, V_{:, 1..k} . $$
#
# A direction and its opposite are equally good, so the sign of each column of $Z$ is yours to choose.

# %% nbgrader={"grade": false, "grade_id": "pca", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pca(features, k):
    """
    Coordinates of the rows along the k directions in which they vary most.

    Inputs:
    - features: Tensor of shape (N, D), the features of N pictures. N may be larger or smaller than D.
    - k: An integer, 1 <= k < N and k <= D.

    Returns:
    - coordinates: Tensor of shape (N, k): the centred rows in the new axes, that of the greatest variance first.
      Each column may have either sign.
    """
    coordinates = None
    ##############################################################################
    # TODO: Centre the features, find the k directions of greatest variance, and #
    # return the coordinates of the centred rows in them: neither rescaled nor   #
    # whitened.                                                                  #
    #                                                                            #
    # HINT: torch.linalg.svd sorts by falling, torch.linalg.eigh by rising       #
    # values.                                                                    #
    ##############################################################################
    ### BEGIN SOLUTION
    centred = features - features.mean(dim=0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    coordinates = centred @ directions[:k].T
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return coordinates

# %% nbgrader={"grade": true, "grade_id": "check_pca", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("pca")
### END HIDDEN TESTS
check(pca)

# %% [markdown]
# Two principal components of the 240 pieces, and what t-SNE (van der Maaten and Hinton [13]) makes of the first thirty.
# Where points crowd, their pictures would cover each other. So each picture is moved to a cell of a grid of its own,
# such that all of them together move as little as possible (a linear assignment).
#
# Two components keep only a small part of what the features know, so PCA mixes pictures that t-SNE, which cares for
# near neighbours alone, keeps apart. In t-SNE, mind: the distance *between* groups means little.

# %% tags=["demo"]
from sklearn.manifold import TSNE

coordinates = pca(features, 30)
share = coordinates[:, :2].var(dim=0).sum() / features.var(dim=0).sum()
print(f"the first two components hold {share:.0%} of the variance")
small = F.avg_pool2d(pieces, 2)
display(plots.mosaic(small, snap_to_grid(coordinates[:, :2].numpy(), 12, 20), "Two principal components, on a grid"))

embedded = TSNE(perplexity=12, init="pca", random_state=0).fit_transform(coordinates.numpy())
plots.mosaic(small, snap_to_grid(embedded, 12, 20), "t-SNE, on a grid")

# %% [markdown]
# Where labels are few and known, colours say more than pictures: handwritten digits (scikit-learn carries 1797 of them,
# 8 x 8 pixels each), a point a digit. Your two components barely tell some digits apart; t-SNE draws an island for each.

# %% tags=["demo"]
from sklearn.datasets import load_digits

digits, labels = load_digits(return_X_y=True)
two = pca(torch.from_numpy(digits).float(), 2).numpy()
islands = TSNE(init="pca", random_state=0).fit_transform(digits)
plots.scatter([two, islands], labels, ["PCA", "t-SNE"], "1797 handwritten digits")

# %% [markdown]
# ## 4. What a neuron sees
#
# A neuron of a deep layer sees only part of the picture, its receptive field. To find it, walk down from
# the neuron: position $r$ of a layer with kernel $K$, stride $S$ and padding $P$ sees the positions
#
# $$ rS - P, \;\dots,\; rS - P + K - 1 $$
#
# of the layer below, and a range of positions sees all that its first and its last one see. In the end cut off
# what lies outside the picture. Zeiler and Fergus [4] put the patches that excite a neuron most side by side, each as
# large as this box; Araujo, Norris and Sim [5] derive the arithmetic.

# %% nbgrader={"grade": false, "grade_id": "receptive_field_box", "locked": false, "schema_version": 3, "solution": true, "task": false}
def receptive_field_box(row, column, layers, height, width):
    """
    The box of pixels that a neuron can see.

    Inputs:
    - row, column: Integers, the place of the neuron in the last feature map, counted from 0.
    - layers: List of (kernel, stride, padding) of the layers from the picture up to that map.
    - height, width: Integers, the size of the picture.

    Returns:
    - box: LongTensor of shape (4,): top, left, bottom, right of the pixels seen, clipped to the picture. As in
      a slice, bottom and right are the first row and column that are NOT seen.
    """
    box = None
    ##############################################################################
    # TODO: Start with the box that holds the neuron alone and walk through the  #
    # layers from the last to the first: in each, ask which positions below the  #
    # first and the last row (and column) of the box see. Clip at the end.       #
    ##############################################################################
    ### BEGIN SOLUTION
    top, left, bottom, right = row, column, row, column
    for kernel, stride, padding in reversed(layers):
        top = top * stride - padding
        left = left * stride - padding
        bottom = bottom * stride - padding + kernel - 1
        right = right * stride - padding + kernel - 1
    box = torch.tensor([max(top, 0), max(left, 0), min(bottom + 1, height), min(right + 1, width)])
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return box

# %% nbgrader={"grade": true, "grade_id": "check_receptive_field_box", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("receptive_field_box")
### END HIDDEN TESTS
check(receptive_field_box)

# %% [markdown]
# Now the patches that excite a channel most. The pictures enter at 448 pixels, so that there are more places to choose
# from; neurons at the border of the map are left out, for they see padding, and no picture may appear more than twice.
# A fire module looks through its 3 x 3 filters, so for its box it is one layer with kernel 3, stride 1 and padding 1.
#
# Twenty pictures are few: with a thousand of them each row would be a clearer answer. Some channels are clear even so.

# %% tags=["demo"]
FIRE, POOL = (3, 1, 1), (3, 2, 0)
LAYERS = [(3, 2, 0), POOL, FIRE, FIRE, POOL, FIRE, FIRE, POOL, FIRE, FIRE]  # up to features[10]
large = F.interpolate(X_tensor, size=(448, 448), mode="bicubic")
with torch.no_grad():
    maps = torch.cat([model.features[:11](some) for some in large.split(4)])


def strongest_patches(channel, count=8, per_picture=2, border=1):
    """The patches that excite a channel of features[10] most, at one size."""
    inner = maps[:, channel, border:-border, border:-border]
    values, places = inner.flatten(1).topk(per_picture, dim=1)
    best = values.flatten().argsort(descending=True)[:count]
    patches = []
    for number in best.tolist():
        picture, place = number // per_picture, int(places.flatten()[number])
        row, column = place // inner.shape[2] + border, place % inner.shape[2] + border
        top, left, bottom, right = receptive_field_box(row, column, LAYERS, 448, 448).tolist()
        patch = large[picture : picture + 1, :, top:bottom, left:right]
        patches.append(F.interpolate(patch, size=(96, 96), mode="bilinear", antialias=True))
    return patches


peaks = maps.amax(dim=(2, 3))  # how much each channel fires at most, in each picture
selective = (peaks.amax(dim=0) / peaks.mean(dim=0).clamp(min=1e-3)).argsort(descending=True)
channels = selective[peaks.amax(dim=0)[selective] > peaks.amax(dim=0).median()][:6].tolist()
plots.table(
    [strongest_patches(channel) for channel in channels], [sentence("channel {c}", c=c) for c in channels], [""] * 8,
    "What excites six channels of features[10] most",
)

# %% [markdown]
# ## 5. Occlusion
#
# Cover part of the picture and ask the network again: where the probability of the class falls, it was
# looking (Zeiler and Fergus [4], section 4.2). The probability is that of a softmax,
#
# $$ p_y = \frac{e^{s_y}}{\sum_j e^{s_j}} . $$
#
# No gradient is needed, but one pass through the network for each place of the square: several covered copies in one
# batch go faster than one after the other.

# %% nbgrader={"grade": false, "grade_id": "occlusion_map", "locked": false, "schema_version": 3, "solution": true, "task": false}
def occlusion_map(X, y, model, patch, stride):
    """
    Probability of a class while a gray square covers the picture, for every place of the square.

    Inputs:
    - X: Tensor of shape (1, 3, H, W), a normalised picture. Must not be changed.
    - y: An integer in [0, C), the class to watch.
    - model: A network that maps pictures to raw scores of shape (N, C).
    - patch: An integer, the side of the square in pixels.
    - stride: An integer, by how many pixels the square moves.

    Returns:
    - heatmap: Tensor of shape (rows, columns) with rows = (H - patch) // stride + 1, columns likewise: entry
      (r, c) is the probability of class y when the square whose upper left corner is pixel (r * stride,
      c * stride) is set to 0, the mean colour, and the rest of the picture is as it was.
    """
    heatmap = None
    ##############################################################################
    # TODO: Make a covered copy of the picture for each place of the square, and #
    # let several of them go through the network together. No gradients are      #
    # needed: torch.no_grad() saves memory.                                      #
    ##############################################################################
    ### BEGIN SOLUTION
    rows = (X.shape[2] - patch) // stride + 1
    columns = (X.shape[3] - patch) // stride + 1
    heatmap = torch.zeros(rows, columns)
    with torch.no_grad():
        for row in range(rows):
            covered = X.repeat(columns, 1, 1, 1)
            for column in range(columns):
                top, left = row * stride, column * stride
                covered[column, :, top : top + patch, left : left + patch] = 0
            heatmap[row] = model(covered).softmax(dim=1)[:, y]
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return heatmap

# %% nbgrader={"grade": true, "grade_id": "check_occlusion_map", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("occlusion_map")
### END HIDDEN TESTS
check(occlusion_map)

# %% [markdown]
# Bright: covering this place costs the class most of its probability. The square is 48 pixels wide and moves by 16.
# Compare with the saliency maps of the first notebook: occlusion is coarser, but it asks a question that needs no
# derivative, and it measures what it shows.

# %% tags=["demo"]
chosen = [0, 3, 15, 16]
names = [class_names[int(y[i])].split(",")[0] for i in chosen]
covered = torch.stack(
    [occlusion_map(X_tensor[i : i + 1], int(y[i]), model, 48, 16) for i in tqdm(chosen, desc="occlusion")]
)
plots.overlays(X_tensor[chosen], -covered, names, "occlusion")

# %% [markdown]
# ## 6. From a saliency map to a segmentation
#
# A saliency map says roughly where an object is. GrabCut (Rother, Kolmogorov and Blake [6]) turns a rough guess
# into an outline by learning the colours of object and background; Simonyan, Vedaldi and Zisserman [7] made
# the guess from the saliency map. OpenCV wants one label for each pixel:
#
# | label | meaning | here: pixels whose saliency is |
# |---|---|---|
# | 0 | surely background | below the 30th percentile |
# | 1 | surely object | above the 95th percentile |
# | 2 | probably background | in between |
# | 3 | probably object | above the 75th percentile, not above the 95th |
#
# The $q$-th percentile is the value below which $q$ percent of the *pixels* lie.

# %% nbgrader={"grade": false, "grade_id": "grabcut_seeds", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grabcut_seeds(saliency):
    """
    Labels from which GrabCut starts.

    Input:
    - saliency: Tensor of shape (H, W), a smoothed saliency map.

    Returns:
    - seeds: Tensor of shape (H, W), dtype torch.uint8, of the labels in the table above.
    """
    seeds = None
    ##############################################################################
    # TODO: Find the three percentiles of the map, and give each pixel its       #
    # label.                                                                     #
    #                                                                            #
    # HINT: torch.quantile counts from 0 to 1.                                   #
    ##############################################################################
    ### BEGIN SOLUTION
    low, high, highest = torch.quantile(saliency, torch.tensor([0.30, 0.75, 0.95]))
    seeds = torch.full(saliency.shape, 2, dtype=torch.uint8)
    seeds[saliency < low] = 0
    seeds[saliency > high] = 3
    seeds[saliency > highest] = 1
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return seeds

# %% nbgrader={"grade": true, "grade_id": "check_grabcut_seeds", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("grabcut_seeds")
### END HIDDEN TESTS
check(grabcut_seeds)

# %% [markdown]
# Nobody labelled a single pixel for these outlines: the network learnt from names of pictures, and GrabCut from the
# picture's own colours. The plain mask above it, all pixels whose saliency is above the 75th percentile, knows
# nothing of colours. GrabCut goes wrong where object and background share their colours, or where the network looks at
# only part of the object.

# %% tags=["demo"]
import cv2

images = X_tensor[chosen].clone().requires_grad_()
model(images).gather(1, y_tensor[chosen].view(-1, 1)).sum().backward()
rows = [[], [], [], []]
for i, gradient in zip(chosen, images.grad):
    smooth = cv2.GaussianBlur(gradient.abs().amax(dim=0).numpy(), (0, 0), 4)
    above = X_tensor[i].clone()
    above[:, torch.from_numpy(smooth < np.percentile(smooth, 75))] *= 0.15
    mask = grabcut_seeds(torch.from_numpy(smooth)).numpy()
    marked = X_tensor[i].clone()
    marked[:, torch.from_numpy(mask == 0)] *= 0.15
    marked[:, torch.from_numpy(mask == 1)] += 1.2
    picture = Image.fromarray(X[i]).resize((256, 256), Image.Resampling.BICUBIC).crop((16, 16, 240, 240))
    cv2.setRNGSeed(0)
    cv2.grabCut(
        np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]), mask, None,
        np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK,
    )
    outlined = X_tensor[i] * torch.from_numpy(np.isin(mask, (1, 3))).float()
    for row, shown in zip(rows, (X_tensor[i], above, marked, outlined)):
        row.append(shown[None])
plots.table(rows, ["picture", "threshold", "seeds", "GrabCut"], names)

# %% [markdown]
# ## 7. Guided backprop
#
# On the way back, a ReLU lets a gradient $g$ pass where its own input $x$ was positive. A deconvnet [4] looks at
# the gradient instead: it lets positive ones pass. Springenberg et al. [8] ask for both,
#
# $$ g' = g \cdot [\,x > 0\,] \cdot [\,g > 0\,] , $$
#
# and what arrives at the pixels is a sharp picture of what excites a neuron.

# %% nbgrader={"grade": false, "grade_id": "guided_relu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def guided_relu_backward(gradient, relu_input):
    """
    The gradient that guided backprop hands on through a ReLU.

    Inputs:
    - gradient: Tensor of any shape, the gradient that comes back from above. Must not be changed.
    - relu_input: Tensor of the same shape, what the ReLU was given on the way forward.

    Returns:
    - guided: Tensor of the same shape: the gradient where both it and the ReLU's input are greater than zero,
      0 elsewhere.
    """
    guided = None
    ##############################################################################
    # TODO: Apply the formula above, for tensors of any shape at once.           #
    ##############################################################################
    ### BEGIN SOLUTION
    guided = gradient * (gradient > 0) * (relu_input > 0)
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return guided

# %% nbgrader={"grade": true, "grade_id": "check_guided_relu_backward", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("guided_relu_backward")
### END HIDDEN TESTS
check(guided_relu_backward)

# %% [markdown]
# `guided_backprop` applies your rule at every ReLU on the way back. First the score of each picture's class, then one
# neuron in the middle: of the channel of `features.9` that fires most, the most active one. Gray means no influence.

# %% tags=["demo"]
display(plots.gradients(
    X_tensor[chosen], guided_backprop(model, X_tensor[chosen], y_tensor[chosen], rule=guided_relu_backward), names
))

with torch.no_grad():
    middle = model.features[:10](X_tensor[chosen])
channel = int(middle.amax(dim=(2, 3)).mean(dim=0).argmax())
pictures = []
for picture, activations in zip(X_tensor[chosen], middle[:, channel]):
    position = divmod(int(activations.argmax()), activations.shape[1])
    neuron = Unit("features.9", channel, position)
    pictures.append(guided_backprop(model, picture[None], neuron, rule=guided_relu_backward))
plots.gradients(X_tensor[chosen], torch.cat(pictures), names, sentence("channel {c} of features.9", c=channel))

# %% [markdown]
# ### Bonus: three more maps, and a test that a map should pass
#
# Grad-CAM (Selvaraju et al. [14]) weighs the last layer's maps by their gradients; SmoothGrad (Smilkov et al. [15])
# averages the gradient over noisy copies; integrated gradients (Sundararajan et al. [16]) follow it from a gray
# picture to this one, so that all contributions add up to the score.

# %% tags=["demo"]
targets = y_tensor[chosen]
display(plots.overlays(X_tensor[chosen], grad_cam(model, X_tensor[chosen], targets, layer="features.12"), names))
smooth = smooth_grad(model, X_tensor[chosen], targets, samples=16)
integrated = integrated_gradients(model, X_tensor[chosen], targets, steps=16)
display(plots.saliency_rows(X_tensor[chosen], smooth.abs().amax(dim=1), names))
plots.saliency_rows(X_tensor[chosen], integrated.abs().amax(dim=1), names)

# %% [markdown]
# Adebayo et al. [17] ask of such a map: does it change when the network forgets what it has learnt? Here the weights
# are replaced by random ones, from the scores downwards, one layer after another. A map that stays as it is describes
# the picture, not the network. Guided backprop keeps drawing the same edges for long: beautiful is not the same as
# faithful.

# %% tags=["demo"]
guided = functools.partial(guided_backprop, rule=guided_relu_backward)
picture, target = X_tensor[chosen[:1]], targets[:1]
rows, similar = [], []
for technique in (input_gradient, guided):
    steps = randomization_check(model, picture, target, technique=technique)
    shown = [steps[number] for number in (0, 1, 4, 10, len(steps) - 1)]
    strongest = [step.maps.abs().amax(dim=(1, 2, 3), keepdim=True).clamp(min=1e-12) for step in shown]
    rows.append([as_network_input(0.5 + 1.5 * step.maps / most) for step, most in zip(shown, strongest)])
    similar.append(", ".join(f"{step.similarity[0]:.2f}" for step in shown))
print(f"rank correlation with the first map, of the gradient: {similar[0]}; of guided backprop: {similar[1]}")
layers = [sentence("random: {layer}", layer=step.layer.removesuffix(".squeeze")) for step in shown[1:]]
plots.table(rows, ["gradient", "guided backprop"], ["as trained", *layers])

# %% [markdown]
# ## 8. Pictures made of waves
#
# Gradient ascent on pixels likes fast oscillations. Olah, Mordvintsev and Schubert [9] move in another
# space: the picture is a sum of waves, and each wave's amplitude is divided by its frequency, so that a step
# of one size changes coarse shapes more than fine noise, as in photographs.
#
# A wave with $f_y$ and $f_x$ cycles a pixel has the frequency $f = \sqrt{f_y^2 + f_x^2}$. The mean colour has
# frequency zero and cannot be divided by it; it is treated as one wave over the longer side $L$ of the picture:
#
# $$ \hat I(f_y, f_x) = \frac{\hat z(f_y, f_x)}{\max(f, 1/L)} , \qquad I = \mathrm{irfft2}(\hat I) . $$
#
# A real picture of $h \times w$ pixels has $h \times (\lfloor w/2 \rfloor + 1)$ independent waves.

# %% nbgrader={"grade": false, "grade_id": "spectrum_to_image", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spectrum_to_image(spectrum, height, width):
    """
    The picture that belongs to a spectrum.

    Inputs:
    - spectrum: Tensor of shape (1, 3, height, width // 2 + 1, 2), real and imaginary parts of the waves.
    - height, width: Integers, the size of the picture.

    Returns:
    - image: Tensor of shape (1, 3, height, width), differentiable with respect to the spectrum.
    """
    image = None
    ##############################################################################
    # TODO: Divide each wave by the formula above and transform back with        #
    # torch.fft.irfft2 to height x width, with norm="ortho".                     #
    #                                                                            #
    # HINT: torch.fft.fftfreq and torch.fft.rfftfreq list the frequencies along  #
    # rows and columns, in cycles a pixel; torch.view_as_complex joins real and  #
    # imaginary parts.                                                           #
    ##############################################################################
    ### BEGIN SOLUTION
    vertical = torch.fft.fftfreq(height).reshape(-1, 1)
    horizontal = torch.fft.rfftfreq(width)
    frequency = (vertical**2 + horizontal**2).sqrt()
    waves = torch.view_as_complex(spectrum) / frequency.clamp(min=1 / max(height, width))
    image = torch.fft.irfft2(waves, s=(height, width), norm="ortho")
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return image

# %% nbgrader={"grade": true, "grade_id": "check_spectrum_to_image", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("spectrum_to_image")
### END HIDDEN TESTS
check(spectrum_to_image)

# %% [markdown]
# ### Gradient ascent, one regulariser at a time
#
# `visualize` climbs to what a class, a channel or a neuron likes best. In pixels and left alone it ends in noise. An L2
# penalty keeps the numbers small, a blur removes fast oscillations, and a random shift before every step forbids what
# fits in one place only. The last picture is made of waves, with your function.

# %% tags=["demo"]
canvas = torch.zeros(1, 3, 128, 128)
alone = dict(parametrisation="pixels", steps=64, learning_rate=0.05, jitter=0, scale=(1, 1), rotation=0, progress=False)
ways = {
    "pixels": alone,
    "L2": alone | {"l2": 1e-3},
    "blur": alone | {"blur": 0.5},
    "jitter": alone | {"jitter": 8},
    "all three": alone | {"l2": 1e-3, "blur": 0.5, "jitter": 8},
    "waves": dict(spectrum_to_image=spectrum_to_image, steps=96, jitter=8, progress=False),
}
classes = {"flamingo": 130, "tarantula": 76}
rows = [
    [visualize(model, canvas, label, **options).image for options in tqdm(ways.values())]
    for label in classes.values()
]
plots.table(rows, list(classes), list(ways), stretch=True)

# %% [markdown]
# With more steps and more pixels, and looking at the picture through random shifts, scales and rotations, the waves
# become a picture worth keeping. Try your own class; animals are rewarding.

# %% tags=["demo"]
result = visualize(model, torch.zeros(1, 3, 224, 224), 130, spectrum_to_image=spectrum_to_image)
plots.filmstrip(result, class_names[130].split(",")[0])

# %% [markdown]
# Channels, layer by layer: strokes, then textures, then parts of things. The score of a channel is taken before its
# ReLU, because a silent channel has no gradient behind it. Last, a single neuron: it paints only the box that you
# computed in section 4.

# %% tags=["demo"]
layers = ["features.3", "features.6", "features.9", "features.12"]
channels = [5, 20, 45, 70]
options = dict(spectrum_to_image=spectrum_to_image, steps=96, progress=False)
rows = [
    [visualize(model, canvas, Unit(layer, channel), **options).image for channel in channels]
    for layer in tqdm(layers, desc="layers")
]
display(plots.table(rows, layers, [sentence("channel {c}", c=c) for c in channels], stretch=True))

neuron = visualize(model, canvas, Unit("features.9", 20, (3, 3)), spectrum_to_image=spectrum_to_image, steps=96)
plots.filmstrip(neuron, "one neuron of features.9")

# %% [markdown]
# ## 9. Adversarial examples, with a margin
#
# A fooling image that wins by a hair loses when it is stored in eight bits. Carlini and Wagner [10] therefore
# climb the margin by which the target $t$ leads,
#
# $$ m = s_t - \max_{j \ne t} s_j , $$
#
# until it is as large as they want: positive means fooled.

# %% nbgrader={"grade": false, "grade_id": "target_margin", "locked": false, "schema_version": 3, "solution": true, "task": false}
def target_margin(scores, target_y):
    """
    By how much each picture's target leads all other classes.

    Inputs:
    - scores: Tensor of shape (N, C), raw scores of N pictures.
    - target_y: LongTensor of shape (N,), a class for each picture.

    Returns:
    - margin: Tensor of shape (N,): the target's score minus the largest score of the other classes.
      Differentiable with respect to the scores.
    """
    margin = None
    ##############################################################################
    # TODO: Pick the target's score of each row, and the largest of the others.  #
    # The target itself must not take part in that maximum, whatever the signs   #
    # of the scores, and the caller's scores stay as they are.                   #
    ##############################################################################
    ### BEGIN SOLUTION
    target = scores.gather(1, target_y.reshape(-1, 1))
    others = scores.scatter(1, target_y.reshape(-1, 1), float("-inf"))
    margin = target.squeeze(1) - others.amax(dim=1)
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return margin

# %% nbgrader={"grade": true, "grade_id": "check_target_margin", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("target_margin")
### END HIDDEN TESTS
check(target_margin)

# %% [markdown]
# Below, four pictures become a stingray. `adversarial` climbs your margin and stops where it is as large as
# `confidence`: once by a hair, once by 2. Distances are in the 256 levels of a colour, over the whole picture (L2) and
# the largest change of a single value. Then the picture is rounded to eight bits a colour, as any file does.

# %% tags=["demo"]
pictures, stingray = X_tensor[chosen], 6
print("margin asked   L2    largest   still a stingray in a file of 8 bits")
for confidence in (0.001, 0.1, 2.0):
    made = adversarial(model, pictures, stingray, confidence=confidence, margin=target_margin, progress=False)
    survives = int((made.rounded_margins > 0).sum())
    print(f"{confidence:10.3f} {made.l2.mean():8.1f} {made.largest.max():8.1f}     {survives} / {len(pictures)}")
with torch.no_grad():
    scores = model(pictures[:1]), model(made.images[:1])
plots.fooling(pictures[:1], made.images[:1], *scores, class_names)

# %% [markdown]
# How near is that? foolbox [18] carries the attacks of the literature. Projected gradient descent (Madry et al. [19])
# is tried at growing radii; the first that succeeds for a picture counts.

# %% tags=["demo"]
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what its import says
    import foolbox

bounded = foolbox.PyTorchModel(
    model, bounds=(0, 1), device="cpu", preprocessing=dict(mean=SQUEEZENET_MEAN, std=SQUEEZENET_STD, axis=-3)
)
wanted = foolbox.criteria.TargetedMisclassification(torch.full((len(pictures),), stingray))
raw = as_colours(pictures)
radii = [0.5, 0.7, 1.0, 1.4, 2.0]
_, attacked, success = foolbox.attacks.L2PGD(rel_stepsize=0.15, steps=15)(bounded, raw, wanted, epsilons=radii)
nearest = adversarial(model, pictures, stingray, confidence=0.001, margin=target_margin, progress=False)
for index, name in enumerate(names):
    hits = [float((255 * (other[index] - raw[index])).norm()) for other, hit in zip(attacked, success) if hit[index]]
    foolboxs = f"{min(hits):6.1f}" if hits else "     -"
    print(f"{name:24s} L2 in levels: foolbox {foolboxs}, yours {nearest.l2[index]:6.1f}")

# %% [markdown]
# ## 10. DeepDream
#
# Mordvintsev, Olah and Tyka [11] ask a layer for more of whatever it sees. The objective is half the sum of its
# squared activations,
#
# $$ E(I) = \tfrac12 \sum_i a_i(I)^2 , $$
#
# whose gradient with respect to an activation is that activation: what is strong gets stronger.

# %% nbgrader={"grade": false, "grade_id": "dream_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dream_gradient(img, model, layer):
    """
    Gradient of half the sum of squared activations of a layer with respect to the picture.

    Inputs:
    - img: Tensor of shape (1, 3, H, W). Neither it nor its .grad must be changed.
    - model: A network whose modules up to the classifier are listed in model.features. Its parameters' gradients must
      not be changed.
    - layer: An integer, the number of the module in model.features whose output counts.

    Returns:
    - gradient: Tensor of shape (1, 3, H, W).
    """
    gradient = None
    ##############################################################################
    # TODO: Send a copy of the picture through the modules of model.features up  #
    # to AND including number layer, and differentiate half the sum of the       #
    # squared outputs with respect to it.                                        #
    #                                                                            #
    # HINT: torch.autograd.grad returns a gradient and leaves every .grad alone. #
    ##############################################################################
    ### BEGIN SOLUTION
    image = img.detach().clone().requires_grad_()
    activations = model.features[: layer + 1](image)
    (gradient,) = torch.autograd.grad(0.5 * activations.pow(2).sum(), image)
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return gradient

# %% nbgrader={"grade": true, "grade_id": "check_dream_gradient", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("dream_gradient")
### END HIDDEN TESTS
check(dream_gradient)

# %% [markdown]
# `deepdream` follows your gradient on a small copy of the picture first and carries what was dreamt to the next octave,
# so that things of all sizes appear. Before each step the gradient's coarse and fine parts are made equally strong
# (a Laplacian pyramid); without that a plain gradient barely shows. Middle layers dream of textures, `features[11]`
# of eyes and snouts: a tenth of ImageNet's classes are dogs.

# %% tags=["demo"]
photographs = [preprocess(registry.picture(name), size=320) for name in ("china", "chelsea")]
rows = [
    [photograph, *[deepdream(model, photograph, layer, gradient=dream_gradient, steps=20) for layer in (4, 7, 11)]]
    for photograph in photographs
]
plots.table(rows, ["china", "chelsea"], ["photograph", "features[4]", "features[7]", "features[11]"])

# %% [markdown]
# ## 11. Feature inversion
#
# What does a layer still know of the picture? Mahendran and Vedaldi [12] look for a picture with the same
# features $\Phi_0$ and judge it by the squared error relative to their size,
#
# $$ L = \frac{\sum (\Phi - \Phi_0)^2}{\sum \Phi_0^2} , $$
#
# so that layers of different strength can be compared: 1 is what a layer of zeros would get.

# %% nbgrader={"grade": false, "grade_id": "inversion_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inversion_loss(feats, target):
    """
    Squared error of features, relative to the target's size.

    Inputs:
    - feats: Tensor of shape (1, C, H, W), features of the picture so far.
    - target: Tensor of shape (1, C, H, W), features of the picture that is looked for.

    Returns:
    - loss: Scalar tensor: the sum of squared differences divided by the sum of squares of the target. Differentiable with
      respect to feats.
    """
    loss = None
    ##############################################################################
    # TODO: Compute the loss by the formula above.                               #
    ##############################################################################
    ### BEGIN SOLUTION
    loss = (feats - target).pow(2).sum() / target.pow(2).sum()
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return loss

# %% nbgrader={"grade": true, "grade_id": "check_inversion_loss", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("inversion_loss")
### END HIDDEN TESTS
check(inversion_loss)

# %% [markdown]
# `invert` paints, in waves, until a layer's features are those of the photograph. Early layers remember everything.
# Deeper ones keep what things are made of and forget where exactly: that is what they were trained for.

# %% tags=["demo"]
photograph = preprocess(registry.picture("chelsea"), size=192)
layers = ["features.3", "features.6", "features.9", "features.11", "features.12"]
options = dict(loss=inversion_loss, spectrum_to_image=spectrum_to_image, steps=120, progress=False)
inverted = [invert(model, photograph, layer, **options) for layer in tqdm(layers, desc="layers")]
plots.gallery([photograph, *inverted], ["photograph", *layers])

# %% [markdown]
# ### Texture synthesis
#
# Forget on purpose where things are: match Gram matrices (Gatys et al. [20]), and what comes out has the texture of a
# picture and nothing of its composition. The Gram matrix is the one of StyleTransfer: write it here once more, under
# another name.

# %% nbgrader={"grade": false, "grade_id": "texture_gram", "locked": false, "schema_version": 3, "solution": true, "task": false}
def texture_gram(features):
    """What your gram_matrix of StyleTransfer does, under another name: (N, C, H, W) to (N, C, C), normalised."""
    gram = None
    ### BEGIN SOLUTION
    flat = features.flatten(2)
    gram = flat @ flat.transpose(1, 2) / flat[0].numel()
    ### END SOLUTION
    return gram

# %% tags=["demo"]
styles = [preprocess(registry.picture(name), size=192) for name in ("flow", "stained_glass")]
layers = ["features.1", "features.3", "features.4", "features.6", "features.7"]
if texture_gram(torch.ones(1, 2, 3, 3)) is None:
    print("Fill in texture_gram first: your Gram matrix from StyleTransfer does it.")
else:
    how = dict(gram=texture_gram, loss=inversion_loss, variation=0.03, steps=150)
    textures = [texture(model, style, layers, **how) for style in styles]
    display(plots.table([styles, textures], ["picture", "texture"], ["flow", "stained glass"]))

# %% [markdown]
# ## References
#
# 1. A. Krizhevsky, I. Sutskever, G. Hinton: *ImageNet Classification with Deep Convolutional Neural Networks.* NeurIPS, 2012.
# 2. K. Pearson: *On lines and planes of closest fit to systems of points in space.* Philosophical Magazine, 1901.
# 3. H. Hotelling: *Analysis of a complex of statistical variables into principal components.* Journal of Educational Psychology, 1933.
# 4. M. Zeiler, R. Fergus: *Visualizing and Understanding Convolutional Networks.* ECCV, 2014.
# 5. A. Araujo, W. Norris, J. Sim: *Computing Receptive Fields of Convolutional Neural Networks.* Distill, 2019.
# 6. C. Rother, V. Kolmogorov, A. Blake: *"GrabCut": Interactive Foreground Extraction using Iterated Graph Cuts.* SIGGRAPH, 2004.
# 7. K. Simonyan, A. Vedaldi, A. Zisserman: *Deep Inside Convolutional Networks: Visualising Image Classification Models and Saliency Maps.* ICLR Workshop, 2014.
# 8. J. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller: *Striving for Simplicity: The All Convolutional Net.* ICLR Workshop, 2015.
# 9. C. Olah, A. Mordvintsev, L. Schubert: *Feature Visualization.* Distill, 2017.
# 10. N. Carlini, D. Wagner: *Towards Evaluating the Robustness of Neural Networks.* IEEE Symposium on Security and Privacy, 2017.
# 11. A. Mordvintsev, C. Olah, M. Tyka: *Inceptionism: Going Deeper into Neural Networks.* Google Research Blog, 2015.
# 12. A. Mahendran, A. Vedaldi: *Understanding Deep Image Representations by Inverting Them.* CVPR, 2015.
# 13. L. van der Maaten, G. Hinton: *Visualizing Data using t-SNE.* Journal of Machine Learning Research, 2008.
# 14. R. Selvaraju et al.: *Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization.* ICCV, 2017.
# 15. D. Smilkov et al.: *SmoothGrad: removing noise by adding noise.* ICML Workshop, 2017.
# 16. M. Sundararajan, A. Taly, Q. Yan: *Axiomatic Attribution for Deep Networks.* ICML, 2017.
# 17. J. Adebayo et al.: *Sanity Checks for Saliency Maps.* NeurIPS, 2018.
# 18. J. Rauber, W. Brendel, M. Bethge: *Foolbox: A Python toolbox to benchmark the robustness of machine learning models.* ICML Workshop, 2017.
# 19. A. Madry et al.: *Towards Deep Learning Models Resistant to Adversarial Attacks.* ICLR, 2018.
# 20. L. Gatys, A. Ecker, M. Bethge: *Texture Synthesis Using Convolutional Neural Networks.* NeurIPS, 2015.
