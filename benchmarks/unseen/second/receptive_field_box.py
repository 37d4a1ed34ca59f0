# %% box-end-included: min with height - 1 and no + 1
def receptive_field_box(row, column, layers, height, width):
    top = bottom = row
    left = right = column
    for (k, s, p) in reversed(layers):
        top = top * s - p
        left = left * s - p
        bottom = bottom * s - p + k - 1
        right = right * s - p + k - 1
    top, left = max(0, top), max(0, left)
    bottom, right = min(height - 1, bottom), min(width - 1, right)
    return torch.LongTensor([top, left, bottom, right])


# %% box-ignores-padding+box-other-order: no P, and both rows before both columns
def receptive_field_box(row, column, layers, height, width):
    def span(pos, size):
        lo, hi = pos, pos
        for kernel, stride, padding in layers[::-1]:
            lo = lo * stride
            hi = hi * stride + kernel - 1
        return max(lo, 0), min(hi + 1, size)
    t, b = span(row, height)
    l, r = span(column, width)
    return torch.tensor([t, b, l, r])


# %% box-layers-from-the-wrong-end+box-not-clipped+box-window-too-long: forwards, K in the place of K - 1
def receptive_field_box(row, column, layers, height, width):
    y0, x0, y1, x1 = row, column, row, column
    for K, S, P in layers:
        y0, x0 = y0 * S - P, x0 * S - P
        y1 = y1 * S - P + K
        x1 = x1 * S - P + K
    return torch.tensor([y0, x0, y1 + 1, x1 + 1], dtype=torch.long)
