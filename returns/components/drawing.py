"""Numbers as SVG has them."""


def share(value: float) -> str:
    """A percentage as SVG has it, `62.5%`: written here, because a number in a template follows the locale."""
    return f"{round(value, 2):g}%"
