"""The returns policy in pure Python: facts and the moment go in, a verdict with its arithmetic comes out.

Only the standard library is imported here: no Django, no clock, no files but those a caller names.
"""
