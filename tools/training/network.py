"""The network that is trained: a narrower version of the paper's 3D U-Net, and its sliding window."""

import torch
from monai.inferers import SlidingWindowInferer
from monai.networks.nets import UNet

# As model.json spells MONAI's arguments.
PARAMETERS = {
    "spatialDims": 3,
    "inChannels": 2,
    "outChannels": 2,
    "channels": [16, 32, 64, 128, 256],
    "strides": [2, 2, 2, 2],
    "numResUnits": 0,
    "activation": {"name": "prelu"},
    "norm": {"name": "batch"},
}
WINDOW = 96
OVERLAP = 0.25


def build():
    """A MONAI `UNet` with freshly initialised weights."""
    return UNet(
        spatial_dims=PARAMETERS["spatialDims"],
        in_channels=PARAMETERS["inChannels"],
        out_channels=PARAMETERS["outChannels"],
        channels=PARAMETERS["channels"],
        strides=PARAMETERS["strides"],
        num_res_units=PARAMETERS["numResUnits"],
        norm=PARAMETERS["norm"]["name"],
        act=PARAMETERS["activation"]["name"],
    )


@torch.no_grad()
def lesion_probability(network, image):
    """Softmax of the lesion class for a normalised [2, i, j, k] array, window by window in fp32."""
    inferer = SlidingWindowInferer((WINDOW,) * 3, sw_batch_size=1, overlap=OVERLAP, mode="gaussian")
    network.eval()
    logits = inferer(torch.from_numpy(image)[None].float(), network)
    return torch.softmax(logits, dim=1)[0, 1].numpy()


def load(network, weights):
    """Load weights that may lack the batch counters of batch norm, and nothing else."""
    missing, surplus = network.load_state_dict(weights, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or surplus:
        raise ValueError(f"weights do not fit the network: missing {missing}, surplus {surplus}")
