"""StyleTransfer: content, Gram, style and total-variation losses."""
