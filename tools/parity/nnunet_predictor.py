"""Compares lesionqc with nnU-Net v2's own predictor on a real patient, for small networks with random weights.

Builds result folders as nnUNetv2_train leaves them (plans.json, dataset.json, fold_k/checkpoint_final.pth), runs
nnUNetPredictor on the CPU and `lesionqc model import` and `lesionqc model probability`, and prints one line per case.
Nothing of the patient is kept.

    .venv/bin/python tools/parity/nnunet_predictor.py --flair FLAIR.nii.gz --mprage T1w.nii.gz [--case NAME …] [--keep
    DIR]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

for key in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ.setdefault(key, "/nonexistent")

import nibabel as nib
import numpy as np
import torch
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

ROOT = Path(__file__).resolve().parents[2]

RESAMPLING = {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None}


def architecture(kind, kernels, strides, features):
    stages = len(features)
    layers = "n_conv_per_stage" if kind == "PlainConvUNet" else "n_blocks_per_stage"
    return {
        "network_class_name": f"dynamic_network_architectures.architectures.unet.{kind}",
        "arch_kwargs": {
            "n_stages": stages,
            "features_per_stage": features,
            "conv_op": "torch.nn.modules.conv.Conv3d",
            "kernel_sizes": kernels,
            "strides": strides,
            layers: [2 if kind == "PlainConvUNet" else 1] * stages,
            "n_conv_per_stage_decoder": [1] * (stages - 1),
            "conv_bias": True,
            "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
            "norm_op_kwargs": {"eps": 1e-05, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }


ISOTROPIC = ([[3, 3, 3]] * 3, [[1, 1, 1], [2, 2, 2], [2, 2, 2]])
ANISOTROPIC = ([[1, 3, 3], [1, 3, 3], [3, 3, 3]], [[1, 1, 1], [1, 2, 2], [2, 2, 2]])

# What each case varies: network, tiles, voxel size of the plan relative to the patient's (z, y, x), axes, folds,
# mirroring.
CASES = {
    "own-spacing": dict(shape=ISOTROPIC, patch=[48, 64, 64], factor=[1, 1, 1]),
    "isotropic": dict(shape=ISOTROPIC, patch=[40, 56, 48], factor=[1.3, 1.15, 1.25]),
    "finer": dict(shape=ISOTROPIC, patch=[56, 64, 64], factor=[0.9, 0.85, 0.8], normalisation="mixed"),
    "separate-z": dict(shape=ANISOTROPIC, patch=[16, 56, 64], factor=[4, 1.1, 1.2]),
    "transposed": dict(shape=ANISOTROPIC, patch=[16, 64, 56], factor=[3.6, 1.1, 1.2], transpose=[1, 2, 0]),
    "two-folds": dict(shape=ISOTROPIC, patch=[48, 56, 56], factor=[1.25, 1.25, 1.25], folds=2),
    "mirrored": dict(shape=ISOTROPIC, patch=[48, 64, 56], factor=[1.6, 1.6, 1.6], mirror=[0, 1, 2]),
    "mirrored-folds": dict(
        shape=ANISOTROPIC, patch=[16, 56, 56], factor=[4, 1.5, 1.5], mirror=[1, 2], folds=2, transpose=[2, 0, 1]
    ),
    "residual": dict(
        shape=ISOTROPIC, patch=[48, 56, 56], factor=[1.4, 1.4, 1.4], kind="ResidualEncoderUNet", reader="NibabelIO"
    ),
    "large-patch": dict(shape=ISOTROPIC, patch=[120, 160, 144], factor=[1.7, 1.6, 1.8], old_plans=True),
    "reoriented": dict(
        shape=ISOTROPIC, patch=[48, 56, 64], factor=[1.5, 1.5, 1.5], reader="NibabelIOWithReorient", transpose=[0, 2, 1]
    ),
}


def plans_of(case, spacing):
    kernels, strides = case["shape"]
    transpose = case.get("transpose", [0, 1, 2])
    kind = case.get("kind", "PlainConvUNet")
    features = [8, 16, 32]
    schemes = (["ZScoreNormalization", "ZScoreNormalization"], [True, True])
    if case.get("normalisation") == "mixed":
        schemes = (["ZScoreNormalization", "RescaleTo01Normalization"], [False, False])
    configuration = {
        "data_identifier": "nnUNetPlans_3d_fullres",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": case["patch"],
        "median_image_size_in_voxels": [1.0, 1.0, 1.0],
        "spacing": [spacing[transpose[a]] * case["factor"][a] for a in range(3)],
        "normalization_schemes": schemes[0],
        "use_mask_for_norm": schemes[1],
        "resampling_fn_data": "resample_data_or_seg_to_shape",
        "resampling_fn_data_kwargs": RESAMPLING,
        "resampling_fn_seg": "resample_data_or_seg_to_shape",
        "resampling_fn_seg_kwargs": {**RESAMPLING, "is_seg": True, "order": 1},
        "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
        "resampling_fn_probabilities_kwargs": {**RESAMPLING, "order": 1},
        "batch_dice": False,
    }
    if case.get("old_plans"):
        configuration |= {
            "UNet_class_name": kind,
            "UNet_base_num_features": features[0],
            "unet_max_num_features": 320,
            "n_conv_per_stage_encoder": [2, 2, 2],
            "n_conv_per_stage_decoder": [1, 1],
            "num_pool_per_axis": [2, 2, 2],
            "pool_op_kernel_sizes": strides,
            "conv_kernel_sizes": kernels,
        }
    else:
        configuration["architecture"] = architecture(kind, kernels, strides, features)
    properties = {
        "max": 1.0,
        "mean": 0.5,
        "median": 0.5,
        "min": 0.0,
        "percentile_00_5": 0.0,
        "percentile_99_5": 1.0,
        "std": 0.25,
    }
    backward = [transpose.index(a) for a in range(3)]
    return {
        "dataset_name": "Dataset001_MS",
        "plans_name": "nnUNetPlans",
        "transpose_forward": transpose,
        "transpose_backward": backward,
        "image_reader_writer": case.get("reader", "SimpleITKIO"),
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "original_median_spacing_after_transp": [1.0, 1.0, 1.0],
        "original_median_shape_after_transp": [1, 1, 1],
        "foreground_intensity_properties_per_channel": {"0": properties, "1": properties},
        "configurations": {"base": configuration, "3d_fullres": {"inherits_from": "base"}},
    }


def network_of(case, seed):
    kernels, strides = case["shape"]
    torch.manual_seed(seed)
    kind = {"PlainConvUNet": PlainConvUNet, "ResidualEncoderUNet": ResidualEncoderUNet}[
        case.get("kind", "PlainConvUNet")
    ]
    layers = {"n_conv_per_stage": 2} if kind is PlainConvUNet else {"n_blocks_per_stage": 1}
    network = kind(
        2,
        3,
        [8, 16, 32],
        torch.nn.Conv3d,
        kernels,
        strides,
        num_classes=2,
        n_conv_per_stage_decoder=1,
        conv_bias=True,
        norm_op=torch.nn.InstanceNorm3d,
        norm_op_kwargs={"eps": 1e-5, "affine": True},
        nonlin=torch.nn.LeakyReLU,
        nonlin_kwargs={"inplace": True},
        deep_supervision=True,
        **layers,
    )
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name.endswith(("norm.weight", "norm.bias")):
                value.add_(0.2 * torch.randn_like(value))
    return network


def write_folder(folder, case, spacing, biases):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plans.json").write_text(json.dumps(plans_of(case, spacing)))
    (folder / "dataset.json").write_text(
        json.dumps(
            {
                "channel_names": {"0": "FLAIR", "1": "T1w"},
                "labels": {"background": 0, "lesion": 1},
                "numTraining": 1,
                "file_ending": ".nii.gz",
            }
        )
    )
    for fold in range(case.get("folds", 1)):
        network = network_of(case, seed=100 + fold)
        with torch.no_grad():
            network.decoder.seg_layers[-1].weight.mul_(3)
            network.decoder.seg_layers[-1].bias[1] += biases
        (folder / f"fold_{fold}").mkdir(exist_ok=True)
        torch.save(
            {
                "network_weights": network.state_dict(),
                "optimizer_state": {},
                "grad_scaler_state": None,
                "logging": {},
                "_best_ema": 0.5,
                "current_epoch": 1,
                "trainer_name": "nnUNetTrainer",
                "init_args": {"configuration": "3d_fullres", "fold": fold, "device": torch.device("cpu")},
                "inference_allowed_mirroring_axes": tuple(case["mirror"]) if "mirror" in case else None,
            },
            folder / f"fold_{fold}" / "checkpoint_final.pth",
        )


def predict(folder, case, images, single):
    predictor = nnUNetPredictor(
        tile_step_size=0.5,
        use_gaussian=True,
        use_mirroring="mirror" in case,
        device=torch.device("cpu"),
        perform_everything_on_device=False,
        allow_tqdm=False,
    )
    predictor.initialize_from_trained_model_folder(str(folder), tuple(range(case.get("folds", 1))))
    data, properties = predictor.plans_manager.image_reader_writer_class().read_images([str(i) for i in images])
    half = torch.half
    if single:
        # The predictor asks for this type by name where it makes its sums; its Gaussian stays in half precision.
        torch.half = torch.float32
    mask, probabilities = predictor.predict_single_npy_array(data, properties, save_or_return_probabilities=True)
    torch.half = half
    # nnU-Net's array is [z, y, x]; with a reorienting reader of the reoriented image.
    mask, lesion = mask.transpose(2, 1, 0), np.asarray(probabilities)[1].transpose(2, 1, 0)
    if case.get("reader") == "NibabelIOWithReorient":
        stored = nib.io_orientation(nib.load(images[0]).affine)
        back = nib.orientations.ornt_transform(nib.orientations.axcodes2ornt("RAS"), stored)
        mask = nib.orientations.apply_orientation(mask, back)
        lesion = nib.orientations.apply_orientation(lesion, back)
    return mask, lesion


def run(case, folder, images, program, threads):
    subprocess.run(
        [program, "model", "import", "--nnunet", folder, "--output", folder / "model", "--brain-extracted"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    command = [
        program,
        "model",
        "probability",
        "--flair",
        images[0],
        "--mprage",
        images[1],
        "--model",
        folder / "model",
        "--output",
        folder / "probability.nii.gz",
        "--threads",
        str(threads),
    ]
    if "mirror" in case:
        command.append("--mirror")
    subprocess.run(command, check=True)
    return nib.load(folder / "probability.nii.gz").get_fdata()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flair", type=Path, required=True)
    parser.add_argument("--mprage", type=Path, required=True)
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--program", default=str(ROOT / ".build/release/lesionqc"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--crop",
        type=int,
        nargs=6,
        metavar=("I", "J", "K", "NI", "NJ", "NK"),
        help="first voxel and size of a part of the images, to save time",
    )
    parser.add_argument(
        "--single",
        action="store_true",
        help="let the predictor add windows up in single precision, as lesionqc does, not in half precision",
    )
    parser.add_argument("--keep", type=Path, help="keep result and model folders here")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    print(
        ", ".join(
            f"{n} {version(n)}"
            for n in ("nnunetv2", "dynamic-network-architectures", "torch", "numpy", "scipy", "scikit-image")
        )
    )
    print(f"{'case':16}{'lesion voxels':>14}{'mean |dp|':>12}{'max |dp|':>12}{'Dice':>10}")
    failed = False
    images = [arguments.flair, arguments.mprage]
    scratch_images = tempfile.TemporaryDirectory()
    if arguments.crop:
        i, j, k, ni, nj, nk = arguments.crop
        images = [Path(scratch_images.name) / f"{n}.nii.gz" for n in ("flair", "mprage")]
        for source, image in zip((arguments.flair, arguments.mprage), images):
            nib.save(nib.load(source).slicer[i : i + ni, j : j + nj, k : k + nk], image)
    spacing = [float(s) for s in nib.load(images[0]).header.get_zooms()[::-1]]
    for name in arguments.case or CASES:
        case = CASES[name]
        with tempfile.TemporaryDirectory() as scratch:
            folder = (arguments.keep or Path(scratch)) / name
            shutil.rmtree(folder, ignore_errors=True)
            # The bias of the lesion class puts some percent of the voxels into the mask.
            write_folder(folder, case, spacing, 0.0)
            _, lesion = predict(folder, case, images, arguments.single)
            inside = lesion[lesion > 0]
            cut = float(np.clip(np.quantile(inside, 0.97), 1e-6, 1 - 1e-6))
            write_folder(folder, case, spacing, -float(np.log(cut / (1 - cut))))
            mask, lesion = predict(folder, case, images, arguments.single)
            found = run(case, folder, images, arguments.program, arguments.threads)
            difference = np.abs(found - lesion)
            ours = found > 0.5
            dice = 2 * np.sum(ours & (mask == 1)) / (np.sum(ours) + np.sum(mask == 1))
            failed |= not (difference.mean() < 1e-3 and dice >= 0.999 and mask.sum() > 1000)
            print(
                f"{name:16}{int(mask.sum()):14}{difference.mean():12.2e}{difference.max():12.2e}{dice:10.6f}",
                flush=True,
            )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
