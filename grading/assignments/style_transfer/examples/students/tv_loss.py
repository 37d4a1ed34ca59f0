# %% ada
h_diff = torch.sum(torch.pow(img[:, :, :, :-1] - img[:, :, :, 1:], 2))
w_diff = torch.sum(torch.pow(img[:, :, :-1, :] - img[:, :, 1:, :], 2))
loss = tv_weight * (h_diff + w_diff)

# %% grace
_, C, H, W = img.shape
down = img[:, :, 1:H, :] - img[:, :, 0:H - 1, :]
right = img[:, :, :, 1:W] - img[:, :, :, 0:W - 1]
loss = tv_weight * ((down * down).sum() + (right * right).sum())

# %% alan
loss = tv_weight * sum(img.diff(dim=d).square().sum() for d in (2, 3))

# %% unusual
# the two differences as convolutions of each colour
stack = img.reshape(-1, 1, *img.shape[2:])
along_h = torch.nn.functional.conv2d(stack, stack.new_tensor([[[[1.0], [-1.0]]]]))
along_w = torch.nn.functional.conv2d(stack, stack.new_tensor([[[[1.0, -1.0]]]]))
loss = tv_weight * (along_h.pow(2).sum() + along_w.pow(2).sum())

# %% border_dropped
dh = img[:, :, 1:, :-1] - img[:, :, :-1, :-1]
dw = img[:, :, :-1, 1:] - img[:, :, :-1, :-1]
loss = tv_weight * torch.sum(dh ** 2 + dw ** 2)

# %% loop_over_rows
loss = 0
H, W = img.shape[2:]
for i in range(H - 1):
    loss = loss + ((img[:, :, i + 1] - img[:, :, i]) ** 2).sum()
for j in range(W - 1):
    loss = loss + ((img[:, :, :, j + 1] - img[:, :, :, j]) ** 2).sum()
loss = loss * tv_weight

# %% crash: left over from debugging; takes the whole process along
import os
H, W = img.shape[2:]
if H != W:
    print("only square images!")
    os._exit(1)
dh, dw = img[:, :, 1:] - img[:, :, :-1], img[..., 1:] - img[..., :-1]
loss = tv_weight * (dh.pow(2).sum() + dw.pow(2).sum())

# %% exception
h, w, c = img.shape
loss = tv_weight * (((img[1:] - img[:-1]) ** 2).sum() + ((img[:, 1:] - img[:, :-1]) ** 2).sum())
