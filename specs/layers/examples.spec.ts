/** The transformers among the examples read without being run, learn on the default engine, and agree with the meaning. */
import { fileURLToPath } from 'node:url';
import { train } from 'millrace/runtime';
import { describe, expect, test } from 'vitest';
import { check } from '../../compiler/index.ts';
import { goOn, gpt } from '../../examples/gpt.ts';
import { vit } from '../../examples/vit.ts';

describe.each(['gpt', 'vit'])('%s', (name) => {
  test('is clean to the static reader', async () => {
    const { diagnostics } = await check(fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url)));
    expect(diagnostics).toEqual([]);
  });
});

test('gpt learns which letters follow each other', async () => {
  const run = train(gpt, { steps: 30, seed: 3 });
  const losses: number[] = [];
  run.events$.subscribe((event) => {
    if (event.type === 'batchFinished') losses.push(event.loss);
  });
  const { model } = await run.finished;
  // It begins at chance, ln 96 = 4.56 nats a letter.
  expect(Math.abs(losses[0]! - Math.log(96))).toBeLessThan(0.8);
  expect(losses.at(-1)).toBeLessThan(losses[0]! - 1.5);
  const verse = goOn(model, 'Shall I ', 5);
  expect(verse).toMatch(/^Shall I [\s\S]{5}$/);
}, 60_000);

test('vit learns to tell digits', async () => {
  const { loss, validation } = await train(vit, { steps: 80, seed: 3 }).finished;
  expect(loss).toBeLessThan(1.8);
  expect(validation!.metrics.accuracy).toBeGreaterThan(0.65);
}, 60_000);
