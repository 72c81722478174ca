// The manifest that `unweave submit --kubernetes` writes, held against the published schema of its kind. Run: node validate.mjs FILE

import { readFileSync } from 'node:fs';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { parse } from 'yaml';

const manifest = parse(readFileSync(process.argv[2], 'utf8'));
if (manifest.kind !== 'Job' || manifest.apiVersion !== 'batch/v1')
  throw new Error(`not a Job of batch/v1: ${manifest.kind}`);
new Job(manifest).validate();

// That the check can fail: a manifest with a wrong type, and one without what is required.
for (const [what, broken] of [
  ['completions', { ...manifest, spec: { ...manifest.spec, completions: 'two' } }],
  ['template', { ...manifest, spec: { ...manifest.spec, template: undefined } }],
]) {
  let refused = false;
  try {
    new Job(broken).validate();
  } catch {
    refused = true;
  }
  if (!refused) throw new Error(`a manifest with a wrong ${what} was taken`);
}
process.stdout.write('1 passed, 0 failed, 0 skipped: the manifest is a Job of batch/v1\n');
