# %% complex built from parts
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None, :]
    f = torch.sqrt(fy * fy + fx * fx)
    scale = 1 / torch.clamp(f, min=1.0 / max(height, width))
    z = torch.complex(spectrum[..., 0], spectrum[..., 1]) * scale
    return torch.fft.irfft2(z, s=(height, width), norm='ortho')

# %% real and imaginary scaled before joining
def spectrum_to_image(spectrum, height, width):
    fy, fx = torch.fft.fftfreq(height), torch.fft.rfftfreq(width)
    f = (fy.view(-1, 1) ** 2 + fx.view(1, -1) ** 2) ** 0.5
    f = torch.maximum(f, torch.tensor(1 / max(height, width)))
    scaled = spectrum / f[None, None, :, :, None]
    return torch.fft.irfft2(torch.view_as_complex(scaled.contiguous()), s=(height, width), norm='ortho')

# %% hypot
def spectrum_to_image(spectrum, height, width):
    fy, fx = torch.meshgrid(torch.fft.fftfreq(height), torch.fft.rfftfreq(width), indexing='ij')
    f = torch.hypot(fy, fx).clamp_min(1 / max(height, width))
    return torch.fft.irfft2(torch.view_as_complex(spectrum) / f, (height, width), norm='ortho')

# %% the norm by hand
def spectrum_to_image(spectrum, height, width):
    f = (torch.fft.fftfreq(height)[:, None] ** 2 + torch.fft.rfftfreq(width) ** 2).sqrt()
    z = torch.view_as_complex(spectrum) / f.clamp(min=1 / max(height, width))
    return torch.fft.irfft2(z, s=(height, width)) * (height * width) ** 0.5

# %% one axis after the other
def spectrum_to_image(spectrum, height, width):
    f = (torch.fft.fftfreq(height)[:, None] ** 2 + torch.fft.rfftfreq(width)[None] ** 2).sqrt()
    f[f < 1 / max(height, width)] = 1 / max(height, width)
    z = torch.view_as_complex(spectrum) / f
    z = torch.fft.ifft(z, dim=-2, norm='ortho')
    return torch.fft.irfft(z, n=width, dim=-1, norm='ortho')

# %% frequencies written out
def spectrum_to_image(spectrum, height, width):
    i = torch.arange(height)
    fy = torch.where(i < (height + 1) // 2, i, i - height) / height
    fx = torch.arange(width // 2 + 1) / width
    f = torch.sqrt(fy[:, None] ** 2 + fx[None, :] ** 2)
    z = torch.view_as_complex(spectrum) / torch.clamp(f, 1 / max(height, width))
    return torch.fft.irfftn(z, s=(height, width), dim=(-2, -1), norm='ortho')

# %% numpy frequencies
def spectrum_to_image(spectrum, height, width):
    fy = np.fft.fftfreq(height)[:, None]
    fx = np.fft.rfftfreq(width)[None, :]
    f = np.maximum(np.sqrt(fx * fx + fy * fy), 1.0 / max(width, height))
    scale = torch.tensor(1.0 / f).float()[None, None, ..., None]
    return torch.fft.irfft2(torch.view_as_complex(scale * spectrum), s=(height, width), norm='ortho')

# %% only frequency zero replaced
def spectrum_to_image(spectrum, height, width):
    f = (torch.fft.fftfreq(height)[:, None] ** 2 + torch.fft.rfftfreq(width) ** 2).sqrt()
    f[0, 0] = 1 / max(height, width)
    z = torch.view_as_complex(spectrum) / f
    return torch.fft.irfft2(z, s=(height, width), norm="ortho")

# %% einsum-free multiplication by parts
def spectrum_to_image(spectrum, height, width):
    f = torch.linalg.vector_norm(
        torch.stack(torch.meshgrid(torch.fft.fftfreq(height), torch.fft.rfftfreq(width), indexing='ij')), dim=0
    )
    re, im = spectrum.unbind(-1)
    limit = 1 / max(height, width)
    z = (re + 1j * im) / torch.where(f > limit, f, limit)
    return torch.fft.irfft2(z, s=[height, width], norm='ortho')

# %% float64 inside
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height, dtype=torch.float64)[:, None]
    fx = torch.fft.rfftfreq(width, dtype=torch.float64)
    f = (fy ** 2 + fx ** 2).sqrt().clamp(min=1 / max(height, width))
    z = torch.view_as_complex(spectrum.double()) / f
    return torch.fft.irfft2(z, s=(height, width), norm="ortho").float()

# %% the full inverse transform of a mirrored spectrum
def spectrum_to_image(spectrum, height, width):
    f = (torch.fft.fftfreq(height)[:, None] ** 2 + torch.fft.rfftfreq(width) ** 2).sqrt()
    z = torch.view_as_complex(spectrum) / f.clamp(min=1 / max(height, width))
    z = torch.fft.ifft(z, dim=2, norm='ortho')
    first = torch.complex(z[..., :1].real, torch.zeros_like(z[..., :1].real))
    rest = z[..., 1:(width + 1) // 2]
    middle = z[..., width // 2:width // 2 + 1].real + 0j if width % 2 == 0 else z[..., :0]
    full = torch.cat([first, rest, middle, rest.flip(-1).conj()], dim=-1)
    return torch.fft.ifft(full, dim=-1, norm='ortho').real
