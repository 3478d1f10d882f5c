# What bare.sh runs in the bare system, in the home of an ordinary user: inside.sh ARCHIVE
set -eu
cd "$HOME"
tar -xzf "$1"
cd "${1%.tar.gz}"
sha256sum --check --quiet SHA256SUMS

# Libraries of these names that are none, as another program's module may put them in the way.
mkdir "$HOME/in-the-way"
for library in lib/lesionqc/*; do touch "$HOME/in-the-way/${library##*/}"; done
export LD_LIBRARY_PATH="$HOME/in-the-way"

ln -s "$PWD/bin/lesionqc" "$HOME/lesionqc"
"$HOME/lesionqc" --version
cd share/lesionqc
image=sample-data/sub-01/anat/sub-01
LD_DEBUG=libs LD_DEBUG_OUTPUT="$HOME/loaded" "$HOME/lesionqc" patient --flair ${image}_FLAIR.nii.gz --mprage ${image}_T1w.nii.gz \
  --model sample-data/models/unet --samples 1 --noise 0 --max-candidates 1 --id p1 --quiet --output "$HOME/results"
"$HOME/lesionqc" audit verify "$HOME/results"
