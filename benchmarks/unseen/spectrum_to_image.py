# %% spectrum-size-lost: irfft2 is not told the size
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None, :]
    freqs = torch.sqrt(fx * fx + fy * fy)
    scale = 1.0 / torch.clamp(freqs, min=1.0 / max(width, height))
    z = torch.view_as_complex(spectrum) * scale
    return torch.fft.irfft2(z, norm='ortho')

# %% spectrum-other-limit+spectrum-other-norm+spectrum-detached: one over the shorter side, default norm, on .data
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height).view(height, 1)
    fx = torch.fft.rfftfreq(width).view(1, -1)
    freq = (fy ** 2 + fx ** 2) ** 0.5
    lowest = 1 / min(height, width)
    freq = torch.where(freq < lowest, torch.full_like(freq, lowest), freq)
    data = spectrum.data
    waves = torch.complex(data[..., 0], data[..., 1]) / freq
    image = torch.fft.irfft2(waves, s=(height, width))
    return image
