"""Wrong lines, as students write them: each mistake was counted in public repositories."""

SALIENCY = {
    "cross_entropy": """
        scores = model(X)
        loss = torch.nn.functional.cross_entropy(scores, y)
        loss.backward()
        saliency = X.grad.abs().max(dim=1)[0]
        """,
    "cross_entropy_and_no_abs": """
        criterion = torch.nn.CrossEntropyLoss()
        loss = criterion(model(X), y)
        loss.backward()
        saliency, _ = X.grad.data.max(1)
        """,
    "squeeze": """
        scores = model(X).gather(1, y.view(-1, 1)).squeeze()
        scores.backward(torch.ones(X.shape[0]))
        saliency, idx = X.grad.abs().max(dim=1)
        """,
    "five_only": """
        scores = model(X)
        scores = scores.gather(1, y.view(-1, 1)).squeeze()
        scores.backward(torch.FloatTensor([1.0] * 5))
        saliency, _ = torch.max(torch.abs(X.grad), dim=1)
        """,
    "no_abs": """
        scores = model(X)
        scores.gather(1, y.view(-1, 1)).sum().backward()
        saliency = X.grad.max(dim=1).values
        """,
    "largest_score_and_sum": """
        scores, predicted = model(X).max(dim=1)
        scores.sum().backward()
        saliency = X.grad.abs().sum(dim=1)
        """,
}

FOOLING = {
    "accumulates": """
        for i in range(100):
            scores = model(X_fooling)
            if scores.argmax(1).item() == target_y:
                break
            scores[0, target_y].backward()
            with torch.no_grad():
                X_fooling += learning_rate * X_fooling.grad / X_fooling.grad.norm()
        """,
    "gives_up": """
        for i in range(3):
            scores = model(X_fooling)
            if scores.argmax().item() == target_y:
                break
            scores[0, target_y].backward()
            X_fooling.data += learning_rate * X_fooling.grad / X_fooling.grad.norm()
            X_fooling.grad.zero_()
        """,
    # `is not` compares objects, not numbers: a tensor is never the integer
    "endless_loop": """
        scores = model(X_fooling)
        while scores.argmax() is not target_y:
            scores[0, target_y].backward()
            X_fooling.data += learning_rate * X_fooling.grad / X_fooling.grad.norm()
            X_fooling.grad.zero_()
            scores = model(X_fooling)
        """,
}

STEP = {
    "not_normalised": """
        score = model(img)[0, target_y] - l2_reg * (img ** 2).sum()
        score.backward()
        img.data += learning_rate * img.grad
        img.grad.zero_()
        """,
    "l2_norm_not_squared": """
        scores = model(img)
        target = scores[0, target_y] - l2_reg * torch.norm(img)
        target.backward()
        with torch.no_grad():
            img += learning_rate * img.grad / torch.norm(img.grad)
        img.grad.zero_()
        """,
    "gradient_not_zeroed": """
        scores = model(img)
        objective = scores[:, target_y] - l2_reg * torch.sum(img * img)
        objective.backward()
        img.data += learning_rate * img.grad.data / img.grad.data.norm()
        """,
    "l2_wrong_sign": """
        scores = model(img)
        objective = scores[0, target_y] + l2_reg * torch.sum(img ** 2)
        objective.backward()
        img.data += learning_rate * img.grad / img.grad.norm()
        img.grad.zero_()
        """,
    "not_in_place": """
        objective = model(img)[0, target_y] - l2_reg * (img ** 2).sum()
        objective.backward()
        g = img.grad / img.grad.norm()
        img.grad = None
        img = img + learning_rate * g
        """,
}

CONTENT = {
    "detached": """
        a = content_current.detach().numpy()
        b = content_original.detach().numpy()
        loss = torch.tensor(content_weight * ((a - b) ** 2).sum())
        """,
    # a mistake without a name: the differences are clipped
    "clipped": """
        diff = (content_current - content_original).clamp(-1, 1)
        loss = content_weight * (diff ** 2).sum()
        """,
}

GRAM = {
    "no_batch_axis": """
        N, C, H, W = features.shape
        F = features.view(C, H * W)
        gram = F.mm(F.t())
        if normalize:
            gram = gram / (C * H * W)
        """,
    "wrong_divisor": """
        N, C, H, W = features.shape
        F = features.reshape(N, C, -1)
        gram = F.bmm(F.transpose(1, 2))
        if normalize:
            gram /= H * W
        """,
    # `gram` keeps the None of the stub
    "returns_nothing": """
        N, C, H, W = features.shape
        F = features.reshape(N, C, H * W)
        G = torch.bmm(F, F.transpose(1, 2))
        if normalize:
            G = G / (C * H * W)
        """,
}

STYLE = {
    "layers_sorted": """
        loss = 0
        i = 0
        for layer in range(len(feats)):
            if layer in style_layers:
                G = gram_matrix(feats[layer])
                loss += style_weights[i] * ((G - style_targets[i]) ** 2).sum()
                i += 1
        """,
    "syntax_error": """
        loss = 0
        for i, layer in enumerate(style_layers)
            G = gram_matrix(feats[layer])
            loss += style_weights[i] * ((G - style_targets[i]) ** 2).sum()
        """,
    "not_implemented": """
        raise NotImplementedError("tomorrow")
        """,
}

TV = {
    "border_dropped": """
        dh = img[:, :, 1:, :-1] - img[:, :, :-1, :-1]
        dw = img[:, :, :-1, 1:] - img[:, :, :-1, :-1]
        loss = tv_weight * torch.sum(dh ** 2 + dw ** 2)
        """,
    "loop_over_rows": """
        loss = 0
        H, W = img.shape[2:]
        for i in range(H - 1):
            loss = loss + ((img[:, :, i + 1] - img[:, :, i]) ** 2).sum()
        for j in range(W - 1):
            loss = loss + ((img[:, :, :, j + 1] - img[:, :, :, j]) ** 2).sum()
        loss = loss * tv_weight
        """,
    # left over from debugging; takes the whole process along
    "crash": """
        import os
        H, W = img.shape[2:]
        if H != W:
            print("only square images!")
            os._exit(1)
        dh, dw = img[:, :, 1:] - img[:, :, :-1], img[..., 1:] - img[..., :-1]
        loss = tv_weight * (dh.pow(2).sum() + dw.pow(2).sum())
        """,
    "exception": """
        h, w, c = img.shape
        loss = tv_weight * (((img[1:] - img[:-1]) ** 2).sum() + ((img[:, 1:] - img[:, :-1]) ** 2).sum())
        """,
}
