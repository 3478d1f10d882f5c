#!/usr/bin/env bash
# Installs the system libraries that the build needs, and the packages named as arguments, if any is missing. Silent when there
# is nothing to do.
set -euo pipefail

packages=(libdnnl-dev libpng-dev libssl-dev zlib1g-dev "$@")
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done

command -v swift >/dev/null || {
  echo "setup: swift is not on the PATH; install Swift 6.3 or later for Linux (swift.org/install)" >&2
  exit 1
}
[ ${#missing[@]} -eq 0 ] && exit 0

command="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -ne 0 ]; then
  echo "setup: ${missing[*]} missing; run as root: $command" >&2
  exit 1
fi
echo "setup: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
