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
# as "times", with
#     f.clamp(min=1 / max(height, width)) => f.clone()
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-zero-frequency: a small number added
# as "times", with
#     f.clamp(min=1 / max(height, width)) => f + 1e-8
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-other-limit: the shorter side
# as "times", with
#     max(height, width) => min(height, width)
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-other-limit: one for zero
# as "times", with
#     f.clamp(min=1 / max(height, width)) => torch.where(f > 0, f, torch.ones_like(f))
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-no-mean: set to zero
# as "times", with
#     f.clamp(min=1 / max(height, width)) => torch.where(f > 0, 1 / f, torch.zeros_like(f))

# %% spectrum-other-norm: none
# as "times", with
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /
#     s=(height, width), norm='ortho' => s=(height, width)

# %% spectrum-real-only: index 0
# as "times", with
#     torch.view_as_complex(spectrum) * => (spectrum[..., 0] + 0j) /

# %% spectrum-parts-swapped: flipped
# as "times", with
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum.flip(-1).contiguous()) /

# %% spectrum-size-lost: no s
# as "times", with
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /
#     s=(height, width), norm='ortho' => norm='ortho'

# %% spectrum-other-transform: ifft2
# as "times", with
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /
#     torch.fft.irfft2(z, s=(height, width), norm='ortho') => torch.fft.ifft2(z, norm='ortho').real

# %% spectrum-shifted: the picture
# as "times", with
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /
#     torch.fft.irfft2(z, s=(height, width), norm='ortho') => torch.fft.fftshift(torch.fft.irfft2(z, s=(height, width), norm='ortho'), dim=(2, 3))

# %% spectrum-shifted: the frequencies
# as "times", with
#     torch.fft.fftfreq(height)[:, None] => torch.fft.fftshift(torch.fft.fftfreq(height))[:, None]
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-other-frequency: a sum
# as "times", with
#     (fy ** 2 + fx ** 2).sqrt() => abs(fy) + abs(fx)
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-other-frequency: no root
# as "times", with
#     (fy ** 2 + fx ** 2).sqrt() => fy ** 2 + fx ** 2
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-one-axis: the columns alone
# as "times", with
#     (fy ** 2 + fx ** 2).sqrt() => fx.expand(height, -1)
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-cycles-a-picture: times the size
def spectrum_to_image(spectrum, height, width):
    fy = height * torch.fft.fftfreq(height)[:, None]
    fx = torch.arange(width // 2 + 1)[None].float()
    f = (fy ** 2 + fx ** 2).sqrt()
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% spectrum-no-negative-frequencies: rising
# as "times", with
#     torch.fft.fftfreq(height)[:, None] => torch.arange(height)[:, None] / height
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum) /

# %% spectrum-detached: through numpy
# as "times", with
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(torch.from_numpy(spectrum.detach().numpy())) /

# %% spectrum-not-scaled+spectrum-size-lost: the transform alone, no size
def spectrum_to_image(spectrum, height, width):
    return torch.fft.irfft2(torch.view_as_complex(spectrum), norm='ortho')

# %% spectrum-multiplied+spectrum-other-norm: times, no norm
# as "times", with
#     s=(height, width), norm='ortho' => s=(height, width)

# %% spectrum-other-frequency+spectrum-other-norm: no root, no norm
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None]
    f = fy ** 2 + fx ** 2
    f = f.clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width))

# %% spectrum-size-lost+spectrum-detached: no s, data
# as "times", with
#     torch.view_as_complex(spectrum) * => torch.view_as_complex(spectrum.data) /
#     s=(height, width), norm='ortho' => norm='ortho'
