# %% box-not-clipped: no clipping at all
def receptive_field_box(row, column, layers, height, width):
    t, l, b, r = row, column, row, column
    for k, s, p in reversed(layers):
        t, l = t * s - p, l * s - p
        b, r = b * s - p + k - 1, r * s - p + k - 1
    return torch.tensor([t, l, b + 1, r + 1])

# %% box-not-clipped: only at zero
def receptive_field_box(row, column, layers, height, width):
    size, start, jump = 1, 0, 1
    for k, s, p in layers:
        size, start, jump = size + (k - 1) * jump, start - p * jump, jump * s
    t, l = start + row * jump, start + column * jump
    return torch.tensor([max(t, 0), max(l, 0), t + size, l + size])

# %% box-clipped-short: to the last index
# as "only at zero", with
#     [max(t, 0), max(l, 0), t + size, l + size] => [max(t, 0), max(l, 0), min(t + size, height - 1), min(l + size, width - 1)]

# %% box-sides-swapped: rows clipped to the width
# as "only at zero", with
#     [max(t, 0), max(l, 0), t + size, l + size] => [max(t, 0), max(l, 0), min(t + size, width), min(l + size, height)]

# %% box-ignores-padding: jumps alone
def receptive_field_box(row, column, layers, height, width):
    size, jump = 1, 1
    for k, s, _ in layers:
        size += (k - 1) * jump
        jump *= s
    t, l = row * jump, column * jump
    return torch.tensor([t, l, min(t + size, height), min(l + size, width)])

# %% box-adds-padding: plus
def receptive_field_box(row, column, layers, height, width):
    t, l, b, r = row, column, row, column
    for k, s, p in layers[::-1]:
        t, l = t * s + p, l * s + p
        b, r = b * s + p + k - 1, r * s + p + k - 1
    return torch.tensor([max(t, 0), max(l, 0), min(b + 1, height), min(r + 1, width)])

# %% box-ignores-stride: kernels added up
def receptive_field_box(row, column, layers, height, width):
    size = 1 + sum(k - 1 for k, s, p in layers)
    pad = sum(p for k, s, p in layers)
    t, l = row - pad, column - pad
    return torch.tensor([max(t, 0), max(l, 0), min(t + size, height), min(l + size, width)])

# %% box-layers-from-the-wrong-end: no reversed
def receptive_field_box(row, column, layers, height, width):
    t, l, b, r = row, column, row, column
    for kernel, stride, padding in layers:
        t = t * stride - padding
        l = l * stride - padding
        b = b * stride - padding + kernel - 1
        r = r * stride - padding + kernel - 1
    return torch.tensor([max(t, 0), max(l, 0), min(b + 1, height), min(r + 1, width)])

# %% box-one-layer: the last one
def receptive_field_box(row, column, layers, height, width):
    if not layers:
        return torch.tensor([row, column, row + 1, column + 1])
    k, s, p = layers[-1]
    t, l = row * s - p, column * s - p
    return torch.tensor([max(t, 0), max(l, 0), min(t + k, height), min(l + k, width)])

# %% box-end-included: last pixels
# as "no clipping at all", with
#     [t, l, b + 1, r + 1] => [max(t, 0), max(l, 0), min(b, height), min(r, width)]

# %% box-window-too-long: kernel added in full
def receptive_field_box(row, column, layers, height, width):
    t, l, b, r = row, column, row, column
    for k, s, p in reversed(layers):
        t, l, b, r = t * s - p, l * s - p, b * s - p + k, r * s - p + k
    return torch.tensor([max(t, 0), max(l, 0), min(b + 1, height), min(r + 1, width)])

# %% box-own-stride: the jump grows too early
def receptive_field_box(row, column, layers, height, width):
    size, start, jump = 1, 0, 1
    for k, s, p in layers:
        jump *= s
        size += (k - 1) * jump
        start -= p * jump
    t, l = start + row * jump, start + column * jump
    return torch.tensor([max(t, 0), max(l, 0), min(t + size, height), min(l + size, width)])

# %% box-around-the-centre: half the size to each side
# as "jumps alone", with
#     jump, column * jump => jump - size // 2, column * jump - size // 2
#     [t, l, min(t + size, height), min(l + size, width)] => [max(t, 0), max(l, 0), min(t + size, height), min(l + size, width)]

# %% box-other-order: left before top
# as "only at zero", with
#     [max(t, 0), max(l, 0), t + size, l + size] => [max(l, 0), max(t, 0), min(l + size, width), min(t + size, height)]

# %% box-row-for-column: exchanged at the start
# as "no clipping at all", with
#     row, column, row, column => column, row, column, row
#     [t, l, b + 1, r + 1] => [max(t, 0), max(l, 0), min(b + 1, height), min(r + 1, width)]

# %% box-size-instead-of-end: height and width of the box
def receptive_field_box(row, column, layers, height, width):
    t, l, b, r = row, column, row, column
    for k, s, p in reversed(layers):
        t, l = t * s - p, l * s - p
        b, r = b * s - p + k - 1, r * s - p + k - 1
    t, l, b, r = max(t, 0), max(l, 0), min(b + 1, height), min(r + 1, width)
    return torch.tensor([t, l, b - t, r - l])

# %% box-centre: the middle
# as "height and width of the box", with
#     [t, l, b - t, r - l] => [(t + b) // 2, (l + r) // 2]

# %% numbers-of-another-type: floating point
# as "only at zero", with
#     torch.tensor([max(t, 0), max(l, 0), t + size, l + size]) => torch.Tensor([max(t, 0), max(l, 0), min(t + size, height), min(l + size, width)])

# %% box-ignores-padding+box-layers-from-the-wrong-end: no padding, wrong order
def receptive_field_box(row, column, layers, height, width):
    t, l, b, r = row, column, row, column
    for k, s, p in layers:
        t, l, b, r = t * s, l * s, b * s + k - 1, r * s + k - 1
    return torch.tensor([max(t, 0), max(l, 0), min(b + 1, height), min(r + 1, width)])

# %% box-not-clipped+box-end-included: last pixels, not clipped
# as "no clipping at all", with
#     [t, l, b + 1, r + 1] => [t, l, b, r]

# %% box-layers-from-the-wrong-end+box-other-order: wrong order of layers and of numbers
# as "no clipping at all", with
#     reversed(layers): => layers:
#     [t, l, b + 1, r + 1] => [max(l, 0), max(t, 0), min(r + 1, width), min(b + 1, height)]

# %% box-adds-padding+box-size-instead-of-end: plus, and sizes
def receptive_field_box(row, column, layers, height, width):
    t, l, b, r = row, column, row, column
    for k, s, p in layers[::-1]:
        t, l = t * s + p, l * s + p
        b, r = b * s + p + k - 1, r * s + p + k - 1
    b, r = min(b + 1, height), min(r + 1, width)
    return torch.tensor([t, l, b - t, r - l])
