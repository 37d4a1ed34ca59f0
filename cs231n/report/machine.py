"""Software and hardware of this machine, as a lab report states them."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path

PACKAGES = ("torch", "torchvision", "numpy", "scipy", "matplotlib", "jupyterlab")


def software() -> dict[str, str]:
    """Return name -> version of the system, Python and the packages; what is not installed is left out."""
    found = {platform.system(): platform.release(), "Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def processor() -> str:
    """Return the processor's model and how many cores there are."""
    model = ""
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = (re.findall(r"^model name\s*:\s*(.+)$", described, re.MULTILINE) or [""])[0]
    except OSError:
        pass  # only Linux has it
    return f"{model or platform.processor() or platform.machine()} × {os.cpu_count()}"


def memory() -> str:
    """Return the memory in GB; "" where the system does not say."""
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    except (AttributeError, OSError, ValueError):
        return ""


def graphics() -> str:
    """Return the model of the graphics card that PyTorch would use; "" if there is none."""
    try:
        import torch
    except ImportError:
        return ""
    return str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else ""
