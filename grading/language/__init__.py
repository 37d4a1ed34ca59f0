"""Catalogues of translations: what is in them, and how they follow the English texts."""
