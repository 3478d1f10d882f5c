"""Soft Dice over the batch and focal cross-entropy, the two parts of the training loss."""

import torch
import torch.nn.functional as F


def dice(logits, truth, smooth=20.0):
    """1 − soft Dice of the lesion class, all voxels of the batch together (robust against empty patches)."""
    probability = torch.softmax(logits, dim=1)[:, 1]
    truth = truth.float()
    overlap = (probability * truth).sum()
    return 1 - (2 * overlap + smooth) / (probability.sum() + truth.sum() + smooth)


def focal(logits, truth, gamma=1.0):
    """Mean focal cross-entropy: −(1 − p)^γ log p of the true class."""
    log_probability = F.log_softmax(logits, dim=1).gather(1, truth.long()[:, None])[:, 0]
    return -((1 - log_probability.exp()) ** gamma * log_probability).mean()


def combined(logits, truth, focal_weight):
    return 0.5 * dice(logits, truth) + focal_weight * focal(logits, truth)
