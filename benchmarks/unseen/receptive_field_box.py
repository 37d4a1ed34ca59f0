# %% box-end-included: bottom and right are the last pixels seen
def receptive_field_box(row, column, layers, height, width):
    y0 = y1 = row
    x0 = x1 = column
    for k, s, p in layers[::-1]:
        y0, x0 = y0 * s - p, x0 * s - p
        y1, x1 = y1 * s - p + k - 1, x1 * s - p + k - 1
    y0, x0 = max(0, y0), max(0, x0)
    y1, x1 = min(height - 1, y1), min(width - 1, x1)
    return torch.tensor([y0, x0, y1, x1])

# %% box-ignores-padding+box-not-clipped+box-other-order: no padding, no clipping, x before y
def receptive_field_box(row, column, layers, height, width):
    top, left, bottom, right = row, column, row, column
    for kernel, stride, padding in reversed(layers):
        top, left = top * stride, left * stride
        bottom = bottom * stride + kernel - 1
        right = right * stride + kernel - 1
    bottom, right = bottom + 1, right + 1
    box = torch.tensor([left, top, right, bottom])
    return box
