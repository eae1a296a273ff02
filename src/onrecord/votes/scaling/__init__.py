"""The mathematics of ideal points: from roll calls to positions on a line, with intervals.

``design`` lays votes out as arrays, ``start`` finds where to begin, ``likelihood`` holds the compiled passes
over the votes, ``chain`` solves the block-tridiagonal system of states over sessions, ``newton`` climbs to
the mode, ``orient`` fixes location, scale, direction. Nothing here reads a file.
"""
