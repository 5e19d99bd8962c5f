/** Exported models are what TensorFlow's own loaders take: the binding's, and Python's where it is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { close } from '../../laws/close.ts';
import { loadBinding } from '../../runtime/engines/tensorflow/binding.ts';
import { decodeSafetensors } from '../../runtime/store/safetensors.ts';
import { root } from '../architecture/source-files.ts';
import { build, millrace } from '../cli/millrace.ts';
import { tensorflowHere } from './in-process.ts';

const found = tensorflowHere('exported models');
/** A virtual environment may be named, as for the benches. */
const { MILLRACE_PYTHON } = process.env;
const python = MILLRACE_PYTHON ? join(MILLRACE_PYTHON, 'bin', 'python') : 'python3';
const hasPython = spawnSync(python, ['-c', 'import tensorflow']).status === 0;
if (!hasPython)
  console.log('exported models: not read by Python, which has no TensorFlow here (MILLRACE_PYTHON)');

const folder = mkdtempSync(join(tmpdir(), 'millrace-export-'));
const example = join(root, 'examples/iris.ts');
const row = { sepalLength: 5.1, sepalWidth: 3.5, petalLength: 1.4, petalWidth: 0.2 };
let answer: readonly number[];

beforeAll(() => {
  build();
  expect(millrace(folder, ['train', example, '--epochs', '3', '--save', 'model']).status).toBe(0);
  const flags = ['--model', 'model', '--out'];
  for (const args of [
    ['predict', example, '--model', 'model'],
    ['export', example, ...flags, 'saved', '--training'],
    ['export', example, ...flags, 'weights', '--format', 'safetensors'],
  ]) {
    const ran = millrace(folder, args, `${JSON.stringify(row)}\n`);
    expect(ran.stderr).toBe('');
    if (args[0] === 'predict') answer = JSON.parse(ran.stdout) as number[];
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test('weights as safetensors are those of the model', () => {
  const weights = readdirSync(join(folder, 'model')).find((name) => name.startsWith('weights-'))!;
  const [saved, exported] = [`model/${weights}`, 'weights/model.safetensors'].map((file) =>
    decodeSafetensors(readFileSync(join(folder, file))),
  );
  expect(exported).toEqual(saved);
});

function expectAnswer(numbers: readonly number[]): void {
  expect(numbers).toHaveLength(answer.length);
  numbers.forEach((number, i) => {
    expect(close(number, answer[i]!, 1e-5, 1e-5), `${number} for ${answer[i]}`).toBe(true);
  });
}

test.runIf(found)('TensorFlow loads a SavedModel with its weights', () => {
  const binding = loadBinding(found!.file);
  const model = binding.loadSavedModel(join(folder, 'saved'), 'serve');
  const columns = Object.entries(row);
  const ids = columns.map(([, value]) => binding.createTensor([1], binding.TF_FLOAT, Float32Array.of(value)));
  const names = columns.map(([name]) => `predict/inputs/${name}:0`).join(',');
  const [result] = binding.runSavedModel(model, ids, names, 'predict/outputs/outputs:0');
  expectAnswer([...binding.tensorDataSync(result!.id)]);
  for (const id of [...ids, result!.id]) binding.deleteTensor(id);
  binding.deleteSavedModel(model);
});

const reader = `
import json, sys, tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
row = {name: tf.constant([value], tf.float32) for name, value in json.loads(sys.argv[2]).items()}
predict, train = (model.signatures[name] for name in ('serving_default', 'train'))
before = predict(**row)['outputs'].numpy()[0].tolist()
losses = [float(train(species=tf.constant([0]), **row)['loss']) for _ in range(20)]
after = predict(**row)['outputs'].numpy()[0].tolist()
print(json.dumps({'before': before, 'losses': losses, 'after': after}))
`;

test.runIf(hasPython)('Python serves and trains it', () => {
  const ran = spawnSync(python, ['-c', reader, join(folder, 'saved'), JSON.stringify(row)], {
    encoding: 'utf8',
  });
  expect(ran.status, ran.stderr).toBe(0);
  const { before, losses, after } = JSON.parse(ran.stdout) as Record<string, number[]>;
  expectAnswer(before!);
  expect(losses!.at(-1)).toBeLessThan(losses![0]!);
  expect(after).not.toEqual(before);
});
