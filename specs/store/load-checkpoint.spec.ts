/** A folder with checkpoints is a model, too: the newest that is whole, or the one that is named. */
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dense, float, meanSquaredError, pipeline, rows, sgd, squeeze, stack } from 'millrace';
import { load, train } from 'millrace/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Checkpoints } from '../../runtime/store/checkpoints.ts';
import { decodeSafetensors } from '../../runtime/store/safetensors.ts';
import { refused } from '../support/refused.ts';

const layer = dense(1);
const line = pipeline({
  data: rows({ x: float, y: float }, [{ x: 1, y: 2 }]).batch(4),
  model: ({ x }) => squeeze(layer(stack([x])), { axis: -1 }),
  loss: (z, { y }) => meanSquaredError(y, z),
  optimizer: sgd({ momentum: 0.9 }),
});

let base: string;
let folder: string;
const answers: unknown[] = [];
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'millrace-load-'));
  folder = join(base, 'run');
  const checkpoints = await Checkpoints.open(folder);
  for (const step of [1, 2, 3]) {
    const { model } = await train(line, { epochs: step }).finished;
    const saved = join(base, `model-${step}`);
    await model.save(saved);
    answers.push(model.predict([{ x: 7 }]));
    const part = async (stem: string): Promise<Buffer> =>
      readFile(join(saved, (await readdir(saved)).find((name) => name.startsWith(stem)) ?? ''));
    const weights = decodeSafetensors(await part('weights'));
    const momentum = [...weights].map(([id, each]) => [`${id}§momentum`, each] as const);
    await checkpoints.write({
      ...{ step, epoch: step, time: 0, state: {}, program: (await part('program')).toString() },
      tensors: new Map([
        ['weights', weights],
        ['snapshot.best', new Map(momentum)],
      ]),
    });
  }
  await checkpoints.close();
});
afterAll(() => rm(base, { recursive: true }));

test('the newest, or the one that is named', async () => {
  expect((await load(folder)).predict([{ x: 7 }])).toEqual(answers[2]);
  for (const name of ['checkpoint-000000000002', 'checkpoint-000000000002.json'])
    expect((await load(join(folder, name))).predict([{ x: 7 }])).toEqual(answers[1]);
  expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(3);
});

test('an older one where the newest is damaged, and that is said', async () => {
  await truncate(join(folder, 'checkpoint-000000000003.json'), 200);
  const said: string[] = [];
  const model = await load(folder, { onDamaged: (name, reason) => said.push(`${name}: ${reason}`) });
  expect(model.predict([{ x: 7 }])).toEqual(answers[1]);
  expect(said).toEqual([expect.stringMatching(/^checkpoint-000000000003: .*checksum/)]);

  const warned: string[] = [];
  const listen = ({ message }: Error): unknown => warned.push(message);
  process.on('warning', listen);
  await load(folder);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  expect(warned).toEqual([expect.stringContaining('checkpoint-000000000003 is damaged')]);

  expect(await refused(load(join(folder, 'checkpoint-000000000003')))).toMatchObject([{ code: 'RUN809' }]);
  expect(await refused(load(join(folder, 'checkpoint-000000000009')))).toMatchObject([{ code: 'RUN808' }]);
  for (const name of await readdir(folder))
    if (name.startsWith('program')) await truncate(join(folder, name), 5);
  expect(await refused(load(folder, { onDamaged: () => {} }))).toMatchObject([{ code: 'RUN809' }]);
});
