"""Training lesions with real shapes: components of expert masks painted into lesion-free places of a scan.

A painted lesion is bright on FLAIR and dark on T1w by a random amount, soft at its border, and keeps the
texture below it. Its truth is the shape itself. For training only.
"""

import numpy
from lesions import STRUCTURE
from scipy import ndimage

ROOM = 3  # voxels kept free around a lesion that is already there


def shapes(mask, minimum=4, maximum=6000):
    """Components of a mask as (corner, boolean box) pairs."""
    labels, _ = ndimage.label(mask, STRUCTURE)
    found = []
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        piece = labels[box] == number
        if minimum <= piece.sum() <= maximum:
            found.append((tuple(s.start for s in box), piece))
    return found


def white_matter(image):
    """Bright T1w and ordinary FLAIR: a rough map of where lesions may be painted, in normalised units."""
    flair, t1w = image
    inside = (flair != 0) & (t1w != 0)
    bright = numpy.percentile(t1w[inside], 85)
    return inside & (t1w > bright - 0.6) & (flair < numpy.percentile(flair[inside], 95))


def variant(piece, random):
    """A mirrored, now and then thinned or grown copy of a shape."""
    for axis in range(3):
        if random.random() < 0.3:
            piece = numpy.flip(piece, axis)
    draw = random.random()
    if draw < 0.15:
        piece = ndimage.binary_dilation(numpy.pad(piece, 1))
    elif draw < 0.3:
        thinner = ndimage.binary_erosion(piece)
        piece = thinner if thinner.sum() >= 4 else piece
    return piece


def paint(case_image, case_truth, library, allowed, random, count):
    """Copies of image and truth with `count` more lesions (fewer when there is no room).

    library: one list of shapes per donor, in the space of the image; `allowed`: where they may lie. Shapes stay near
    their own place when that is allowed (half the time), else go to a random allowed voxel.
    """
    image, truth = case_image.copy(), case_truth.copy()
    taken = ndimage.binary_dilation(truth, iterations=ROOM)
    places = numpy.argwhere(allowed)
    painted, attempts = 0, 0
    while painted < count and attempts < 12 * count:
        attempts += 1
        donor = library[random.integers(len(library))]
        if not donor:
            continue
        sizes = numpy.cbrt([piece.sum() for _, piece in donor])  # large shapes are few, and often find no room
        corner, piece = donor[random.choice(len(donor), p=sizes / sizes.sum())]
        piece = variant(piece, random)
        size = numpy.array(piece.shape)
        if random.random() < 0.5:
            start = numpy.array(corner) + random.integers(-3, 4, size=3)
        else:
            start = places[random.integers(len(places))] - size // 2
        margin = 3
        low, high = start - margin, start + size + margin
        if (low < 0).any() or (high > truth.shape).any():
            continue
        box = tuple(slice(a, b) for a, b in zip(low, high))
        padded = numpy.pad(piece, margin)
        if taken[box][padded].any() or allowed[box][padded].mean() < 0.6:
            continue
        if not (image[(0, *box)][padded] != 0).all():
            continue
        softness = random.uniform(0.4, 1.0)
        alpha = ndimage.gaussian_filter(padded.astype(numpy.float32), softness)
        peak = alpha[padded].mean()
        alpha = numpy.minimum(alpha / max(peak, 0.3), 1.2)
        inside = (image[(0, *box)] != 0) & (image[(1, *box)] != 0)
        bright = random.uniform(0.6, 2.3)
        dark = bright * random.uniform(0.15, 0.9)
        image[(0, *box)] += inside * alpha * bright
        image[(1, *box)] -= inside * alpha * dark
        truth[box] |= padded.astype(truth.dtype)
        taken[box] |= ndimage.binary_dilation(padded, iterations=ROOM)
        painted += 1
    return image, truth
