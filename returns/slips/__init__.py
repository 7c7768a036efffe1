"""The return slip: what is on it, how it fits on paper, and its two barcodes."""
