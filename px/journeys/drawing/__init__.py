"""A journey while it is drawn: moves, forms, the scene, warnings, and merging two drafts."""
