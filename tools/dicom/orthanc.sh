#!/usr/bin/env bash
# Sends objects to Orthanc by C-STORE and by DICOMweb and fetches them again: what comes back is what was sent, bit for bit.
#   tools/dicom/orthanc.sh LESIONQC PYTHON OUT      called by run.sh, with OUT as that made it
set -euo pipefail
lesionqc=$(realpath "$1") python=$2 out=$(realpath "$3")
space=lesionqc-$$
within=()

# Orthanc cannot be bound to one address: it gets a network of its own, which has this machine's loopback address alone.
if ip netns add "$space" 2>/dev/null; then
  within=(ip netns exec "$space")
  "${within[@]}" ip link set lo up
else
  space=
  echo "DICOM tests: no network namespace may be made; Orthanc runs with RemoteAccessAllowed false"
fi
orthanc=
ended() {
  [ -z "$orthanc" ] || kill "$orthanc" 2>/dev/null || true
  [ -z "$orthanc" ] || wait "$orthanc" 2>/dev/null || true
  [ -z "$space" ] || ip netns del "$space"
}
trap ended EXIT

free_port() { "${within[@]}" python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
http=$(free_port) port=$(free_port)
mkdir -p "$out/orthanc"
cat >"$out/orthanc.json" <<JSON
{"Name": "TEST", "StorageDirectory": "$out/orthanc", "IndexDirectory": "$out/orthanc", "HttpPort": $http, "DicomPort": $port,
 "RemoteAccessAllowed": false, "DicomAet": "TEST", "AuthenticationEnabled": true, "RegisteredUsers": {"user": "secret word"},
 "DicomAlwaysAllowStore": true, "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"], "DicomWeb": {"Enable": true, "Root": "/dicom-web/"}}
JSON
"${within[@]}" Orthanc "$out/orthanc.json" >"$out/orthanc.log" 2>&1 &
orthanc=$!
web=http://127.0.0.1:$http
(umask 077 && echo 'machine 127.0.0.1 login user password "secret word"' >"$out/netrc")
ask() { "${within[@]}" curl --silent --show-error --fail --netrc-file "$out/netrc" "$@"; }
for _ in $(seq 100); do ask "$web/system" >/dev/null 2>&1 && break || sleep 0.1; done
ask "$web/system" >/dev/null

fail() {
  echo "DICOM tests: $1" >&2
  exit 1
}

# Every object that was sent, as Orthanc gives it back.
same() {
  local file uid id
  for file in "$1"/*.dcm; do
    uid=$("$python" -c 'import pydicom, sys; print(pydicom.dcmread(sys.argv[1], stop_before_pixels=True).SOPInstanceUID)' "$file")
    id=$(ask --data "$uid" "$web/tools/lookup" | "$python" -c 'import json, sys; print(json.load(sys.stdin)[0]["ID"])')
    ask "$web/instances/$id/file" >"$out/back.dcm"
    "$python" tools/dicom/same.py "$file" "$out/back.dcm" || fail "$file came back otherwise"
  done
}

send=("${within[@]}" "$lesionqc" dicom send "$out/results")
"${send[@]}" --objects "$out/reviewed" --to "127.0.0.1:$port" --aet TEST --operator "A. Reader" >/dev/null
same "$out/reviewed/sub-01"
"${send[@]}" --objects "$out/objects-key" --dicomweb "$web/dicom-web" --netrc-file "$out/netrc" >/dev/null
same "$(echo "$out"/objects-key/sub-*)"

# A command must end with an error that holds the words.
refused() {
  local words=$1 text
  shift
  text=$("$@" 2>&1) && fail "was done: $*"
  [[ $text == *"$words"* ]] || fail "'$words' is not in: $text"
}

# What must not be sent: both kinds together, an altered object, and anything to nobody.
mkdir -p "$out/mixed" "$out/altered"
cp "$out"/reviewed/sub-01/*.dcm "$out/mixed/"
cp "$out"/objects-key/sub-*/segmentation.dcm "$out/mixed/pseudonymous.dcm"
refused "under a pseudonym" "${send[@]}" --objects "$out/mixed" --to "127.0.0.1:$port" --aet TEST
cp "$out/reviewed/sub-01/measurements.dcm" "$out/altered/"
printf 'X' | dd of="$out/altered/measurements.dcm" bs=1 seek=2000 conv=notrunc status=none
refused "was altered since" "${send[@]}" --objects "$out/altered" --to "127.0.0.1:$port" --aet TEST
refused "127.0.0.1:1" "${send[@]}" --objects "$out/reviewed" --to "127.0.0.1:1" --aet TEST
refused "401" "${send[@]}" --objects "$out/reviewed" --dicomweb "$web/dicom-web"

# The trail knows what left, where to, and no credential.
trail=$out/results/audit/sub-01.jsonl
[ "$(grep -c '"event":"sent"' "$trail")" -eq 2 ] || fail "the trail does not hold two sendings"
grep -q "secret word" "$trail" && fail "the trail holds a credential"
for file in "$out"/reviewed/sub-01/*.dcm; do
  grep '"event":"sent"' "$trail" | grep -q "$(sha256sum "$file" | cut -d' ' -f1)" || fail "the trail does not know that $file was sent"
done
echo "Orthanc: objects came back as they were sent, by C-STORE and DICOMweb"
