"""What managers read. Every figure is a sum of what single returns bring to it, and every sum is the ledger's.

`facts` is the one definition of what a return brings; roll-ups, figures of this very moment, the rows behind a figure
and the proof that they agree are all made from it.
"""
