# %% exclusive ends all the way
def receptive_field_box(row, column, layers, height, width):
    t, l, b, r = row, column, row + 1, column + 1
    for k, s, p in reversed(layers):
        t, l = t * s - p, l * s - p
        b, r = (b - 1) * s - p + k, (r - 1) * s - p + k
    return torch.tensor([max(t, 0), max(l, 0), min(b, height), min(r, width)])

# %% a start and a size
def receptive_field_box(row, column, layers, height, width):
    top, left, size = row, column, 1
    for kernel, stride, padding in layers[::-1]:
        top = stride * top - padding
        left = stride * left - padding
        size = stride * (size - 1) + kernel
    box = [max(0, top), max(0, left), min(height, top + size), min(width, left + size)]
    return torch.LongTensor(box)

# %% jumps and offsets from the picture up
def receptive_field_box(row, column, layers, height, width):
    jump, size, start = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1) * jump
        start -= padding * jump
        jump *= stride
    top, left = row * jump + start, column * jump + start
    return torch.tensor([max(top, 0), max(left, 0), min(top + size, height), min(left + size, width)])

# %% recursion
def receptive_field_box(row, column, layers, height, width):
    def span(first, last, layers):
        if not layers:
            return first, last
        k, s, p = layers[-1]
        return span(first * s - p, last * s - p + k - 1, layers[:-1])
    top, bottom = span(row, row, layers)
    left, right = span(column, column, layers)
    return torch.tensor([max(top, 0), max(left, 0), min(bottom + 1, height), min(right + 1, width)])

# %% tensors and clamp
def receptive_field_box(row, column, layers, height, width):
    first = torch.tensor([row, column])
    last = first.clone()
    for kernel, stride, padding in reversed(layers):
        first = first * stride - padding
        last = last * stride - padding + kernel - 1
    end = torch.minimum(last + 1, torch.tensor([height, width]))
    return torch.cat([first.clamp(min=0), end])

# %% clipped at every layer
def receptive_field_box(row, column, layers, height, width):
    sizes = [(height, width)]
    for k, s, p in layers:
        h, w = sizes[-1]
        sizes.append(((h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1))
    top, left, bottom, right = row, column, row, column
    for (k, s, p), (h, w) in zip(reversed(layers), reversed(sizes[:-1])):
        top, left = max(top * s - p, 0), max(left * s - p, 0)
        bottom, right = min(bottom * s - p + k - 1, h - 1), min(right * s - p + k - 1, w - 1)
    return torch.tensor([top, left, bottom + 1, right + 1])

# %% sets of positions
def receptive_field_box(row, column, layers, height, width):
    rows, columns = {row}, {column}
    for k, s, p in reversed(layers):
        rows = {r * s - p + i for r in rows for i in range(k)}
        columns = {c * s - p + i for c in columns for i in range(k)}
    rows = [r for r in rows if 0 <= r < height]
    columns = [c for c in columns if 0 <= c < width]
    return torch.tensor([min(rows), min(columns), max(rows) + 1, max(columns) + 1])

# %% popped from a copy
def receptive_field_box(row, column, layers, height, width):
    stack = list(layers)
    box = [row, column, row, column]
    while stack:
        kernel, stride, padding = stack.pop()
        box = [x * stride - padding for x in box]
        box[2] += kernel - 1
        box[3] += kernel - 1
    box[0], box[1] = max(box[0], 0), max(box[1], 0)
    box[2], box[3] = min(box[2] + 1, height), min(box[3] + 1, width)
    return torch.tensor(box, dtype=torch.int64)

# %% numpy inside
def receptive_field_box(row, column, layers, height, width):
    box = np.array([[row, column], [row, column]])
    for k, s, p in layers[::-1]:
        box = box * s - p
        box[1] += k - 1
    box[1] += 1
    box = np.clip(box, 0, [height, width])
    return torch.from_numpy(box.reshape(-1)).long()

# %% float64 inside
def receptive_field_box(row, column, layers, height, width):
    a = torch.tensor([row, column], dtype=torch.float64)
    b = a.clone()
    for k, s, p in reversed(layers):
        a, b = a * s - p, b * s - p + (k - 1)
    side = torch.tensor([height, width], dtype=torch.float64)
    return torch.cat([a.clamp(min=0), torch.minimum(b + 1, side)]).long()

# %% indices counted down
def receptive_field_box(row, column, layers, height, width):
    lo, hi = [row, column], [row, column]
    for i in range(len(layers) - 1, -1, -1):
        kernel, stride, padding = layers[i]
        for axis in range(2):
            lo[axis] = lo[axis] * stride - padding
            hi[axis] = hi[axis] * stride - padding + kernel - 1
    return torch.tensor(
        [max(0, lo[0]), max(0, lo[1]), min(height - 1, hi[0]) + 1, min(width - 1, hi[1]) + 1]
    )
