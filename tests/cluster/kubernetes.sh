#!/bin/bash
# The manifest of `unweave submit --kubernetes` against the published schema. Its packages are this test's own, outside the root install.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$(mktemp -d /tmp/unweave-kubernetes-XXXXXX)
cd "$root" && node build.mjs
(cd tests/cluster/kubernetes && npm ci --no-audit --no-fund >/dev/null)
node dist/cli.js submit decline --preset quick --kubernetes --shards 4 --image registry/unweave:1 --claim studies --out "$out/study" --dry-run >/dev/null
node tests/cluster/kubernetes/validate.mjs "$out/study/study.yaml"
