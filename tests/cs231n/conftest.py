"""The networks and pictures of these tests, and captum, the oracle of many of them."""

import importlib
import warnings
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cs231n.classifiers.small import small_squeezenet, smooth_pictures


class Residual(nn.Module):
    """As torchvision writes them: ReLUs in place, batch normalisation, a shortcut, dropout, a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.bn = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(2)
        self.conv = nn.Conv2d(8, 8, 3, padding=1)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.relu(self.bn(self.stem(x))))
        x = F.relu(self.conv(x) + x)
        return self.fc(self.drop(F.adaptive_avg_pool2d(x, 1).flatten(1)))


@pytest.fixture
def network() -> nn.Module:
    return small_squeezenet()


@pytest.fixture
def residual() -> nn.Module:
    torch.manual_seed(0)
    return Residual().train()


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # captum's own imports
        return importlib.import_module("captum.attr")


@pytest.fixture(scope="session")
def images() -> Tensor:
    return torch.from_numpy(smooth_pictures(np.random.Generator(np.random.PCG64(0)), 2, 48, 64))
