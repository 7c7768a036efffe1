"""What people are called on pages."""


def display_name(name: str, email: str) -> str:
    """The name where there is one, else the part of the address before the @."""
    return name or email.partition("@")[0]


def short_name(name: str, email: str) -> str:
    """`Renee O.`: a first name and an initial, as the desk shows colleagues."""
    first, _, rest = display_name(name, email).partition(" ")
    return f"{first} {rest[0]}." if rest else first
