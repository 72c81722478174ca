// The package as a stranger gets it: packed, put into an empty project, and used there, by TypeScript as strict as it can be and
// by Node; and what publint and attw say of it.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeNpy } from '../../src/data';

const ROOT = resolve(import.meta.dirname, '../..');
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);
let project = '';
let tarball = '';
let modules = '';

/** What a command prints; its output is the error where it fails. */
function run(command: string, given: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  try {
    return execFileSync(command, given, { cwd, encoding: 'utf8', stdio: 'pipe', env });
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
  const needed =
    'src bench build.mjs wgsl.mjs cpu.mjs package.mjs package.json tsconfig.json tsconfig.types.json unweave.mjs';
  for (const name of [...needed.split(' '), 'README.md', 'CHANGELOG.md', 'LICENSE'])
    run('cp', ['-r', join(ROOT, name), copy], ROOT);
  run('ln', ['-s', join(ROOT, 'node_modules'), join(copy, 'node_modules')], ROOT);
  run('npm', ['pack', '--pack-destination', project], copy);
  // Packing leaves the README as it was.
  expect(readFileSync(join(copy, 'README.md'), 'utf8')).toBe(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  tarball = join(project, readdirSync(project).find((name) => name.endsWith('.tgz')) ?? '');
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'stranger', type: 'module', private: true }));
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], project);
  modules = join(project, 'node_modules');
  for (const types of ['@webgpu/types', '@types/node']) {
    mkdirSync(join(modules, types, '..'), { recursive: true });
    run('cp', ['-r', join(ROOT, 'node_modules', types), join(modules, types)], project);
  }
  run('cp', ['-r', join(ROOT, 'node_modules/undici-types'), modules], project);
}, 180_000);

const USE = `import { Device, constant, defineOp, gradient, matmul, openExecutor, type Rule, sum, type Tensor, variable } from 'unweave';
import { saveState, squares } from 'unweave/data';
import type { LabElement } from 'unweave/lab';
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
// What is read may go where TypeScript 5.9 wants no shared memory.
export const read: Float32Array<ArrayBuffer> = await (await openExecutor()).read(w);
export const blob = new Blob([saveState({ step: 1, values: {} })]);
export const lab: LabElement | null = document.querySelector('unweave-lab');
export const made = [slope, rule, Device, squares, mig, vae, full, checkOp];
`;

/** Every example of the README and the docs, as a module. */
function writeExamples(): string[] {
  const pages = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
  ];
  const blocks = pages
    .filter((name) => name.endsWith('.md'))
    .flatMap((page) =>
      [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```ts\n((?:(?!```)[\s\S])*)```/g)].map(([, code]) => code),
    );
  return blocks.map((code, i) => {
    const name = `example-${i}.ts`;
    writeFileSync(join(project, name), `${code}\nexport {};\n`);
    return name;
  });
}

test.each(['nodenext', 'bundler'])(
  'types, and every example of README and docs, compile under %s without skipLibCheck',
  (resolution) => {
    writeFileSync(join(project, 'use.ts'), USE);
    const examples = writeExamples();
    expect(examples.length).toBeGreaterThan(20);
    const compilerOptions = {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'ES2022',
      lib: ['ES2022', 'DOM', 'ESNext.Disposable'],
      types: ['@webgpu/types', 'node'],
      module: resolution === 'nodenext' ? 'NodeNext' : 'ESNext',
      moduleResolution: resolution === 'nodenext' ? 'NodeNext' : 'Bundler',
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts', ...examples] }));
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
    'unweave/lab',
  ])
    expect(types).toMatch(new RegExp(`"${entry}" +│ 🟢 \\(ESM\\) +│ 🟢 `));
}, 120_000);

test('one file a module, each with its types; no source is in it twice; at most 600 KB', () => {
  const dist = join(modules, 'unweave/dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  expect(files).toContain(join('engine', 'ops', 'matmul.js'));
  expect(files).toContain(join('engine', 'ops', 'matmul.d.ts'));
  expect(files).toContain(join('shaders', 'matmul_4x4.wgsl.js'));
  for (const map of files.filter((name) => name.endsWith('.map')))
    expect(JSON.parse(readFileSync(join(dist, map), 'utf8')).sourcesContent ?? [], map).toEqual([]);
  expect(existsSync(join(modules, 'unweave/src'))).toBe(false);
  expect(statSync(tarball).size).toBeLessThanOrEqual(600_000);
});

test('no link in the pages of the package leads nowhere', () => {
  const folder = join(modules, 'unweave');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  expect(pages).toContain('README.md');
  for (const page of pages) {
    const links = [...readFileSync(join(folder, page), 'utf8').matchAll(/\]\((?![a-z]+:)([^)#\s]+)/g)].map(
      ([, path]) => path,
    );
    for (const link of links) expect(existsSync(join(folder, link)), `${page}: ${link}`).toBe(true);
  }
});

test('the command line works from the package, and doctor without a browser says how to get one', () => {
  writeFileSync(
    join(project, 'x.npy'),
    writeNpy(
      Float32Array.from({ length: 200 }, (_, i) => Math.sin(i * i)),
      [100, 2],
    ),
  );
  const unweave = (...words: string[]) =>
    run(join(modules, '.bin/unweave'), words, project, { ...process.env, PATH: `${project}:${process.env.PATH}` });
  expect(unweave('--version')).toBe(`${JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version}\n`);
  expect(unweave('mi', 'x.npy', '--x', '0', '--y', '1')).toMatch(/^ksg1: -?\d\.\d+ nats/);
  const trained = ['train', '--steps', '20', '--hidden', '8', '--latents', '2', '--device', 'cpu', '--threads', '1'];
  expect(unweave(...trained, '--out', 'run')).toContain('reconstruction');
  const found = JSON.parse(unweave('doctor', '--json', '--device', 'cpu'));
  expect(found).toMatchObject({ ok: true, auto: 'cpu' });
  // Without puppeteer nothing can start a browser: that is said, and what to do.
  let said = '';
  try {
    unweave('doctor', '--device', 'software');
  } catch (error) {
    said = String(error);
  }
  expect(said).toMatch(/puppeteer, which starts the browser, is not installed|No Chrome or Chromium/);
}, 120_000);

const PAGE_CODE = `import { constant, mul, sum } from 'unweave';
import { CpuDevice } from 'unweave/cpu';
import { mig } from 'unweave/metrics';
const executor = await CpuDevice.open();
const { y } = await executor.evaluate({ y: sum(mul(constant([1, 2, 3]), 2)) });
console.log(y[0], mig([[0, 0, 1, 1], [0, 1, 0, 1]].map((v) => Float64Array.from(v)), [Float64Array.of(0, 0, 1, 1)]).score.toFixed(1));
`;

test.each<[string, () => string]>([
  [
    'esbuild',
    () => {
      const flags = ['--bundle', '--format=esm', '--outfile=esbuild.mjs', '--log-level=error'];
      run(bin('esbuild'), ['page.js', ...flags], project);
      return 'esbuild.mjs';
    },
  ],
  [
    'Vite',
    () => {
      const config = `export default { logLevel: 'error', build: { target: 'esnext', lib: { entry: 'page.js', formats: ['es'], fileName: () => 'vite.mjs' }, outDir: '.', emptyOutDir: false } }`;
      writeFileSync(join(project, 'vite.config.mjs'), config);
      run(bin('vite'), ['build'], project);
      return 'vite.mjs';
    },
  ],
])(
  '%s bundles it, and what it makes computes',
  (_, bundle) => {
    writeFileSync(join(project, 'page.js'), PAGE_CODE);
    expect(run(process.execPath, [bundle()], project)).toBe('12 1.0\n');
  },
  60_000,
);
