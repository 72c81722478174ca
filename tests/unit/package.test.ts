// The package as a stranger gets it: packed, put into an empty project, and used there, by TypeScript as strict as it can be and
// by Node; and what publint and attw say of it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);
let project = '';
let tarball = '';

/** What a command prints; its output is the error where it fails. */
function run(command: string, given: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, given, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${given.join(' ')}:\n${stdout}\n${stderr}`);
  }
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'unweave-package-'));
  // A copy, so that dist of the checkout, which commands use, is not swept away under them.
  const copy = join(project, 'source');
  mkdirSync(copy);
  for (const name of [
    'src',
    'bench',
    'build.mjs',
    'wgsl.mjs',
    'cpu.mjs',
    'package.json',
    'tsconfig.json',
    'tsconfig.types.json',
  ])
    run('cp', ['-r', join(ROOT, name), copy], ROOT);
  for (const name of ['unweave.mjs', 'README.md', 'LICENSE']) run('cp', [join(ROOT, name), copy], ROOT);
  run('ln', ['-s', join(ROOT, 'node_modules'), join(copy, 'node_modules')], ROOT);
  run('npm', ['pack', '--pack-destination', project], copy);
  tarball = join(project, readdirSync(project).find((name) => name.endsWith('.tgz')) ?? '');
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '@webgpu'), { recursive: true });
  run('tar', ['xzf', tarball, '-C', modules], project);
  run('mv', [join(modules, 'package'), join(modules, 'unweave')], project);
  run('ln', ['-s', join(ROOT, 'node_modules/@webgpu/types'), join(modules, '@webgpu/types')], project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'stranger', type: 'module', private: true }));
}, 120_000);

const USE = `import { Device, constant, defineOp, gradient, matmul, type Rule, sum, type Tensor, variable } from 'unweave';
import { squares } from 'unweave/data';
import { mig } from 'unweave/metrics';
import { full, vae } from 'unweave/models';
import { checkOp } from 'unweave/testing';

const w: Tensor = variable('w', [3, 2]);
const [slope]: [Tensor] = gradient(sum(matmul(constant([1, 2, 3], [1, 3]), w)), [w]);
const rule: Rule<null> = defineOp<null>({
  name: 'same',
  infer: ([x]) => x,
  kernels: () => ({ dispatches: [] }),
  gradient: { reason: 'a test' },
  reference: ([x], y) => y.data.set(x.data),
});
// @ts-expect-error: a shape is made of numbers, so types are there and not any
variable('x', ['1']);
export const made = [slope, rule, Device, squares, mig, vae, full, checkOp];
`;

test.each(['nodenext', 'bundler'])(
  'types compile under %s without skipLibCheck',
  (resolution) => {
    writeFileSync(join(project, 'use.ts'), USE);
    const compilerOptions = {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'ES2022',
      lib: ['ES2022', 'DOM', 'ESNext.Disposable'],
      types: ['@webgpu/types'],
      module: resolution === 'nodenext' ? 'NodeNext' : 'ESNext',
      moduleResolution: resolution === 'nodenext' ? 'NodeNext' : 'Bundler',
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    expect(run(bin('tsc'), ['-p', '.'], project)).toBe('');
  },
  60_000,
);

test('Node imports one function, or computes with the reference or on the CPU', () => {
  const script = `
    import { mig } from 'unweave/metrics';
    import { constant, InputError, matmul, openExecutor, ReferenceDevice } from 'unweave';
    import { CpuDevice } from 'unweave/cpu';
    const { y } = await new ReferenceDevice().evaluate({ y: matmul(constant([1, 2], [1, 2]), constant([3, 4], [2, 1])) });
    const executor = await openExecutor();
    const { z } = await executor.evaluate({ z: matmul(constant([1, 2], [1, 2]), constant([3, 4], [2, 1])) });
    console.log(typeof mig, y[0], new InputError('x').name, executor.kind, executor instanceof CpuDevice, z[0]);`;
  writeFileSync(join(project, 'use.mjs'), script);
  expect(run(process.execPath, ['use.mjs'], project)).toBe('function 11 InputError cpu true 11\n');
});

test('publint and attw find nothing', () => {
  const said = run(bin('publint'), [tarball, '--strict'], project);
  expect(said).toMatch(/All good/);
  // Clean for ES modules, which is all it is: the command fails where something is not.
  const types = run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-color'], project);
  for (const entry of [
    'unweave',
    'unweave/cpu',
    'unweave/data',
    'unweave/models',
    'unweave/metrics',
    'unweave/testing',
  ])
    expect(types).toMatch(new RegExp(`"${entry}" +│ 🟢 \\(ESM\\) +│ 🟢 `));
}, 120_000);

test('one file a module, each with its types; maps hold no copies of sources', () => {
  const dist = join(project, 'node_modules/unweave/dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  expect(files).toContain(join('engine', 'ops', 'matmul.js'));
  expect(files).toContain(join('engine', 'ops', 'matmul.d.ts'));
  expect(files).toContain(join('shaders', 'matmul_4x4.wgsl.js'));
  for (const map of files.filter(
    (name) => name.endsWith('.map') && !name.startsWith('cli') && !name.startsWith('page'),
  ))
    expect(JSON.parse(readFileSync(join(dist, map), 'utf8')).sourcesContent ?? [], map).toEqual([]);
});
