#!/bin/bash
# A study on a real Slurm, as root on Debian: submitted as a job array, one task killed, submitted again, put together, and compared byte for byte
# with the study that one machine did at once. Run from the repository: bash tests/cluster/slurm.sh
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/unweave-slurm-XXXXXX)
say() { printf '%s\n' "$*" >&2; }
fail() { say "FAILED: $*"; exit 1; }

if ! command -v slurmctld >/dev/null || ! command -v munged >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null
fi
cd "$root" && node build.mjs

cleanup() {
  kill $(cat "$work"/*.pid 2>/dev/null) 2>/dev/null || true
  wait 2>/dev/null || true
}
trap cleanup EXIT

# munge: a key and a socket of this test's own.
mkdir -p "$work/state" "$work/spool" "$work/munge"
chmod 711 "$work" && chmod 755 "$work/munge"
dd if=/dev/urandom of="$work/munge.key" bs=1 count=1024 status=none && chmod 400 "$work/munge.key"
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge/socket" --pid-file="$work/munged.pid" \
  --log-file="$work/munged.log" --seed-file="$work/munge.seed" >/dev/null 2>&1 &

host=$(hostname -s)
cat >"$work/slurm.conf" <<CONF
ClusterName=unweave
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmUser=root
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
SlurmctldPort=36817
SlurmdPort=36818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
ReturnToService=2
MinJobAge=3600
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES State=UP MaxTime=INFINITE
CONF
export SLURM_CONF="$work/slurm.conf"
for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep .1; done
slurmctld -D >/dev/null 2>&1 &
sleep 1
slurmd -D >/dev/null 2>&1 &
for _ in $(seq 100); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep .2; done
sinfo -h -o %T | grep -q idle || { tail -5 "$work"/slurm*.log >&2; fail 'the node did not come up'; }

unweave() { node "$root/dist/cli.js" "$@"; }
out="$work/study"
unweave submit decline --preset smoke --slurm --shards 2 --cpus 1 --out "$out" --dry-run >/dev/null

ended() { while squeue -h | grep -q .; do sleep .2; done; }
first=$(sbatch --parsable "$out/study.sbatch")
# One task dies without a word as soon as it has begun.
for _ in $(seq 1000); do [ -e "$out/shard-1/study.json" ] && break; sleep .02; done
[ -e "$out/shard-1/study.json" ] || fail 'shard 1 did not begin'
scancel --signal=KILL --full "${first}_1"
ended
killed=$(find "$out/shard-1/records" -name "*.json" 2>/dev/null | wc -l || true)
say "killed with $killed of 2 records in shard 1"
[ "$killed" -lt 2 ] || fail 'the task was done before it was killed: nothing was provoked'
if unweave merge "$out/early" "$out/shard-1" "$out/shard-2" >/dev/null 2>"$work/early.txt"; then
  fail 'an incomplete study was put together'
fi
grep -q 'records are missing' "$work/early.txt" || fail "$(cat "$work/early.txt")"

# The same again: what is done stays, what is not is done.
sbatch --parsable "$out/study.sbatch" >/dev/null
ended
unweave merge "$out/merged" "$out/shard-2" "$out/shard-1" >/dev/null
unweave study decline --preset smoke --out "$work/whole" --threads 1 --device cpu >/dev/null 2>&1
diff -r "$work/whole" "$out/merged" || fail 'the shards put together are not the whole'
say "1 passed, 0 failed, 0 skipped: $(ls "$work/whole/records" | wc -l) records of 2 shards on Slurm $(sinfo --version | cut -d' ' -f2), byte for byte the study of one machine"
