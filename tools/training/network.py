"""The networks that are trained: small versions of the paper's three, and the sliding window they look through."""

import json
from dataclasses import dataclass

import torch
from monai.inferers import SlidingWindowInferer
from monai.networks.nets import DynUNet, SwinUNETR, UNet
from safetensors.torch import load_file

OVERLAP = 0.25


def unet(p):
    return UNet(
        spatial_dims=p["spatialDims"],
        in_channels=p["inChannels"],
        out_channels=p["outChannels"],
        channels=p["channels"],
        strides=p["strides"],
        num_res_units=p["numResUnits"],
        norm=p["norm"]["name"],
        act=p["activation"]["name"],
    )


def dyn_unet(p):
    return DynUNet(
        spatial_dims=p["spatialDims"],
        in_channels=p["inChannels"],
        out_channels=p["outChannels"],
        kernel_size=p["kernelSize"],
        strides=p["strides"],
        upsample_kernel_size=p["upsampleKernelSize"],
        filters=p["filters"],
        norm_name=(p["normName"]["name"], {"affine": p["normName"]["affine"]}),
        act_name=(p["actName"]["name"], {"inplace": True, "negative_slope": p["actName"]["negativeSlope"]}),
        deep_supervision=p["deepSupervision"],
        res_block=p["resBlock"],
        trans_bias=p["transBias"],
    )


def swin_unetr(p):
    return SwinUNETR(
        spatial_dims=p["spatialDims"],
        in_channels=p["inChannels"],
        out_channels=p["outChannels"],
        feature_size=p["featureSize"],
        depths=p["depths"],
        num_heads=p["numHeads"],
        window_size=p["windowSize"],
        patch_size=p["patchSize"],
        qkv_bias=p["qkvBias"],
        mlp_ratio=p["mlpRatio"],
        patch_norm=p["patchNorm"],
        norm_name=p["normName"],
        normalize=p["normalize"],
        use_v2=p["useV2"],
        downsample=p["downsample"],
    )


CONSTRUCTORS = {"UNet": unet, "DynUNet": dyn_unet, "SwinUNETR": swin_unetr}


@dataclass(frozen=True)
class Design:
    """A network to train: its class in MONAI, its arguments as model.json spells them, its cubic window in voxels, and
    the modules that train in fp32."""

    architecture: str
    parameters: dict
    window: int
    full_precision: tuple = ()

    def build(self):
        """The MONAI network with freshly initialised weights."""
        return CONSTRUCTORS[self.architecture](self.parameters)


DESIGNS = {
    "unet": Design(
        "UNet",
        {
            "spatialDims": 3,
            "inChannels": 2,
            "outChannels": 2,
            "channels": [16, 32, 64, 128, 256],
            "strides": [2, 2, 2, 2],
            "numResUnits": 0,
            "activation": {"name": "prelu"},
            "norm": {"name": "batch"},
        },
        96,
    ),
    "nnunet": Design(
        "DynUNet",
        {
            "spatialDims": 3,
            "inChannels": 2,
            "outChannels": 2,
            "kernelSize": [3, 3, 3, 3],
            "strides": [1, 2, 2, 2],
            "upsampleKernelSize": [2, 2, 2],
            "filters": [8, 16, 32, 64],
            "normName": {"name": "instance", "affine": True},
            "actName": {"name": "leakyrelu", "negativeSlope": 0.01},
            "deepSupervision": False,
            "resBlock": True,
            "transBias": False,
        },
        48,
    ),
    # Attention windows of 4 divide every level of a 64³ patch, so nothing is padded.
    "swin-unetr": Design(
        "SwinUNETR",
        {
            "spatialDims": 3,
            "inChannels": 2,
            "outChannels": 2,
            "featureSize": 12,
            "depths": [1, 2, 2, 2],
            "numHeads": [3, 6, 12, 24],
            "windowSize": 4,
            "patchSize": 2,
            "qkvBias": True,
            "mlpRatio": 4.0,
            "patchNorm": False,
            "normName": "instance",
            "normalize": True,
            "useV2": False,
            "downsample": "merging",
            "patchMerging": "fixed",
        },
        64,
        ("encoder10",),  # its bf16 weight gradient, over 2³ voxels of a 64³ patch, is often not finite
    ),
}


def inferer(design):
    return SlidingWindowInferer((design.window,) * 3, sw_batch_size=1, overlap=OVERLAP, mode="gaussian")


@torch.no_grad()
def lesion_probability(design, network, image):
    """Softmax of the lesion class for a normalised [2, i, j, k] array, window by window in fp32."""
    network.eval()
    logits = inferer(design)(torch.from_numpy(image)[None].float(), network)
    return torch.softmax(logits, dim=1)[0, 1].numpy()


def needed(name):
    """Whether an inference needs the tensor: not batch norm's counter, not Swin's position index, which follows from
    the arguments, and not DynUNet's second names of its parameters."""
    return not name.startswith("skip_layers.") and not name.endswith(("num_batches_tracked", "relative_position_index"))


def load(path):
    """Design and trained network of a training checkpoint (its averaged weights), or of weights.safetensors with
    model.json beside it. Tensors may be missing that an inference does without, nothing else."""
    if path.suffix == ".safetensors":
        described = json.loads((path.parent / "model.json").read_text())
        design = Design(
            described["architecture"]["name"], described["architecture"]["parameters"], described["window"][0]
        )
        weights = load_file(path)
    else:
        state = torch.load(path, weights_only=True)
        design, weights = DESIGNS[state.get("network", "unet")], state["average"]
    trained = design.build()
    missing, surplus = trained.load_state_dict(weights, strict=False)
    missing = [name for name in missing if needed(name)]
    if missing or surplus:
        raise ValueError(f"{path}: weights do not fit the network: missing {missing}, surplus {surplus}")
    return design, trained
