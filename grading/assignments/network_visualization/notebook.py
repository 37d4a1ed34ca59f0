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
# # Network visualization: asking a trained network what it sees
#
# Until now a gradient told us how to change the *weights* of a network so that its loss falls. In this
# notebook the weights stay as they are. We take a network that already knows a thousand kinds of things
# and follow gradients all the way back to the *picture*: for an image $X$ and the score $s_y(X)$ that the
# network gives to class $y$,
#
# $$ \frac{\partial s_y(X)}{\partial X} \;\in\; \mathbb{R}^{3 \times H \times W} $$
#
# says for each of the three colours of each pixel how the score would move if that one number grew a
# little. One gradient, three uses:
#
# | you will build | question | what is done with the gradient |
# |---|---|---|
# | **saliency map** | which pixels does the score depend on? | look at its size, pixel by pixel |
# | **fooling image** | how little must change for a different answer? | follow it from a photograph, a few short steps |
# | **class visualization** | what would a perfect example of this class look like? | follow it from noise, for a long time |
#
# The first and the third were described by Simonyan, Vedaldi and Zisserman [1], the second by Szegedy and
# colleagues [2], who found that a change nobody can see is enough.
#
# **How this notebook works.** You fill in three functions, between the lines that say
# `START OF YOUR CODE` and `END OF YOUR CODE`. After each of them a cell calls `check(...)`: it tries your
# function on cases that often go wrong and says what to look at if one fails. The pictures come after
# that.

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
import numpy as np
import torch
from IPython.display import display
from PIL import Image

from cs231n import plots
from cs231n.class_visualization import create_class_visualization
from cs231n.classifiers.squeezenet import load_squeezenet
from cs231n.data_utils import load_imagenet_val
from cs231n.image_utils import preprocess
from cs231n.self_check import check

# %matplotlib inline

# %% [markdown]
# ### A trained network
#
# SqueezeNet [3] reaches the accuracy of AlexNet on ImageNet with a fiftieth of the parameters (1.2
# million), so that everything here runs in seconds on a laptop, without a graphics card. Its parameters
# are frozen and it is in evaluation mode: nothing in this notebook trains it. It maps pictures of shape
# `(N, 3, H, W)` to scores of shape `(N, 1000)`, *raw* scores: there is no softmax at its end.

# %%
model = load_squeezenet()
print(f"{sum(p.numel() for p in model.parameters()):,} parameters")

# %% [markdown]
# ### Some pictures
#
# `X` holds twenty pictures from ImageNet as bytes, `y` their labels, and `class_names` says what a label
# means. The network wants something else: floating-point numbers, colours first, with the mean colour of
# ImageNet subtracted and divided by its standard deviation. `preprocess` does this; we keep the result in
# `X_tensor`.

# %%
X, y, class_names = load_imagenet_val()
X_tensor = torch.cat([preprocess(Image.fromarray(picture)) for picture in X])
y_tensor = torch.from_numpy(y).long()
print(f"{X_tensor.shape = }  {y_tensor.shape = }")

chosen = [0, 14, 15, 16, 8]
plots.gallery(
    [X_tensor[i : i + 1] for i in chosen],
    [class_names[int(y[i])].split(",")[0] for i in chosen],
)

# %% [markdown]
# ## 1. Saliency maps
#
# Near the picture $X$ the score is almost a linear function of the pixels,
#
# $$ s_y(X + \Delta) \approx s_y(X) + \sum_{c,i,j} \frac{\partial s_y}{\partial X_{c,i,j}} \, \Delta_{c,i,j}, $$
#
# so the size of a derivative measures how much the network's opinion hangs on that pixel. Following
# Simonyan et al. [1], section 3, the saliency of a pixel is the largest absolute derivative among its
# three colours:
#
# $$ M_{i,j} = \max_{c} \left| \frac{\partial s_y(X)}{\partial X_{c,i,j}} \right| $$
#
# Note what $s_y$ is: the **raw score** of the correct class. Neither a probability nor a loss.

# %% [markdown]
# ### A hint: picking one score from each row
#
# For a batch of $N$ pictures the network returns an $(N, C)$ matrix `s`, and from row $i$ we want the
# entry `s[i, y[i]]`. `gather` does exactly this in one differentiable step: `s.gather(1, index)` takes
# from every row, along dimension 1, the entries whose columns `index` names. It wants `index` to have as
# many dimensions as `s`, hence the `view(-1, 1)`, and it answers with a column of shape $(N, 1)$, hence
# the `squeeze()`.
#
# One warning: `squeeze()` without an argument removes *every* dimension of length one. Before you use it,
# think about the shapes that are left when the batch holds a single picture.

# %%
def gather_example():
    """Pick one score of each row of a matrix of four pictures and five classes."""
    s = torch.randn(4, 5, generator=torch.Generator().manual_seed(0))
    y = torch.tensor([1, 2, 1, 3])
    print(s)
    print(y)
    print(s.gather(1, y.view(-1, 1)).squeeze())


gather_example()

# %% [markdown]
# ### Your turn: `compute_saliency_maps`
#
# All pictures of the batch can be done with one backward pass. The score of picture $i$ depends on
# picture $i$ alone, so the gradient of the *sum* of the scores holds in its $i$-th slice exactly the
# gradient of $s_{y_i}$.

# %% nbgrader={"grade": false, "grade_id": "compute_saliency_maps", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_saliency_maps(X, y, model):
    """
    Saliency maps of a batch of pictures for given classes.

    Input:
    - X: Tensor of shape (N, 3, H, W), the pictures, normalised. Any N >= 1, any H and W.
    - y: LongTensor of shape (N,), a class for each picture.
    - model: A network that maps pictures to raw scores of shape (N, C).

    Returns:
    - saliency: Tensor of shape (N, H, W): for each pixel the largest absolute value, over the three colours,
      of the derivative of the score of class y[i] with respect to picture X[i].
    """
    # Dropout and batch norm behave differently in training: ask for the network as it is used
    model.eval()

    # A copy that records what is computed from it; the caller's pictures stay as they are
    X = X.detach().clone().requires_grad_()

    saliency = None
    ##############################################################################
    # TODO: Compute the saliency maps. Run the pictures through the model, pick  #
    # the score of the right class for each, add these scores up, and go back to #
    # the pixels with one backward pass. Then turn the gradient, (N, 3, H, W),   #
    # into one nonnegative number for each pixel.                                #
    ##############################################################################
    ### BEGIN SOLUTION
    scores = model(X)
    correct_scores = scores.gather(1, y.view(-1, 1)).squeeze(1)

    # Asking for this one gradient leaves the .grad of the parameters alone
    (gradient,) = torch.autograd.grad(correct_scores.sum(), X)
    saliency = gradient.abs().amax(dim=1)
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return saliency

# %% nbgrader={"grade": true, "grade_id": "check_compute_saliency_maps", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("compute_saliency_maps")
### END HIDDEN TESTS
check(compute_saliency_maps)

# %% [markdown]
# Now look at the maps of five pictures. They are grainy: a derivative is a very local statement. Still,
# the bright pixels gather where the object is, although nobody ever told the network *where* anything is,
# only *what* is in the picture.

# %% tags=["demo"]
saliency = compute_saliency_maps(X_tensor[chosen], y_tensor[chosen], model)
names = [class_names[int(y[i])].split(",")[0] for i in chosen]
plots.saliency_rows(X_tensor[chosen], saliency, names)

# %% [markdown]
# ### Inline question 1
#
# Suppose we took the gradient of the *probability* of the correct class (after a softmax) instead of its
# raw score, or the gradient of the cross-entropy loss. What would the map of a picture look like that the
# network is almost perfectly sure about? And which other classes would have a say in the map?

# %% [markdown] nbgrader={"grade": true, "grade_id": "question_saliency_score", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# **Your answer:**
#
# ### BEGIN SOLUTION
# With $p = \mathrm{softmax}(s)$ we have
#
# $$ \frac{\partial p_y}{\partial X} = p_y \Bigl( \frac{\partial s_y}{\partial X} - \sum_k p_k \frac{\partial s_k}{\partial X} \Bigr), $$
#
# and the gradient of $-\log p_y$ is the bracket alone, with the opposite sign. As $p_y \to 1$ the bracket
# goes to zero: the map of the surest picture fades to black, and what is left of it is noise once it is
# rescaled for display. All other classes take part, weighted by their probability: pixels count that
# lower a rival's score, not only those that speak for $y$. The raw score asks for evidence *for* $y$ and
# does not saturate.
# ### END SOLUTION

# %% [markdown]
# ## 2. Fooling images
#
# Take a picture $X$ and a class $t$ that it does not show. Saliency looked at the gradient; now follow
# it. Gradient *ascent* on the score of the target,
#
# $$ X \;\leftarrow\; X + \eta \, \frac{g}{\lVert g \rVert_2}, \qquad g = \frac{\partial s_t(X)}{\partial X}, $$
#
# until the network says $t$. Dividing by the length of $g$ makes each step exactly $\eta$ long, however
# steep the score is. With $\eta = 1$, spread over the $3 \cdot 224 \cdot 224 = 150{,}528$ numbers of a
# picture, a step changes a typical number by $1/\sqrt{150528} \approx 0.0026$.
#
# Szegedy et al. [2] discovered such images; Goodfellow, Shlens and Szegedy [4] offered a simple reason
# for them, which is what inline question 2 is about.

# %% [markdown]
# ### Your turn: `make_fooling_image`
#
# Write the loop. Look at the scores *first* and stop as soon as the target has the largest one: the first
# such image is the answer. Most pictures need fewer than 50 steps, none should need more than 100; a loop
# that cannot end is a bug waiting for its picture. And remember what `backward` does to a `.grad` that
# already holds something.

# %% nbgrader={"grade": false, "grade_id": "make_fooling_image", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_fooling_image(X, target_y, model):
    """
    A picture close to X that the model takes for class target_y.

    Inputs:
    - X: Tensor of shape (1, 3, H, W), a normalised picture. Must not be changed.
    - target_y: An integer in [0, C), the class to be mistaken for.
    - model: A network that maps pictures to raw scores of shape (1, C).

    Returns:
    - X_fooling: Tensor of shape (1, 3, H, W), the first picture on the way that the model classifies
      as target_y.
    """
    # Start from a copy of the picture, and have gradients recorded for it
    X_fooling = X.detach().clone()
    X_fooling.requires_grad_()

    learning_rate = 1
    ##############################################################################
    # TODO: Write a loop of gradient ascent on the raw score of target_y. In     #
    # each step compute the scores, stop if target_y wins, and otherwise move    #
    # X_fooling by  learning_rate * g / ||g||_2  where g is the gradient of the  #
    # score of target_y with respect to X_fooling.                               #
    #                                                                            #
    # HINT: Change X_fooling inside `with torch.no_grad():`, and print the       #
    # largest scores every ten steps if you want to watch the race.              #
    ##############################################################################
    ### BEGIN SOLUTION
    for _ in range(100):
        scores = model(X_fooling)
        if scores.argmax(dim=1).item() == target_y:
            break
        # `inputs`: collect the gradient of the picture only, not of the parameters
        scores[0, target_y].backward(inputs=[X_fooling])
        with torch.no_grad():
            X_fooling += learning_rate * X_fooling.grad / X_fooling.grad.norm()
        X_fooling.grad.zero_()
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################
    return X_fooling

# %% nbgrader={"grade": true, "grade_id": "check_make_fooling_image", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("make_fooling_image")
### END HIDDEN TESTS
check(make_fooling_image)

# %% [markdown]
# Below, the original and the fooling image, each with the three classes the network finds most probable,
# then the difference of the two: once as it is and once magnified ten times. Gray means no change. Can
# you tell the two pictures apart?
#
# Try other pictures and other targets. `class_names` knows all labels.

# %% tags=["demo"]
index, target_y = 0, 6  # which of the twenty pictures, and the class it should be taken for: a stingray

original = X_tensor[index : index + 1]
fooling_image = make_fooling_image(original, target_y, model)
with torch.no_grad():
    scores, scores_fooling = model(original), model(fooling_image)
plots.fooling(original, fooling_image, scores, scores_fooling, class_names)

# %% [markdown]
# ### Inline question 2
#
# Add *random* noise of the same length (the same $\lVert X_\text{fooling} - X \rVert_2$) to the picture
# instead, and the score of the target hardly moves. Try it if you like. Why is the direction of the
# gradient so much more harmful than a random direction of equal length, and why does this get worse the
# more pixels a picture has?

# %% [markdown] nbgrader={"grade": true, "grade_id": "question_fooling_direction", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# **Your answer:**
#
# ### BEGIN SOLUTION
# To first order a step $\Delta$ changes the score by $g \cdot \Delta$. Along the gradient that is
# $\lVert g \rVert \lVert \Delta \rVert$. A random direction in $d$ dimensions is almost orthogonal to
# $g$: $g \cdot \Delta$ is about $\lVert g \rVert \lVert \Delta \rVert / \sqrt{d}$, here about 390 times
# less ($d = 150{,}528$). In other words, the gradient lets every number of the picture contribute a tiny
# amount of the same sign, and $d$ such amounts add up, whereas random amounts cancel. The sum grows with
# $d$ while the change of each number stays invisible, so more pixels make it easier. The network need not
# be strangely curved for this: being nearly linear in many dimensions is enough.
# ### END SOLUTION

# %% [markdown]
# ## 3. Class visualization
#
# Now let the network draw. Start from random noise and look for the picture that maximises the score of a
# class $y$, with a penalty that keeps the numbers small:
#
# $$ I^{*} = \arg\max_{I} \; \bigl( s_y(I) - R(I) \bigr), \qquad R(I) = \lambda \lVert I \rVert_2^2 $$
#
# This is gradient ascent again, now on $s_y - R$, with normalised steps. On its own it would end in
# something like the fooling noise: high score, nothing to see. As in Simonyan et al. [1] and Yosinski et
# al. [5] the search is therefore held back by *implicit* regularisers too, which
# `create_class_visualization` applies around your step:
#
# * the picture is shifted by a few random pixels before each step and shifted back afterwards, so that no
#   detail is rewarded for one exact place only,
# * now and then it is blurred a little, which removes fast oscillation and keeps shapes,
# * colours that no screen can show are clamped.

# %% [markdown]
# ### Your turn: `class_visualization_update_step`
#
# One step of the ascent, done *in place*: the function returns nothing, afterwards `img` is different. It
# will be called a hundred times in a row with the same tensor, so leave its gradient clean for the next
# call.

# %% nbgrader={"grade": false, "grade_id": "class_visualization_update_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
    """
    One step of gradient ascent on  score[target_y] - l2_reg * ||img||_2^2, which changes img in place.

    Inputs:
    - img: Tensor of shape (1, 3, H, W) with requires_grad, the picture so far.
    - model: A network that maps pictures to raw scores of shape (1, C).
    - target_y: An integer in [0, C), the class to draw.
    - l2_reg: Weight of the squared norm of the picture.
    - learning_rate: Length of the step: the gradient is divided by its norm first.
    """
    ##############################################################################
    # TODO: Compute the objective and its gradient with respect to img, and move #
    # img by  learning_rate * g / ||g||_2.  The penalty is part of the objective #
    # (so of g), not something to be added afterwards. Mind the sign, the        #
    # square, and a gradient that is left over.                                  #
    ##############################################################################
    ### BEGIN SOLUTION
    objective = model(img)[0, target_y] - l2_reg * img.pow(2).sum()
    # `inputs`: collect the gradient of the picture only, not of the parameters
    objective.backward(inputs=[img])
    with torch.no_grad():
        img += learning_rate * img.grad / img.grad.norm()
    img.grad.zero_()
    ### END SOLUTION
    ##############################################################################
    #                              END OF YOUR CODE                              #
    ##############################################################################

# %% nbgrader={"grade": true, "grade_id": "check_class_visualization_update_step", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
from grading.nbgrader.in_kernel import points_of
check = points_of("class_visualization_update_step")
### END HIDDEN TESTS
check(class_visualization_update_step)

# %% [markdown]
# Watch a tarantula grow out of noise. Above each picture: the iteration, and the probability that the
# network gives the class by then.

# %% tags=["demo"]
target_y = 76  # tarantula
result = create_class_visualization(target_y, model, class_visualization_update_step)
plots.filmstrip(result, class_names[target_y])

# %% [markdown]
# Or let chance choose: each run of this cell draws another of the thousand classes.

# %% tags=["demo"]
target_y = int(np.random.choice(list(class_names)))
result = create_class_visualization(target_y, model, class_visualization_update_step)
plots.filmstrip(result, class_names[target_y])

# %% [markdown]
# Do the picture small first and then enlarge it, and large shapes get their turn before the details.
# Together with more blur this helps the eye a lot, with the very same update step. Try your own classes;
# animals with a strong texture are among the best.

# %% tags=["demo"]
for target_y in [366, 130, 323]:  # gorilla, flamingo, monarch butterfly
    result = create_class_visualization(
        target_y, model, class_visualization_update_step,
        sizes=(112, 160, 224), num_iterations=180, blur_every=2, show_every=45, seed=1,
    )
    display(plots.filmstrip(result, class_names[target_y].split(",")[0]))

# %% [markdown]
# ### Inline question 3
#
# A fooling image and a class visualization are made by the same update. Yet one ends as invisible noise
# on a photograph, and in the other you can make out fur, legs and beaks. Name the differences between the
# two procedures that matter, and say for each what it does to the *fine* structure (high frequencies) of
# the image.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question_regularisers", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# **Your answer:**
#
# ### BEGIN SOLUTION
# (1) When it stops: the fooling loop ends at the first image of the target class, a short way from the
# start, while the visualization goes on for a hundred steps of larger size, long after the class has won,
# so that the image must change as a whole. (2) Jitter: the gradient is taken at randomly shifted
# positions, and only what helps at many shifts adds up; patterns finer than the shift, tied to the grid
# of strides and pooling, average out. (3) Blur: a low-pass filter, applied again and again; it damps high
# frequencies directly, so only structure that is larger than a few pixels survives. (4) The L2 penalty
# and the clamping limit the contrast that a single pixel can reach, so the score has to be raised by many
# pixels together. (5) The start: from noise there is no photograph that hides the change or that already
# explains the scores.
# ### END SOLUTION

# %% [markdown]
# ## References
#
# 1. K. Simonyan, A. Vedaldi, A. Zisserman: *Deep Inside Convolutional Networks: Visualising Image Classification Models and Saliency Maps.* ICLR Workshop, 2014.
# 2. C. Szegedy, W. Zaremba, I. Sutskever, J. Bruna, D. Erhan, I. Goodfellow, R. Fergus: *Intriguing properties of neural networks.* ICLR, 2014.
# 3. F. Iandola, S. Han, M. Moskewicz, K. Ashraf, W. Dally, K. Keutzer: *SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and < 0.5 MB model size.* arXiv:1602.07360, 2016.
# 4. I. Goodfellow, J. Shlens, C. Szegedy: *Explaining and Harnessing Adversarial Examples.* ICLR, 2015.
# 5. J. Yosinski, J. Clune, A. Nguyen, T. Fuchs, H. Lipson: *Understanding Neural Networks Through Deep Visualization.* ICML Deep Learning Workshop, 2015.
