"""PCA against scikit-learn."""

import numpy as np
import pytest

from cs231n.lecture.layout import pca

RNG = np.random.Generator(np.random.PCG64(0))


@pytest.mark.parametrize("shape", [(40, 7), (6, 50)])
@pytest.mark.parametrize("components", [1, 2, 5])
def test_pca_is_what_scikit_learn_says(shape: tuple[int, int], components: int) -> None:
    features = RNG.standard_normal(shape) * np.arange(1, shape[1] + 1) + 100
    from sklearn.decomposition import PCA  # takes a second, and not every worker comes here

    ours, theirs = pca(features, components), PCA(components, svd_solver="full").fit(features)
    signs = np.sign((ours.axes * theirs.components_).sum(axis=1))
    np.testing.assert_allclose(ours.axes, theirs.components_ * signs[:, None], atol=1e-9)
    np.testing.assert_allclose(ours.points, theirs.transform(features) * signs, atol=1e-9)
    np.testing.assert_allclose(ours.variance, theirs.explained_variance_)
    assert (ours.axes[np.arange(components), np.abs(ours.axes).argmax(axis=1)] > 0).all()


def test_pca_refuses_more_components_than_there_are() -> None:
    with pytest.raises(ValueError, match="1 to 3 components"):
        pca(np.ones((3, 9)), 4)
