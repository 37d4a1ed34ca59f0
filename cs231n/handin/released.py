"""Statements of the released stubs of all years, beside the part to fill in, as data.

A parameter of the function stands as `_`, so that a renamed one changes nothing; what a number is does not count.
The head of a loop or an `if` stands with `pass` as its body.
"""

from __future__ import annotations

from cs231n.handin.released_by_kit import KIT

_SALIENCY = (
    # PyTorch, since 2018; UMich
    "_.eval()",
    "_.requires_grad_()",
    # PyTorch 2017
    "X_var = Variable(_, requires_grad=True)",
    "y_var = Variable(_)",
    "y_var = Variable(_, requires_grad=False)",
    # TensorFlow, until 2018
    "correct_scores = tf.gather_nd(_.classifier, tf.stack((tf.range(_.shape[0]), _.labels), axis=1))",
    "correct_scores = tf.gather_nd(_.scores, tf.stack((tf.range(_.shape[0]), _.labels), axis=1))",
)
_FOOLING = (
    # PyTorch, since 2017
    "X_fooling = _.clone()",
    "X_fooling = _.clone().detach()",
    "X_fooling = _.clone().requires_grad_()",
    "X_fooling = _.clone().detach().requires_grad_(True)",
    "X_fooling = X_fooling.requires_grad_()",
    "X_fooling.requires_grad_()",
    "X_fooling.requires_grad = True",
    "X_fooling_var = Variable(X_fooling, requires_grad=True)",
    "learning_rate = 1",
    "max_iter = 100",
    "for it in range(max_iter): pass",
    # TensorFlow, all years
    "X_fooling = _.copy()",
    "X_fooling = tf.convert_to_tensor(_)",
    "X_fooling = tf.Variable(_)",
    # UMich
    "X_adv = _.clone()",
    "X_adv = X_adv.requires_grad_()",
    "X_adv.requires_grad_()",
)
_CLASS_VISUALIZATION = (
    # the settings, in all years and frameworks
    "l2_reg = _.pop('l2_reg', 1e-3)",
    "learning_rate = _.pop('learning_rate', 25)",
    "num_iterations = _.pop('num_iterations', 100)",
    "blur_every = _.pop('blur_every', 10)",
    "max_jitter = _.pop('max_jitter', 16)",
    "show_every = _.pop('show_every', 25)",
    "_.type(_)",
    # the picture to start from: PyTorch, then TensorFlow
    "img = torch.randn(1, 3, 224, 224).mul_(1.0).type(_)",
    "img = torch.randn(1, 3, 224, 224).mul_(1.0).type(_).requires_grad_()",
    "img_var = Variable(img, requires_grad=True)",
    "img_var = Variable(_, requires_grad=True)",
    "X = 255 * np.random.rand(224, 224, 3)",
    "X = preprocess_image(X)[None]",
    "X = tf.Variable(X)",
    # around each step: the loop, the jitter, its undoing
    "for t in range(num_iterations): pass",
    "ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)",
    "img.copy_(jitter(img, ox, oy))",
    "img.copy_(jitter(img, -ox, -oy))",
    "img.data.copy_(jitter(img.data, ox, oy))",
    "img.data.copy_(jitter(img.data, -ox, -oy))",
    "ox, oy = np.random.randint(-max_jitter, max_jitter + 1, 2)",
    "ox, oy = np.random.randint(0, max_jitter, 2)",
    "Xi = X.copy()",
    "X = np.roll(np.roll(X, ox, 1), oy, 2)",
    "X = np.roll(np.roll(X, -ox, 1), -oy, 2)",
    "X = jitter(X, ox, oy)",
    "X = jitter(X, -ox, -oy)",
    # clamping and blurring
    "for c in range(3): pass",
    *(
        line.format(mean=mean, std=std)
        for mean, std in (
            ("SQUEEZENET_MEAN", "SQUEEZENET_STD"),
            ("IMAGENET_MEAN", "IMAGENET_STD"),
            ("MEAN", "STD"),
        )
        for line in (
            "lo = float(-{mean}[c] / {std}[c])",
            "hi = float((1.0 - {mean}[c]) / {std}[c])",
            "X = np.clip(X, -{mean} / {std}, (1.0 - {mean}) / {std})",
            "X = tf.clip_by_value(X, -{mean} / {std}, (1.0 - {mean}) / {std})",
        )
    ),
    "img[:, c].clamp_(min=lo, max=hi)",
    "img.data[:, c].clamp_(min=lo, max=hi)",
    "if t % blur_every == 0: pass",
    "blur_image(img, sigma=0.5)",
    "blur_image(img.data, sigma=0.5)",
    "X = blur_image(X, sigma=0.5)",
    # showing it now and then
    "if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1: pass",
    "plt.imshow(deprocess(img.clone().cpu()))",
    "plt.imshow(deprocess(img.data.clone().cpu()))",
    "plt.imshow(deprocess_image(X[0]))",
    "class_name = class_names[_]",
    "plt.title('%s\\nIteration %d / %d' % (class_name, t + 1, num_iterations))",
    "plt.gcf().set_size_inches(4, 4)",
    "plt.axis('off')",
    "plt.show()",
    "return deprocess(img.cpu())",
    "return deprocess(img.data.cpu())",
)

OTHER_YEARS: tuple[str, ...] = (*_SALIENCY, *_FOOLING, *_CLASS_VISUALIZATION)
EVERY_STUB: tuple[str, ...] = (*KIT, *OTHER_YEARS)
