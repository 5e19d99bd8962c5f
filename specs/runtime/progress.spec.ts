/** What progress shows: a bar on a terminal, plain lines elsewhere, and how numbers and times are put. */
import { describe, expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import { arrays } from '../../dsl/dataset.ts';
import { bar, durationText, numberText } from '../../runtime/hooks/progress-text.ts';
import { progress } from '../../runtime/index.ts';
import { fakeRun } from '../support/fake-run.ts';

const data = arrays({ x: float }, { x: Float32Array.from({ length: 8 }, (_, i) => i) }).batch(2);

/** What progress writes over a run whose clock goes on 50 ms at every look. */
async function shown(
  output: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string>> = {},
  fake: { readonly failAt?: number } = {},
): Promise<string> {
  let text = '';
  let now = 0;
  const write = (part: string): void => {
    text += part;
  };
  const hook = progress({ output: { ...output, write }, environment });
  const clock = { now: () => (now += 50) };
  await fakeRun(
    { data, validation: data },
    { epochs: 2, seed: 7, hooks: [hook], clock },
    fake,
  ).run.finished.catch(() => {});
  return text;
}

test('elsewhere than on a terminal: a line an epoch, and nothing else', async () => {
  expect(await shown({})).toBe(
    `${[
      'training fake on fake, seed 7',
      'epoch 1/2  loss 0.2500  rows 8.000  validation loss 1.000  rows 8.000  15 rows/s  550ms',
      'epoch 2/2  loss 0.1250  rows 8.000  validation loss 1.000  rows 8.000  15 rows/s  550ms',
      'finished (epochs) after 2 epochs, 8 steps, 1.3s: loss 0.1250  rows 8.000  validation loss 1.000  rows 8.000',
    ].join('\n')}\n`,
  );
});

test('on a terminal: a bar that is drawn over', async () => {
  const text = await shown({ isTTY: true, columns: 200 });
  const drawn = text.split('\r\u001b[2K');
  expect(drawn).toContain(
    'epoch 1/2  [==========          ] 2/4  loss 0.5000  rows 4.000  20 rows/s  750ms left',
  );
  expect(drawn.at(-1)).toBe(
    '\u001b[32mfinished (epochs) after 2 epochs, 8 steps, 1.3s: loss 0.1250  rows 8.000  validation loss 1.000  rows 8.000\u001b[0m\n',
  );
});

test('a bar never wraps', async () => {
  const text = await shown({ isTTY: true, columns: 40 });
  const bars = text.split('\r\u001b[2K').filter((part) => part.includes('[=') && !part.endsWith('\n'));
  expect(bars.length).toBeGreaterThan(0);
  for (const drawn of bars) expect(drawn.length).toBeLessThan(40);
});

test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])(
  'no colour where it is not wanted: %j',
  async (environment) => {
    expect(await shown({ isTTY: true }, environment)).not.toContain('\u001b[3');
  },
);

test('no moving bar in CI', async () => {
  expect(await shown({ isTTY: true }, { CI: 'true' })).toBe(await shown({}));
});

test('a failure is shown with its code', async () => {
  expect(await shown({}, {}, { failAt: 3 })).toMatch(
    /failed at step 3: RUN806 .*the fake engine fails in step 3\n$/,
  );
});

describe('in words', () => {
  test.each([
    [0, '0ms'],
    [999.4, '999ms'],
    [12_345, '12.3s'],
    [247_000, '4m07s'],
    [7_500_000, '2h05m'],
  ])('%d milliseconds', (milliseconds, text) => expect(durationText(milliseconds)).toBe(text));

  test.each([
    [0, '0.000'],
    [0.123456, '0.1235'],
    [0.00001234, '1.234e-5'],
    [1234567, '1.235e+6'],
    [Number.NaN, 'NaN'],
  ])('the number %d', (number, text) => expect(numberText(number)).toBe(text));

  test('a bar is full at the end and never more', () => {
    expect([0, 0.5, 1, 2, -1].map((share) => bar(share, 4))).toEqual([
      '[    ]',
      '[==  ]',
      '[====]',
      '[====]',
      '[    ]',
    ]);
  });
});
