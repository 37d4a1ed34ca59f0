# %% spectrum-not-scaled: straight to irfft2
def spectrum_to_image(spectrum, height, width):
    z = torch.view_as_complex(spectrum)
    image = torch.fft.irfft2(z, s=(height, width), norm='ortho')
    return image


# %% spectrum-real-only+spectrum-other-norm: the real parts, norm left out
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height).view(height, 1)
    fx = torch.fft.rfftfreq(width).view(1, -1)
    freq = torch.hypot(fy.expand(-1, fx.shape[1]), fx.expand(height, -1))
    freq = torch.maximum(freq, torch.tensor(1.0 / max(height, width)))
    amp = torch.complex(spectrum[..., 0], torch.zeros_like(spectrum[..., 0])) / freq
    return torch.fft.irfft2(amp, s=(height, width))
