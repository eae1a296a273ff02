"""What verification looks at, one module each: the leaves, the tree, the signatures, the originals."""
