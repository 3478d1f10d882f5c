#!/bin/bash
# The patients of a BIDS data set, divided among the tasks of an array; group.sh then makes the tables (docs/cluster.md).
#   array=$(sbatch --parsable --array=1-20 participants.sh BIDS_DIR OUTPUT_DIR MODEL [OPTION ...])
#   sbatch --dependency=afterany:$array group.sh BIDS_DIR OUTPUT_DIR
# Submitted again, it goes on where it stopped. LESIONQC names the program where it is not on the PATH.
# A task that comes to its time limit puts itself back into the queue, at most RESTARTS times (10).
#SBATCH --job-name=lesionqc
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=12:00:00
#SBATCH --signal=B:USR1@300
#SBATCH --requeue
#SBATCH --open-mode=append
set -u

"${LESIONQC:-lesionqc}" run "$1" "$2" participant --model "$3" --shard slurm --threads "$SLURM_CPUS_PER_TASK" "${@:4}" &
run=$!
is_late=
trap 'is_late=yes; kill -USR1 "$run"' USR1
# Cancelled, requeued by others or out of time. Slurm tells the run as well, and would kill it if this script ended before it.
trap 'is_late=' TERM
# A signal ends a wait, not the run, which stops and keeps what is done.
while kill -0 "$run" 2>/dev/null; do wait "$run"; done
wait "$run"
code=$?
if [ -n "$is_late" ] && [ "$code" -ge 128 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt "${RESTARTS:-10}" ]; then
  # Named by its array, since the number of its job may be that of the whole array as well.
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$code"
