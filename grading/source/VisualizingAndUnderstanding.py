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
import torch
from PIL import Image

from cs231n.classifiers.squeezenet import load_squeezenet
from cs231n.data_utils import load_imagenet_val
from cs231n.image_utils import preprocess
from cs231n.self_check import check

# %matplotlib inline

# %%
model = load_squeezenet()
X, y, class_names = load_imagenet_val()
X_tensor = torch.cat([preprocess(Image.fromarray(picture)) for picture in X])
y_tensor = torch.from_numpy(y).long()

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
from grading.in_kernel import points_of
check = points_of("filters_to_images")
### END HIDDEN TESTS
check(filters_to_images)

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
from grading.in_kernel import points_of
check = points_of("nearest_neighbours")
### END HIDDEN TESTS
check(nearest_neighbours)

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
from grading.in_kernel import points_of
check = points_of("pca")
### END HIDDEN TESTS
check(pca)

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
from grading.in_kernel import points_of
check = points_of("receptive_field_box")
### END HIDDEN TESTS
check(receptive_field_box)

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
from grading.in_kernel import points_of
check = points_of("occlusion_map")
### END HIDDEN TESTS
check(occlusion_map)

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
from grading.in_kernel import points_of
check = points_of("grabcut_seeds")
### END HIDDEN TESTS
check(grabcut_seeds)

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
from grading.in_kernel import points_of
check = points_of("guided_relu_backward")
### END HIDDEN TESTS
check(guided_relu_backward)

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
from grading.in_kernel import points_of
check = points_of("spectrum_to_image")
### END HIDDEN TESTS
check(spectrum_to_image)

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
from grading.in_kernel import points_of
check = points_of("target_margin")
### END HIDDEN TESTS
check(target_margin)

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
from grading.in_kernel import points_of
check = points_of("dream_gradient")
### END HIDDEN TESTS
check(dream_gradient)

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
from grading.in_kernel import points_of
check = points_of("inversion_loss")
### END HIDDEN TESTS
check(inversion_loss)

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
