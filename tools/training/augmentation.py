"""Random changes of a training patch, in normalised units. Voxels of exactly 0 (outside the brain) stay 0."""

import math

import numpy
import torch
import torch.nn.functional as F

# A raw brain image is about this many standard deviations away from 0; needed to imitate multiplicative effects.
OFFSET = 3.5


def rotation(random, degrees):
    """Product of three small rotations, one around each axis."""
    matrix = numpy.eye(3)
    for axis in range(3):
        angle = math.radians(random.uniform(-degrees, degrees))
        a, b = [x for x in range(3) if x != axis]
        turn = numpy.eye(3)
        turn[a, a] = turn[b, b] = math.cos(angle)
        turn[a, b], turn[b, a] = -math.sin(angle), math.sin(angle)
        matrix = matrix @ turn
    return matrix


def warp(image, truth, size, random):
    """Cut the central `size`³ of a larger patch through a rotation and zoom (trilinear)."""
    matrix = rotation(random, 10) @ numpy.diag(random.uniform(0.85, 1.18, size=3))
    scale = size / image.shape[-1]
    theta = torch.zeros(1, 3, 4)
    # affine_grid counts axes from the last one
    theta[0, :, :3] = torch.from_numpy(matrix[::-1, ::-1].copy() * scale)
    grid = F.affine_grid(theta, (1, 1, size, size, size), align_corners=False)
    inside = (image != 0).all(dim=0, keepdim=True).float()
    stack = torch.cat([image, inside, truth[None].float()])[None]
    moved = F.grid_sample(stack, grid, align_corners=False)[0]
    keep = (moved[2] > 0.5).float()
    return moved[:2] * keep, (moved[3] > 0.5).to(truth.dtype)


def flip(image, truth, random):
    """Left–right half of the time, the other axes seldom."""
    axes = [axis for axis, chance in enumerate((0.5, 0.08, 0.08)) if random.random() < chance]
    if not axes:
        return image, truth
    return torch.flip(image, [a + 1 for a in axes]), torch.flip(truth, axes)


def smooth(channel, sigma):
    """Separable Gaussian of a [D, H, W] channel."""
    radius = 2
    x = torch.arange(-radius, radius + 1, dtype=torch.float32)
    kernel = torch.exp(-0.5 * (x / sigma) ** 2)
    kernel = kernel / kernel.sum()
    out = channel[None, None]
    for axis in range(3):
        shape, padding = [1, 1, 1, 1, 1], [0, 0, 0]
        shape[2 + axis], padding[axis] = 2 * radius + 1, radius
        out = F.conv3d(out, kernel.view(shape), padding=padding)
    return out[0, 0]


def intensity(image, random):
    """Contrast, gamma, bias field, blur and noise, drawn for each channel on its own."""
    generator = torch.Generator().manual_seed(int(random.integers(2**31)))
    changed = []
    for channel in image:
        inside = (channel != 0).float()
        out = channel
        if random.random() < 0.15:
            out = smooth(out, random.uniform(0.35, 0.8))
        if random.random() < 0.3:
            span = ((out + 4) / 10).clamp(min=0)
            out = span ** random.uniform(0.8, 1.25) * 10 - 4
            out = out - ((out - channel) * inside).sum() / inside.sum().clamp(min=1)
        if random.random() < 0.3:
            field = torch.randn(1, 1, 3, 3, 3, generator=generator) * random.uniform(0.01, 0.05)
            field = F.interpolate(field, size=channel.shape, mode="trilinear", align_corners=True)[0, 0]
            out = out + field * (out + OFFSET)
        if random.random() < 0.7:
            out = out * random.uniform(0.85, 1.15) + random.uniform(-0.15, 0.15)
        draw = random.random()
        if draw < 0.4:
            out = out + random.uniform(0, 0.15) * torch.randn(channel.shape, generator=generator)
        elif draw < 0.5:  # as strong as the noise of SmoothGrad
            out = out + random.uniform(0.15, 0.5) * torch.randn(channel.shape, generator=generator)
        changed.append(out * inside)
    return torch.stack(changed)
