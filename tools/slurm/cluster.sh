#!/usr/bin/env bash
# A Slurm cluster of this machine alone, on loopback, without systemd and accounting. Needs root and Debian's slurm-wlm and munge.
#   tools/slurm/cluster.sh check    fails where it cannot be started, and says why
#   tools/slurm/cluster.sh start    afterwards sbatch, squeue and the rest work in any shell
#   tools/slurm/cluster.sh stop     ends its jobs and daemons and removes its files
# Refuses where /etc/slurm/slurm.conf is another's. Its key, state and logs lie in /run/lesionqc-slurm.
set -euo pipefail

ours=$(dirname "$(realpath "$0")")/slurm.conf
conf=/etc/slurm/slurm.conf
state=/run/lesionqc-slurm

fail() {
  echo "cluster.sh: $1" >&2
  exit 1
}

is_ours() { [ "$(head -1 "$conf")" = "$(head -1 "$ours")" ]; }

# Waits up to 20 s for a command to succeed.
await() {
  for _ in $(seq 100); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  return 1
}

# The process of a daemon, from its pid file; fails when it has ended.
process_of() {
  local pid
  pid=$(cat "$state/$1/pid" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ] && echo "$pid"
}

has_ended() { ! process_of "$1"; }

is_ready() { sinfo --noheader --states=idle | grep -q main; }

has_no_job() { [ -z "$(squeue --noheader)" ]; }

check() {
  [ "$(id -u)" -eq 0 ] || fail "needs root"
  local program
  for program in munged slurmctld slurmd sbatch; do
    command -v "$program" >/dev/null || fail "$program is missing (apt-get install slurm-wlm munge)"
  done
  [ ! -e "$conf" ] || is_ours || fail "$conf is not of this script, which leaves a Slurm of yours alone"
}

start() {
  if [ -e "$state" ]; then stop; fi
  # munged wants a folder for its socket that all may enter, and a key that nobody else may read.
  install -d -m 755 "$state"
  install -d -m 755 -o munge -g munge "$state/munged"
  install -d -m 755 -o slurm -g slurm "$state/slurmctld"
  install -d -m 755 "$state/slurmd" /etc/slurm
  (umask 077 && head -c 1024 /dev/urandom >"$state/munged/key")
  chown munge: "$state/munged/key"
  install -m 644 "$ours" "$conf"
  local munge=$state/munged
  setpriv --reuid=munge --regid=munge --clear-groups munged --socket="$munge/socket" --key-file="$munge/key" \
    --pid-file="$munge/pid" --log-file="$munge/log" --seed-file="$munge/seed"
  slurmctld
  slurmd -N localhost
  await is_ready || fail "the node is not ready: $(tail -n 3 "$state"/slurm*/log)"
}

stop() {
  if process_of slurmctld >/dev/null; then
    squeue --noheader --format=%A | sort -u | xargs -r scancel 2>/dev/null || true
    await has_no_job || scancel --signal=KILL --user=root || true
  fi
  local daemon pid
  for daemon in slurmd slurmctld munged; do
    if pid=$(process_of "$daemon"); then
      kill "$pid"
      await has_ended "$daemon" || kill -KILL "$pid"
    fi
  done
  rm -rf "$state" "$conf"
  rmdir /etc/slurm 2>/dev/null || true
}

case ${1:-} in
  check) check ;;
  start | stop)
    check
    "$1"
    ;;
  *) fail "say check, start or stop" ;;
esac
