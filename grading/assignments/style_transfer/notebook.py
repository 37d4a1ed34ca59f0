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
# # Style transfer: one picture in the manner of another
#
# A photograph says *what* is to be seen, a painting *how*. Gatys, Ecker and Bethge [1] noticed that a
# network trained to name objects keeps the two apart: its features tell what is where, and the
# *correlations* between its features, with the places forgotten, tell what the surface is like: strokes,
# colours, grain. So they made a picture whose features match a photograph and whose correlations match a
# painting.
#
# There is no network to be trained here. As in class visualization, the unknowns are the pixels $x$ of
# one image, and they are found by gradient descent on a sum of three losses:
#
# $$ L(x) \;=\; \underbrace{L_\text{content}(x)}_{\text{same things in the same places}} \;+\; \underbrace{L_\text{style}(x)}_{\text{same correlations}} \;+\; \underbrace{L_\text{tv}(x)}_{\text{smooth}} $$
#
# You will write these losses, four short functions with the Gram matrix, and then play with their
# weights. Without style there is only content: you invert the network. Without content there is only
# style: you grow a texture out of noise.
#
# **How this notebook works.** Each function comes between the lines `START OF YOUR CODE` and
# `END OF YOUR CODE`, and is followed by a cell that checks it, on the course's own numbers and on cases
# that often go wrong, and that says what to look at if one fails.

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
from dataclasses import replace

import torch
from IPython.display import display

from cs231n import plots
from cs231n.classifiers.squeezenet import extract_features, load_squeezenet
from cs231n.datasets.registry import PHOTOGRAPHS, STYLES, picture
from cs231n.image_utils import preprocess
from cs231n.self_check import check
from cs231n.sentences import sentence
from cs231n.style_transfer import PRESETS, Losses, Settings, feature_inversion, style_transfer, texture_synthesis

# %matplotlib inline

# %% [markdown]
# ### The network and its features
#
# We use SqueezeNet, trained on ImageNet, with fixed parameters. `extract_features(x, model)` gives the
# output of each of its thirteen modules for a batch of pictures `x`. With depth the pictures shrink and
# the channels multiply:

# %%
model = load_squeezenet()

photograph = preprocess(picture("chelsea"), size=192)
for index, features in enumerate(extract_features(photograph, model)):
    print(f"layer {index:2d}  {type(model.features[index]).__name__:10s}  (N, C, H, W) = {tuple(features.shape)}")

# %% [markdown]
# ### The pictures
#
# Photographs give the content. The style pictures were drawn by programs, one each for flowing brush
# strokes, stained glass, a woodblock print, and marbled paper. Put your own into the folder
# `datasets/styles` and use them by name.

# %%
display(plots.gallery([preprocess(picture(name), size=192) for name in PHOTOGRAPHS], PHOTOGRAPHS, "content"))
display(plots.gallery([preprocess(picture(name), size=192) for name in STYLES], STYLES, "style"))

# %% [markdown]
# ## 1. Content loss
#
# Let $F^\ell \in \mathbb{R}^{1 \times C_\ell \times H_\ell \times W_\ell}$ be the features of the current
# image at layer $\ell$, and $P^\ell$ those of the photograph. The content loss compares them number by
# number, so it insists that the same thing is seen at the same place:
#
# $$ L_\text{content} = w_c \sum_{c,i,j} \bigl( F^{\ell}_{c,i,j} - P^{\ell}_{c,i,j} \bigr)^2 $$
#
# It is a sum, not a mean. Where the features agree, pixels are free to differ: that freedom is what the
# style will use.

# %% nbgrader={"grade": false, "grade_id": "content_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def content_loss(content_weight, content_current, content_original):
    """
    Content loss: how far the features of an image are from those of the photograph.

    Inputs:
    - content_weight: Scalar, the weight of this loss.
    - content_current: Tensor of shape (1, C, H, W), features of the current image.
    - content_original: Tensor of shape (1, C, H, W), features of the photograph.

    Returns:
    - loss: Scalar tensor, the weighted sum of squared differences. Gradients must reach content_current.
    """
    loss = None
    ##############################################################################
    # TODO: Compute the content loss. One line is enough.                        #
    ##############################################################################
    ### BEGIN SOLUTION
    loss = content_weight * (content_current - content_original).pow(2).sum()
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return loss

# %% nbgrader={"grade": true, "grade_id": "check_content_loss", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("content_loss")
### END HIDDEN TESTS
check(content_loss)

# %% [markdown]
# ## 2. Style loss
#
# ### The Gram matrix
#
# Take the features $F$ of one picture at one layer and write each of the $C$ channels as a long row of
# $M = H \cdot W$ numbers. The Gram matrix holds the inner products of all pairs of rows,
#
# $$ G_{a,b} = \frac{1}{C H W} \sum_{k=1}^{M} F_{a,k} \, F_{b,k} . $$
#
# Where channel $a$ (say, "bluish") and channel $b$ (say, "a stroke to the upper right") tend to respond
# *together*, $G_{a,b}$ is large. The sum runs over all places, so where they did so is forgotten. This is
# the description of texture of Gatys et al. [2]. Dividing by $C H W$ makes layers and pictures of
# different sizes comparable.
#
# A batch of $N$ pictures has $N$ Gram matrices, which must not mix.

# %% nbgrader={"grade": false, "grade_id": "gram_matrix", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gram_matrix(features, normalize=True):
    """
    Gram matrices of the features of a batch of pictures.

    Inputs:
    - features: Tensor of shape (N, C, H, W), features of N pictures.
    - normalize: If True, divide by the number of features of one picture, C * H * W.

    Returns:
    - gram: Tensor of shape (N, C, C), one Gram matrix for each picture.
    """
    gram = None
    ##############################################################################
    # TODO: Compute the Gram matrices. Reshape the features so that a product of #
    # matrices does all the sums, for each picture of the batch separately.      #
    ##############################################################################
    ### BEGIN SOLUTION
    N, C, H, W = features.shape
    rows = features.reshape(N, C, H * W)
    gram = rows @ rows.transpose(1, 2)
    if normalize:
        gram = gram / (C * H * W)
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return gram

# %% nbgrader={"grade": true, "grade_id": "check_gram_matrix", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("gram_matrix")
### END HIDDEN TESTS
check(gram_matrix)

# %% [markdown]
# ### Inline question 1
#
# Cut the feature maps of a layer into single pixels and shuffle these, all channels in the same way. What
# happens to the Gram matrix, and what to the content loss? If so much is thrown away, why does a picture
# that matches the Gram matrices of a painting at *several layers* show whole brush strokes and not just
# its colours in random order?

# %% [markdown] nbgrader={"grade": true, "grade_id": "question_gram_shuffle", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# **Your answer:**
#
# ### BEGIN SOLUTION
# The Gram matrix is a sum over places, so it does not change at all; the content loss compares place by
# place and becomes large. But one cannot shuffle the *features* of a picture freely: each feature of a
# convolutional network describes a neighbourhood, its receptive field, and neighbouring features share
# pixels. "This edge filter responds together with that one" is a statement about a patch of several
# pixels, and at deeper layers, whose receptive fields are larger, about a whole stroke and its
# surroundings. Matching shallow layers fixes colours and fine grain, matching deeper layers fixes how
# these are arranged locally. Only the arrangement beyond the largest receptive field is free.
# ### END SOLUTION

# %% [markdown]
# ### Putting layers together
#
# Let $G^\ell$ be the Gram matrix of the current image at layer $\ell$ and $A^\ell$ that of the style
# picture. The style loss compares them over a chosen set of layers $\mathcal{L}$, each with its weight:
#
# $$ L_\text{style} = \sum_{\ell \in \mathcal{L}} w_\ell \sum_{a,b} \bigl( G^\ell_{a,b} - A^\ell_{a,b} \bigr)^2 $$
#
# `style_layers` lists the indices of the layers, in whatever order; `style_targets[i]` and
# `style_weights[i]` belong to `style_layers[i]`.

# %% nbgrader={"grade": false, "grade_id": "style_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def style_loss(feats, style_layers, style_targets, style_weights):
    """
    Style loss over a set of layers.

    Inputs:
    - feats: List of feature tensors of the current image, one for each layer, as extract_features returns it.
    - style_layers: List of indices into feats, the layers to compare, in any order.
    - style_targets: List of tensors of the same length: the Gram matrix, (1, C, C), that the style picture has
      at layer style_layers[i].
    - style_weights: List of scalars of the same length: the weight of layer style_layers[i].

    Returns:
    - loss: Scalar tensor, the style loss. Gradients must reach feats.
    """
    # HINT: this can be done with one loop of very few lines, and your gram_matrix
    loss = None
    ##############################################################################
    # TODO: Compute the style loss.                                              #
    ##############################################################################
    ### BEGIN SOLUTION
    loss = 0.0
    for layer, target, weight in zip(style_layers, style_targets, style_weights):
        loss = loss + weight * (gram_matrix(feats[layer]) - target).pow(2).sum()
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return loss

# %% nbgrader={"grade": true, "grade_id": "check_style_loss", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("style_loss")
### END HIDDEN TESTS
check(style_loss)

# %% [markdown]
# ## 3. Total variation
#
# Nothing so far forbids neighbouring pixels to fight. The total variation regulariser, in the squared
# form used by Mahendran and Vedaldi [3] and by Johnson et al. [4], adds up how much each pixel
# $x_{c,i,j}$ differs from the one below it and the one to the right of it, for every colour:
#
# $$ L_\text{tv} = w_t \left( \sum_{c} \sum_{i=1}^{H-1} \sum_{j=1}^{W} \bigl(x_{c,i+1,j} - x_{c,i,j}\bigr)^2 + \sum_{c} \sum_{i=1}^{H} \sum_{j=1}^{W-1} \bigl(x_{c,i,j+1} - x_{c,i,j}\bigr)^2 \right) $$
#
# Look at the limits of the four sums over places: all rows and all columns take part, also the last ones.
# And no loop is needed: a picture without its first row minus the picture without its last row is the
# whole first sum at once.

# %% nbgrader={"grade": false, "grade_id": "tv_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tv_loss(img, tv_weight):
    """
    Squared total variation: how rough a picture is.

    Inputs:
    - img: Tensor of shape (1, 3, H, W), a picture.
    - tv_weight: Scalar, the weight of this loss.

    Returns:
    - loss: Scalar tensor, the weighted sum of squared differences of vertical and of horizontal neighbours.
    """
    loss = None
    ##############################################################################
    # TODO: Compute the total variation without a loop over pixels.              #
    ##############################################################################
    ### BEGIN SOLUTION
    vertical = (img[:, :, 1:, :] - img[:, :, :-1, :]).pow(2).sum()
    horizontal = (img[:, :, :, 1:] - img[:, :, :, :-1]).pow(2).sum()
    loss = tv_weight * (vertical + horizontal)
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return loss

# %% nbgrader={"grade": true, "grade_id": "check_tv_loss", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("tv_loss")
### END HIDDEN TESTS
check(tv_loss)

# %% [markdown]
# ## 4. Painting
#
# `style_transfer` puts your functions together. It computes the targets once, starts from the photograph,
# and lets the optimiser Adam change the pixels for 200 iterations: with a learning rate of 3 at first,
# then of 0.1 for the last twenty, to settle. The image is kept within 1.5 standard deviations of the mean
# colour.
#
# `PRESETS` holds three sets of parameters. Look at what they weigh: the weights of the style layers
# differ by a factor of ten thousand and more, because deeper layers have larger features and their Gram
# matrices enter *squared*.

# %% tags=["demo"]
losses = Losses(content_loss, gram_matrix, style_loss, tv_loss)
for name, settings in PRESETS.items():
    print(f"{name}: {settings}\n")

# %% tags=["demo"]
for name, settings in PRESETS.items():
    display(plots.style_transfer(style_transfer(settings, losses, model)))

# %% [markdown]
# **Play.** `replace` makes a copy of some settings with changes: another photograph, another style, a
# different balance. A smaller `style_size` gives finer strokes, a larger `content_weight` a more faithful
# picture.

# %% tags=["demo"]
mine = replace(PRESETS["painted"], content="china")
plots.style_transfer(style_transfer(mine, losses, model))

# %% [markdown]
# **The same losses, a different walk.** Adam takes large steps and does not care for curvature. L-BFGS,
# which Gatys et al. used, builds an estimate of it from the gradients it has seen. With strong weights on
# the deeper layers the difference can be seen at once, for the same number of evaluations. The sum of the
# three losses stands above each result.

# %% tags=["demo"]
strong = Settings("china", "stained_glass", 3e-2, (200_000, 4_000, 100, 10), 2e-2, style_size=224)
for optimizer in ["adam", "lbfgs"]:
    result = style_transfer(strong, losses, model, optimizer=optimizer)
    heading = sentence("{optimizer}: total loss {loss:,.0f}", optimizer=optimizer, loss=sum(result.history[-1]))
    display(plots.style_transfer(result, heading))

# %% [markdown]
# **From small to large.** Painted small first, a picture gets large strokes; enlarged and painted on, it gets fine ones
# as well. `sizes` shares the iterations among several heights.
#
# **Two teachers.** A second style picture can be mixed in: `second_share` says how much of the Gram matrices to match
# is its own.

# %% tags=["demo"]
scales = style_transfer(strong, losses, model, optimizer="lbfgs", sizes=(96, 136, 192))
display(plots.style_transfer(scales, "three sizes, one after the other"))

two = replace(strong, style="flow", second_style="woodblock", second_share=0.5)
plots.style_transfer(style_transfer(two, losses, model, optimizer="lbfgs", sizes=(136, 192)), "two styles")

# %% [markdown]
# **Your own pictures.** Wherever a picture's name stands, the path of a file may stand: put a photograph of yours beside
# this notebook, write its name here, and run the cell again.

# %% tags=["demo"]
my_photograph, my_style = "grace_hopper", "marbling"  # for instance: "me.jpg"
own = replace(PRESETS["painted"], content=my_photograph, style=my_style, style_size=224)
plots.style_transfer(style_transfer(own, losses, model, optimizer="lbfgs", sizes=(136, 192)))

# %% [markdown]
# ### Inline question 2
#
# All three presets compare content at layer 3. Predict what changes in the result if you use layer 1
# instead, or layer 11 (with a weight that gives a loss of similar size), and try it. What does your
# observation say about what the layers keep?

# %% [markdown] nbgrader={"grade": true, "grade_id": "question_content_layer", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# **Your answer:**
#
# ### BEGIN SOLUTION
# Layer 1 is almost the picture itself (one convolution and a ReLU): matching it pins down colours and
# edges, so that the result is the photograph with some grain and little room is left for the style. Layer
# 11 has a large receptive field and has been trained to ignore where exactly and in which colour
# something appears; matching it keeps the rough arrangement of objects (or their parts), while contours
# bend and the style takes over the surface. Depth trades exact appearance for meaning; layer 3 is a
# compromise in which contours stay and colours are free.
# ### END SOLUTION

# %% [markdown]
# ## 5. Feature inversion
#
# Set all style weights to zero and start from noise: what comes back is whatever the chosen layer
# remembers of the photograph (Mahendran and Vedaldi [3]). From a shallow layer almost everything, from
# deeper layers less and less.

# %% tags=["demo"]
inverted = style_transfer(feature_inversion(mine), losses, model)
plots.gallery([inverted.content, inverted.image], ["photograph", "inverted from layer 3"])

# %% [markdown]
# ## 6. Texture synthesis
#
# Now the other way round: no content at all, noise at the start, and only the Gram matrices to match. The
# result has the surface of the style picture without repeating any part of it.

# %% tags=["demo"]
texture = style_transfer(texture_synthesis(mine), losses, model)
plots.gallery([texture.style, texture.image], ["style picture", "synthesised texture"])

# %% [markdown]
# ### Inline question 3
#
# The total variation of the result can be made as small as you like by a larger `tv_weight`. Which
# pictures have a squared total variation of zero? Describe a style that suffers early when the weight
# grows and one that hardly does, and say how the *squared* differences treat a sharp edge compared with
# the same rise spread over ten pixels.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question_total_variation", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# **Your answer:**
#
# ### BEGIN SOLUTION
# Exactly the pictures of one constant colour. A rise of $h$ in one step costs $h^2$, spread evenly over
# ten pixels $10 \cdot (h/10)^2 = h^2/10$: the squared form punishes sharp edges most and would rather
# blur them, unlike the sum of absolute differences, which gives both the same price. Styles that live on
# hard lines and fine hatching (stained glass, a woodblock print) suffer early, broad soft washes of
# colour hardly do.
# ### END SOLUTION

# %% [markdown]
# ## References
#
# 1. L. Gatys, A. Ecker, M. Bethge: *Image Style Transfer Using Convolutional Neural Networks.* CVPR, 2016.
# 2. L. Gatys, A. Ecker, M. Bethge: *Texture Synthesis Using Convolutional Neural Networks.* NeurIPS, 2015.
# 3. A. Mahendran, A. Vedaldi: *Understanding Deep Image Representations by Inverting Them.* CVPR, 2015.
# 4. J. Johnson, A. Alahi, L. Fei-Fei: *Perceptual Losses for Real-Time Style Transfer and Super-Resolution.* ECCV, 2016.
