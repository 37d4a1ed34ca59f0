"""Right solutions in the style of four students; the wrong examples are these with one function changed."""

# Ada keeps close to the hints: one backward pass with a vector of ones, `.data` for the update.
ADA = {
    "compute_saliency_maps": """
        N = X.shape[0]
        scores = model(X)                                    # (N, C)
        correct = scores.gather(1, y.view(-1, 1)).view(-1)   # (N,)
        correct.backward(torch.ones(N))
        saliency, _ = torch.max(X.grad.abs(), dim=1)
        """,
    "make_fooling_image": """
        for i in range(100):
            scores = model(X_fooling)
            _, predicted = scores.max(dim=1)
            if predicted.item() == target_y:
                print("fooled after", i, "steps")
                break
            scores[0, target_y].backward()
            g = X_fooling.grad
            X_fooling.data += learning_rate * g / torch.norm(g)
            X_fooling.grad.zero_()
        """,
    "class_visualization_update_step": """
        loss = model(img)[:, target_y].sum() - l2_reg * torch.norm(img) ** 2
        loss.backward()
        dX = learning_rate * img.grad / torch.norm(img.grad)
        img.data.add_(dX)
        img.grad = None
        """,
    "content_loss": """
        loss = content_weight * torch.sum((content_current - content_original) ** 2)
        """,
    "gram_matrix": """
        N, C, H, W = features.size()
        flat = features.view(N, C, -1)
        gram = torch.bmm(flat, flat.permute(0, 2, 1))
        if normalize:
            gram /= H * W * C
        """,
    "style_loss": """
        loss = 0
        for i, layer in enumerate(style_layers):
            G = gram_matrix(feats[layer])
            loss += style_weights[i] * torch.sum((G - style_targets[i]) ** 2)
        """,
    "tv_loss": """
        h_diff = torch.sum(torch.pow(img[:, :, :, :-1] - img[:, :, :, 1:], 2))
        w_diff = torch.sum(torch.pow(img[:, :, :-1, :] - img[:, :, 1:, :], 2))
        loss = tv_weight * (h_diff + w_diff)
        """,
}

# Grace learnt PyTorch from older material: model.forward, Variable, .data, a `pass` left behind.
GRACE = {
    "compute_saliency_maps": """
        pass
        scores = model.forward(X)
        scores = scores.gather(1, y.view(-1, 1)).squeeze(1)
        total = scores.sum()
        total.backward()
        saliency = X.grad.data.abs().max(1)[0]
        """,
    "make_fooling_image": """
        from torch.autograd import Variable

        X_fooling_var = Variable(X_fooling.data, requires_grad=True)
        num_iter = 0
        while True:
            scores = model.forward(X_fooling_var)
            label = scores.data.max(1)[1][0]
            if label == target_y or num_iter == 100:
                break
            scores[:, target_y].backward()
            grad = X_fooling_var.grad.data
            X_fooling_var.data = X_fooling_var.data + learning_rate * (grad / grad.norm(2))
            X_fooling_var.grad.data.zero_()
            num_iter += 1
            if num_iter % 10 == 0:
                print('Iteration %d: score %.3f' % (num_iter, scores[0, target_y].item()))
        X_fooling = X_fooling_var.data
        """,
    "class_visualization_update_step": """
        scores = model.forward(img)
        score = scores[0][target_y]
        reg = l2_reg * (img * img).sum()
        (score - reg).backward()
        grad = img.grad.data
        img.data += learning_rate * grad / torch.sqrt(torch.sum(grad ** 2))
        img.grad.data.zero_()
        pass
        """,
    "content_loss": """
        diff = content_current - content_original
        loss = content_weight * (diff * diff).sum()
        """,
    "gram_matrix": """
        N, C, H, W = features.shape
        f = features.reshape(N, C, H * W)
        gram = torch.matmul(f, f.transpose(1, 2))
        gram = gram / float(C * H * W) if normalize else gram
        """,
    "style_loss": """
        loss = torch.zeros(1).sum()
        for i in range(len(style_layers)):
            current = gram_matrix(feats[style_layers[i]], normalize=True)
            diff = current - style_targets[i]
            loss = loss + style_weights[i] * (diff * diff).sum()
        """,
    "tv_loss": """
        _, C, H, W = img.shape
        down = img[:, :, 1:H, :] - img[:, :, 0:H - 1, :]
        right = img[:, :, :, 1:W] - img[:, :, :, 0:W - 1]
        loss = tv_weight * ((down * down).sum() + (right * right).sum())
        """,
}

# Alan thinks in formulas: autograd.grad, einsum, torch.diff.
ALAN = {
    "compute_saliency_maps": """
        n = torch.arange(len(y))
        s = model(X)[n, y]
        dX, = torch.autograd.grad(s, X, grad_outputs=torch.ones_like(s))
        saliency = dX.abs().max(dim=1).values
        """,
    "make_fooling_image": """
        steps = 0
        while (s := model(X_fooling)).argmax() != target_y and steps < 100:
            g, = torch.autograd.grad(s[0, target_y], X_fooling)
            X_fooling = (X_fooling + learning_rate * g / g.norm()).detach().requires_grad_()
            steps += 1
        """,
    "class_visualization_update_step": """
        s = model(img)[0, target_y]
        g = torch.autograd.grad(s, img)[0] - 2 * l2_reg * img.detach()
        with torch.no_grad():
            img.add_(g, alpha=float(learning_rate / g.norm()))
        """,
    "content_loss": """
        loss = content_weight * torch.nn.functional.mse_loss(content_current, content_original, reduction="sum")
        """,
    "gram_matrix": """
        gram = torch.einsum("nchw,ndhw->ncd", features, features)
        if normalize:
            gram = gram / features[0].numel()
        """,
    "style_loss": """
        loss = sum(
            w * (gram_matrix(feats[l]) - A).square().sum()
            for l, A, w in zip(style_layers, style_targets, style_weights)
        )
        """,
    "tv_loss": """
        loss = tv_weight * sum(img.diff(dim=d).square().sum() for d in (2, 3))
        """,
}

# Right, and easily failed by a careless grader: helpers in cells of their own, globals of the notebook, magics,
# a device that this machine does not have, prints in Chinese and Korean, loops over images and channels.
UNUSUAL = {
    "compute_saliency_maps": """
        # 对每张图片分别求梯度
        maps = []
        for i in range(X.shape[0]):
            x = X[i:i + 1].detach().type(dtype).requires_grad_(True)
            correct_class_score(model, x, int(y[i])).backward()
            maps.append(largest_channel(x.grad[0]))
        saliency = torch.stack(maps)
        print('显著图:', tuple(saliency.shape))
        """,
    "make_fooling_image": """
        while True:
            scores = model.forward(X_fooling)
            if int(scores.topk(1).indices) == target_y:
                break
            X_fooling.grad = None
            scores[0, target_y].backward()
            with torch.no_grad():
                X_fooling += learning_rate * unit_length(X_fooling.grad)
        print('속았다! 점수 = %.1f, 클래스 = %d'
              % (float(scores.max()), target_y))
        """,
    "class_visualization_update_step": """
        optimizer = torch.optim.SGD([img], lr=learning_rate)
        optimizer.zero_grad()
        # SGD minimizes, so everything has the opposite sign
        energy = l2_reg * torch.einsum('nchw,nchw->', img, img) - correct_class_score(model, img, target_y)
        energy.backward()
        img.grad.copy_(unit_length(img.grad))
        optimizer.step()
        optimizer.zero_grad()
        """,
    "content_loss": """
        delta = (content_current - content_original).flatten()
        loss = content_weight * delta.dot(delta)
        """,
    "gram_matrix": """
        grams = []
        for feature_map in features:
            C = feature_map.shape[0]
            rows = [feature_map[c].reshape(-1) for c in range(C)]
            grams.append(torch.stack([torch.stack([a @ b for b in rows]) for a in rows]))
        gram = torch.stack(grams)
        if normalize is True:
            gram = gram / values_per_image(features)
        """,
    "style_loss": """
        loss = None
        remaining = list(range(len(style_layers)))
        while remaining:
            k = remaining.pop()
            term = style_weights[k] * squared_error(gram_matrix(feats[style_layers[k]]), style_targets[k])
            loss = term if loss is None else loss + term
        """,
    "tv_loss": """
        # the two differences as convolutions of each colour
        stack = img.reshape(-1, 1, *img.shape[2:])
        along_h = torch.nn.functional.conv2d(stack, stack.new_tensor([[[[1.0], [-1.0]]]]))
        along_w = torch.nn.functional.conv2d(stack, stack.new_tensor([[[[1.0, -1.0]]]]))
        loss = tv_weight * (along_h.pow(2).sum() + along_w.pow(2).sum())
        """,
}

UNUSUAL_CELLS = {
    "compute_saliency_maps": """
        %load_ext autoreload
        %autoreload 2
        !nvidia-smi

        dtype = torch.FloatTensor
        device = 'cuda'
        model = model.type(dtype)

        def correct_class_score(net, image, label):
            return net.forward(image)[0, label]

        def largest_channel(gradient):
            return torch.maximum(torch.maximum(gradient[0].abs(), gradient[1].abs()), gradient[2].abs())

        unit_length = lambda g: g / g.pow(2).sum().sqrt()
        """,
    "gram_matrix": """
        %%time
        import numpy as np

        squared_error = lambda a, b: ((a - b) ** 2).sum()

        def values_per_image(features):
            return int(np.prod(features.shape[1:]))
        """,
}
