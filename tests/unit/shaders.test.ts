// How a kernel is put together, and how a compiler message finds its way back to a file.

import { expect, test } from 'vitest';
import { bindingsOf, compileMessage } from '../../src/engine/device/pipelines';
import { kernelParts, kernelSource, locate } from '../../src/shaders/kernel';
import mixtureLogDensity from '../../src/shaders/mixture_log_density.wgsl';
import reduce from '../../src/shaders/reduce.wgsl';
import sgd from '../../src/shaders/sgd.wgsl';
import { kernelSources } from '../cases/kernels';

test('libraries come before what uses them, each once, the kernel last', () => {
  const files = kernelParts(mixtureLogDensity).map(({ file }) => file);
  expect(new Set(files).size).toBe(files.length);
  expect(files[files.length - 1]).toBe('mixture_log_density.wgsl');
  expect(kernelParts(reduce, 'vector')[0].file).toBe('lib/elements_vector.wgsl');
});

test.each(kernelSources)('$label: every line of the source is found in its file', ({ kernel, flavour, code }) => {
  const parts = kernelParts(kernel, flavour);
  const lines = code.split('\n');
  for (const [i, text] of lines.entries()) expect(locate(parts, i + 1).text).toBe(text);
  expect(() => locate(parts, lines.length + 1)).toThrow(RangeError);
  expect(bindingsOf(code).length).toBeGreaterThan(0);
});

test('a compiler message names file, line and the offending text', () => {
  const parts = kernelParts(sgd);
  const line = kernelSource(sgd).split('\n').indexOf('  velocity[i] = v;') + 1;
  const own = parts[parts.length - 1];
  const message = compileMessage('sgd', parts, [{ lineNum: line, linePos: 3, message: 'cannot assign' }], 'failed');
  const inFile = own.text.split('\n').indexOf('  velocity[i] = v;') + 1;
  expect(message).toBe(`kernel sgd did not compile:\n  sgd.wgsl:${inFile}:3: cannot assign\n    velocity[i] = v;`);
  expect(compileMessage('sgd', parts, [], 'out of registers')).toContain('out of registers');
});

test('bindings are read off a source however it is spaced', () => {
  const spaced = bindingsOf(
    '@group(0) @binding(1) var<storage, read_write> x: array<f32>;\n@group(0) @binding(0)\nvar<uniform> s: S;',
  );
  const tight = bindingsOf(
    '@group(0)@binding(1)var<storage,read_write>x:array<f32>;@group(0)@binding(0)var<uniform>s:S;',
  );
  expect(spaced.map(({ binding, buffer }) => [binding, buffer?.type])).toEqual([
    [1, 'storage'],
    [0, 'uniform'],
  ]);
  expect(tight).toEqual(spaced);
});
