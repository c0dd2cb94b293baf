"""The contrast of two colours, as WCAG 2 defines it, and how much of it we ask for."""

# What WCAG 2.2 asks for: AA in the light theme and the dark one, AAA where the screen is far away.
READABLE = {"light": 4.5, "dark": 4.5, "projector": 7.0}


def luminance(colour):
    """Return the relative luminance of #rrggbb."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Return the contrast ratio of two colours: 1 for the same, 21 for black on white."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
