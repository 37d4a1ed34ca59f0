# %% box-not-clipped+box-ignores-padding: walks down without padding, and out of the picture
def receptive_field_box(row, column, layers, height, width):
    r0 = r1 = row
    c0 = c1 = column
    for K, S, P in layers[::-1]:
        r0, r1 = r0 * S, r1 * S + K - 1
        c0, c1 = c0 * S, c1 * S + K - 1
    return torch.tensor([r0, c0, r1 + 1, c1 + 1])
