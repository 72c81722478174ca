// The first step of every command in a source checkout, with Node's built-ins only: installs dependencies when they are
// missing or older than the lock file, and builds. Everything it says goes to stderr.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const MINIMUM_NODE = 20;

const modified = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);

const newest = (path) => {
  const full = join(root, path);
  if (!statSync(full).isDirectory()) return modified(path);
  return Math.max(0, ...readdirSync(full).map((name) => (name === 'node_modules' ? 0 : newest(join(path, name)))));
};

/** Whether the last build, which ends with this file, began after the last change of what it is made of. */
function isBuilt() {
  return (
    modified('dist/built') >
    Math.max(...['src', 'bench', 'build.mjs', 'wgsl.mjs', 'cpu.mjs', 'package.json', 'package-lock.json'].map(newest))
  );
}

function fail(message, exitCode) {
  process.stderr.write(`unweave: ${message}\n`);
  process.exit(exitCode);
}

export async function prepare() {
  if (Number(process.versions.node.split('.')[0]) < MINIMUM_NODE) {
    fail(`Node ${process.versions.node} is too old; Node ${MINIMUM_NODE} or newer is needed.`, 3);
  }
  // npm writes this file at the end of every install.
  if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
    process.stderr.write('Installing dependencies (npm ci).\n');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) fail('npm ci failed; see above. A network or a filled npm cache is needed once.', 3);
  }
  // Two commands at a time must not rebuild under each other: what is built is built once.
  if (isBuilt()) return;
  const { buildCommands } = await import('./build.mjs');
  await buildCommands();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await prepare();
