# %% spectrum-other-norm+spectrum-other-limit: the default norm, and the shorter side
def spectrum_to_image(spectrum, height, width):
    fy = torch.fft.fftfreq(height)[:, None]
    fx = torch.fft.rfftfreq(width)[None, :]
    f = torch.sqrt(fy ** 2 + fx ** 2)
    scale = 1 / torch.clamp(f, min=1 / min(height, width))
    z = torch.complex(spectrum[..., 0], spectrum[..., 1])
    return torch.fft.irfft2(z * scale, s=(height, width))
