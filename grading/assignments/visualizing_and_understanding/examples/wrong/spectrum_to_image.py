# %% spectrum-not-scaled: the transform alone
def spectrum_to_image(spectrum, height, width):
    z = torch.complex(spectrum[..., 0], spectrum[..., 1])
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-multiplied: times
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) * f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-zero-frequency: no limit
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clone()
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-zero-frequency: a small number added
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f + 1e-8
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-other-limit: the shorter side
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / min(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-other-limit: one for zero
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = torch.where(f > 0, f, torch.ones_like(f))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-no-mean: set to zero
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = torch.where(f > 0, 1 / f, torch.zeros_like(f))
    z = torch.view_as_complex(spectrum) * f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-other-norm: none
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width))

# %% spectrum-real-only: index 0
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = (spectrum[..., 0] + 0j) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-parts-swapped: flipped
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum.flip(-1).contiguous()) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-size-lost: no s
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, norm='ortho')

# %% spectrum-other-transform: ifft2
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.ifft2(z, norm='ortho').real

# %% spectrum-shifted: the picture
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.fftshift(torch.fft.irfft2(z, s=(height, width), norm='ortho'), dim=(2, 3))

# %% spectrum-shifted: the frequencies
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftshift(torch.fft.fftfreq(height))[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-other-frequency: a sum
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = abs(fy) + abs(fx)
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-other-frequency: no root
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = fy ** 2 + fx ** 2
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-one-axis: the columns alone
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = fx.expand(height, -1)
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-cycles-a-picture: times the size
def spectrum_to_image(spectrum, height, width):
    fy = height * torch.fft.fftfreq(height)[:, None]
    fx = torch.arange(width // 2 + 1)[None].float()
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-no-negative-frequencies: rising
def spectrum_to_image(spectrum, height, width):
    fy = torch.arange(height)[:, None] / height
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-detached: through numpy
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(torch.from_numpy(spectrum.detach().numpy())) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-not-scaled+spectrum-size-lost: the transform alone, no size
def spectrum_to_image(spectrum, height, width):
    return torch.fft.irfft2(torch.view_as_complex(spectrum), norm='ortho')

# %% spectrum-multiplied+spectrum-other-norm: times, no norm
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) * f
    return torch.fft.irfft2(z, s=(height, width))

# %% spectrum-other-frequency+spectrum-other-norm: no root, no norm
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = fy ** 2 + fx ** 2
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width))

# %% spectrum-size-lost+spectrum-detached: no s, data
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum.data) / f
    return torch.fft.irfft2(z, norm='ortho')
