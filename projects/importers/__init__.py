"""What reads files of others into the platform: the official register, the OZG catalogues, projects of a list.

Readers (gv100ad, coordinates, lines) turn bytes into checked values and name what is damaged; writers (register, ozg,
projects) store them. Nothing here prints: the commands do.
"""
