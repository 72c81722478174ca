// The GPU gives the answers of the reference: what it takes and refuses, what reads see, and packs whose parts are wanted twice.

import { expect, test } from 'vitest';
import { ReferenceDevice } from '../../src/engine';
import { packed, packNames, twoBiases } from '../cases/aliasing';
import { propagation } from '../cases/handles';
import { expectedHandles } from '../cases/handlesExpected';
import { inPage } from './inPage';

test('data, reads, outputs and memory in use are as promised, and a refused read leaks nothing', async () => {
  const { said, leaked } = await inPage('answers', null);
  expect(said).toEqual(expectedHandles);
  expect(leaked).toBe(0);
});

test('NaN and large angles propagate with the bits of the reference', async () => {
  using device = new ReferenceDevice();
  expect(await inPage('propagated', null)).toEqual(await propagation(device));
});

test('a pack is its parts, whatever they share', async () => {
  const found = await inPage('packedParts', packNames);
  for (const [i, name] of packNames.entries()) {
    expect(found[i].whole, name).toEqual(found[i].parts);
    using device = new ReferenceDevice();
    expect(found[i], name).toEqual(await packed(device, name));
  }
});

test('two biases of one gradient move alike, and parts that can be are written in place', async () => {
  using device = new ReferenceDevice();
  const { a, b, dispatches } = await inPage('trainedBiases', null);
  expect({ a, b }).toEqual(await twoBiases(device));
  expect(a).toEqual(b);
  // exp, exp, exp; the part that reads no other part is not copied.
  expect(dispatches).toBe(3);
});
