"""MONAI's SwinUNETR: random configurations and the paper's, under the names of model.json."""

import random

import torch
from monai.networks.nets import SwinUNETR, swin_unetr

# Where each eighth of the joined channels comes from, in MONAI 0.9 to 1.4.
LEGACY_CORNERS = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (0, 1, 0), (0, 0, 1), (1, 1, 1)]

PAPER = {
    "spatialDims": 3,
    "inChannels": 2,
    "outChannels": 2,
    "featureSize": 24,
    "depths": [2, 2, 2, 2],
    "numHeads": [3, 6, 12, 24],
    "windowSize": 7,
    "patchSize": 2,
    "qkvBias": True,
    "mlpRatio": 4.0,
    "patchNorm": False,
    "normName": "instance",
    "normalize": True,
    "useV2": False,
    "downsample": "merging",
    "patchMerging": "fixed",
}


class LegacyPatchMerging(swin_unetr.PatchMergingV2):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, d, h, w, _ = x.shape
        x = torch.nn.functional.pad(x, (0, 0, 0, w % 2, 0, h % 2, 0, d % 2))
        x = torch.cat([x[:, i::2, j::2, k::2, :] for i, j, k in LEGACY_CORNERS], -1)
        return self.reduction(self.norm(x))


def draw(rng: random.Random) -> dict:
    version2 = rng.random() < 0.4
    downsample = rng.choice(["merging", "merging", "mergingv2"])
    return {
        "spatialDims": 3,
        "inChannels": 2,
        "outChannels": rng.choice([2, 2, 3]),
        "featureSize": rng.choice([12, 12, 12, 24, 24, 36]),
        "depths": [rng.choice([1, 2, 2, 3]) for _ in range(4)],
        "numHeads": rng.choice([[3, 6, 12, 24], [3, 6, 12, 24], [1, 2, 4, 8], [2, 3, 4, 6], [6, 6, 12, 48]]),
        "windowSize": rng.choice([7, 7, 7, 4, 5, 3, [7, 4, 5], [2, 7, 3]]),
        "patchSize": 2,
        "qkvBias": rng.random() < 0.7,
        "mlpRatio": rng.choice([4.0, 4.0, 2.0, 1.5]),
        "patchNorm": rng.random() < 0.4,
        "normName": rng.choice(["instance", "instance", {"name": "instance", "affine": True}]),
        "normalize": rng.random() < 0.7,
        "useV2": version2,
        "downsample": downsample,
        "patchMerging": "fixed" if downsample == "mergingv2" else rng.choice(["fixed", "legacy"]),
    }


def build(parameters: dict) -> SwinUNETR:
    norm = parameters["normName"]
    downsample = LegacyPatchMerging if parameters["patchMerging"] == "legacy" else parameters["downsample"]
    return SwinUNETR(
        in_channels=parameters["inChannels"],
        out_channels=parameters["outChannels"],
        patch_size=parameters["patchSize"],
        depths=parameters["depths"],
        num_heads=parameters["numHeads"],
        window_size=parameters["windowSize"],
        qkv_bias=parameters["qkvBias"],
        mlp_ratio=parameters["mlpRatio"],
        feature_size=parameters["featureSize"],
        norm_name=norm if isinstance(norm, str) else (norm["name"], {"affine": norm["affine"]}),
        normalize=parameters["normalize"],
        patch_norm=parameters["patchNorm"],
        spatial_dims=3,
        downsample=downsample,
        use_v2=parameters["useV2"],
    )
