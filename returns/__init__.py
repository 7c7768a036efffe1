"""The life of a return, from the customer's request to its settlement."""
