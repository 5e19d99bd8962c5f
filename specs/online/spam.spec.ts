/** The example that learns spam as it comes: each mail is guessed before it is learned from, and most guesses are right. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mailsInOrder, read } from '../../examples/spam.ts';
import { runs } from '../support/effort.ts';

test('all mails have a time, and come in order', () => {
  const mails = mailsInOrder();
  expect(mails.length).toBe(6046);
  expect(mails.filter(({ spam }) => spam === 1).length).toBe(1896);
  for (const [i, { time }] of mails.entries()) expect(time).toBeGreaterThanOrEqual(mails[i - 1]?.time ?? 0);
});

test('of the first mails, or with more effort of all, nearly all are told apart before they are learned from', async () => {
  const told: string[] = [];
  const { accuracy, steps } = await read((line) => told.push(line), { steps: Math.min(6046, runs(1500)) });
  console.log(`spam: ${accuracy.toFixed(4)} of ${steps} mails`);
  // The first thousand are the hardest: mail comes among spam, and no word is known.
  expect(accuracy).toBeGreaterThanOrEqual(steps < 6046 ? 0.975 : 0.98);
  expect(told.some((line) => line.includes('other mail'))).toBe(true);
});

test('a run that is stopped goes on from its checkpoint as if it had not been', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-spam-'));
  const whole = await read(() => {}, { steps: 600 });
  await read(() => {}, { steps: 250, directory });
  expect(await read(() => {}, { steps: 600, directory })).toEqual(whole);
  await rm(directory, { recursive: true });
});
