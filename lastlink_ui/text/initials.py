"""What stands in a person's place where there is no picture."""


def initials(name: str) -> str:
    """The first letters of the first and the last word of `name`: `Ana Demo` → `AD`."""
    words = [word for word in name.split() if word[0].isalnum()]
    ends = words if len(words) <= 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper() or "?"
