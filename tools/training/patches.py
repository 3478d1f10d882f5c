"""Training batches: a pure function of (seed, iteration), so that a resumed run draws what the whole run would."""

from collections import OrderedDict

import augmentation
import numpy
import painting
import torch
from lesions import STRUCTURE
from scipy import ndimage
from torch.utils.data import Dataset


class Source:
    """One scan to draw patches from: the image in half precision, its truth, its lesions and its brain voxels."""

    def __init__(self, image, truth):
        self.image = image.astype(numpy.float16)
        self.truth = truth.astype(numpy.uint8)
        labels, count = ndimage.label(self.truth, STRUCTURE)
        order = numpy.argsort(labels[self.truth > 0], kind="stable")
        coordinates = numpy.argwhere(self.truth > 0)[order].astype(numpy.int16)
        sizes = numpy.bincount(labels.ravel(), minlength=count + 1)[1:]
        self.lesions = numpy.split(coordinates, numpy.cumsum(sizes)[:-1]) if count else []
        inside = (image != 0).all(axis=0)
        self.brain = numpy.flatnonzero(inside).astype(numpy.int32)[::7]

    def centre(self, random, on_lesion):
        """A voxel of a lesion (all lesions equally likely, whatever their size), or any brain voxel."""
        if on_lesion and self.lesions:
            lesion = self.lesions[random.integers(len(self.lesions))]
            return lesion[random.integers(len(lesion))].astype(int)
        voxel = self.brain[random.integers(len(self.brain))]
        return numpy.array(numpy.unravel_index(voxel, self.truth.shape))

    def cut(self, centre, size):
        """A `size`³ patch around a voxel, zero where it leaves the scan."""
        image = numpy.zeros((2, size, size, size), dtype=numpy.float32)
        truth = numpy.zeros((size, size, size), dtype=numpy.uint8)
        start = numpy.asarray(centre) - size // 2
        low = numpy.maximum(start, 0)
        high = numpy.minimum(start + size, self.truth.shape)
        inner = tuple(slice(a - s, b - s) for a, b, s in zip(low, high, start))
        outer = tuple(slice(a, b) for a, b in zip(low, high))
        image[(slice(None), *inner)] = self.image[(slice(None), *outer)]
        truth[inner] = self.truth[outer]
        return torch.from_numpy(image), torch.from_numpy(truth)


class Batches(Dataset):
    """Batch number i as (images [B, 2, n, n, n], truths [B, n, n, n]).

    phantoms: sources of synthetic patients. real: (image, truth, library, allowed) of the scan that lesions are painted
    into. `real_share` of the patches come from the real scan, `painted_share` of those with painted lesions.
    """

    REFRESH = 40  # iterations between new painted copies
    COPIES = 4  # painted copies in use at a time

    def __init__(self, phantoms, real, *, seed, iterations, batch, size, real_share, painted_share, lesion_share):
        self.phantoms, self.real = phantoms, real
        self.plain = Source(real[0], real[1]) if real else None
        self.seed, self.iterations, self.batch, self.size = seed, iterations, batch, size
        self.real_share = real_share if phantoms else 1.0
        self.painted_share, self.lesion_share = painted_share, lesion_share
        self.painted = OrderedDict()

    def __len__(self):
        return self.iterations

    def copy(self, number):
        """Painted copy of the real scan, kept while it is in use."""
        if number not in self.painted:
            image, truth, library, allowed = self.real
            random = numpy.random.default_rng((self.seed, 1, number))
            count = int(random.integers(10, 70))
            self.painted[number] = Source(*painting.paint(image, truth, library, allowed, random, count))
            while len(self.painted) > self.COPIES + 1:
                self.painted.popitem(last=False)
        return self.painted[number]

    def source(self, iteration, random):
        if self.real is None or random.random() >= self.real_share:
            return self.phantoms[random.integers(len(self.phantoms))]
        if random.random() >= self.painted_share:
            return self.plain
        newest = iteration // self.REFRESH
        return self.copy(max(newest - int(random.integers(self.COPIES)), 0))

    def patch(self, iteration, random):
        source = self.source(iteration, random)
        centre = source.centre(random, random.random() < self.lesion_share)
        shift = self.size // 3
        centre = centre + random.integers(-shift, shift + 1, size=3)
        if random.random() < 0.35:
            image, truth = source.cut(centre, int(self.size * 1.4))
            image, truth = augmentation.warp(image, truth, self.size, random)
        else:
            image, truth = source.cut(centre, self.size)
        image, truth = augmentation.flip(image, truth, random)
        return augmentation.intensity(image, random), truth

    def __getitem__(self, iteration):
        random = numpy.random.default_rng((self.seed, 0, iteration))
        pairs = [self.patch(iteration, random) for _ in range(self.batch)]
        return torch.stack([p[0] for p in pairs]), torch.stack([p[1] for p in pairs])
