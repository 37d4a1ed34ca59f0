"""What is asked of each function, declared once: one module per notebook."""
