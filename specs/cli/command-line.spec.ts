/** The command line from outside: what it prints, and what it answers to the shell. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { withFiles } from '../static/with-files.ts';
import { called } from './in-process.ts';
import type { Answer } from './millrace.ts';
import { build, jsonLines, millrace, shell, start } from './millrace.ts';
import { files } from './programs.ts';

beforeAll(build);

const run = (...args: string[]): Answer => withFiles(files, (folder) => millrace(folder, args));
const inProcess = (...args: string[]): Promise<Answer> => withFiles(files, (folder) => called(folder, args));

describe('usage', () => {
  test.each<[args: string[], message: RegExp]>([
    [['chek', 'line.ts'], /there is no verb chek; did you mean check\?/],
    [['check'], /no FILE is given/],
    [['trian', 'line.ts'], /there is no verb trian; did you mean train\?/],
    [['explain', 'SHP999'], /there is no diagnostic SHP999: SHP201, SHP202/],
    [['export', '--model', 'model', '--out', 'x', '--training'], /--training needs the program/],
    [['graph', 'line.ts', 'two.ts'], /one FILE is expected, not 2/],
    [['train', 'line.ts', '--epoch', '3'], /there is no flag --epoch; did you mean --epochs\?/],
    [['train', 'line.ts', '--epochs', 'many'], /--epochs is a whole number from 0, not many/],
    [['train', 'line.ts', '--epochs'], /--epochs needs a value/],
    [['train', 'line.ts', '--save', '--json'], /--save needs a value/],
    [
      ['train', 'line.ts', '--engine', 'wasn'],
      /--engine is one of wasm, tensorflow, reference, not wasn; did you mean wasm\?/,
    ],
    [['graph', 'line.ts', '--format', 'dot', '--after', 'plan'], /--format dot draws graphs/],
    [['predict', 'line.ts'], /--model DIR is missing/],
    [['serve', '--model', 'model'], /--port N is missing/],
    [['serve', '--port', '0'], /what is to be served\? FILE --train, or --model DIR/],
    [['serve', '--port', '0', '--train'], /--train needs the program: FILE/],
    [['serve', 'line.ts', '--port', '0', '--train', '--model', 'model'], /--train or --model DIR, not both/],
    [['serve', '--port', '0', '--model', 'model', '--checkpoint', 'runs'], /--checkpoint needs --train/],
    [['check', 'line.ts', '--json=yes'], /--json takes no value/],
    [['train', 'line.ts', '--seed', '1', '--seed', '2'], /--seed is given twice/],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('help and version', () => {
    expect(run('--help')).toMatchObject({ status: 0, stderr: '' });
    expect(run('train', '--help').stdout).toMatch(/--epochs N .*how many times/);
    expect(run('--version').stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(run()).toMatchObject({ status: 2, stdout: '' });
    for (const verb of [
      'check',
      'graph',
      'train',
      'evaluate',
      'predict',
      'serve',
      'export',
      'runs',
      'explain',
      'setup',
      'doctor',
    ])
      expect(run(verb, '--help').stdout).not.toMatch(/\n\n\n|undefined/);
    expect(run('predict', '--help').stdout).toMatch(/^millrace predict \[FILE\] --model DIR/);
    expect(run('explain', 'shp201').stdout).toMatch(/^# SHP201: [\s\S]*Mended:/);
  });
});

describe('check', () => {
  test('a sound file', async () => {
    expect(run('check', 'line.ts', 'none.ts')).toEqual({
      status: 0,
      stdout: '✓ line.ts: line\n✓ none.ts: no pipeline\n',
      stderr: '',
    });
    expect(await inProcess('check', 'line.ts', '--json')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('a shape error and a type error, as a person sees them', async () => {
    const { status, stdout } = await inProcess('check', 'wrong.ts');
    expect(status).toBe(1);
    expect(stdout).toContain(`error SHP201: matmul cannot contract 2 with 3
  ┌─ wrong.ts:7:24
  │
4 │ const weights = param([3, 1]);
  │                 -------------`);
    expect(stdout).toContain(`
7 │   model: ({ a, b }) => matmul(stack([a, b]), weights),
  │                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`);
    expect(stdout).toContain('  = more      millrace explain SHP201');
    expect(stdout).toContain('error SRC102:');
    expect(stdout).toContain('  = hint      did you mean learningRate?');
    expect(stdout.match(/^error /gm)).toHaveLength(2);
  });

  test('the same as JSON lines', async () => {
    const { status, stdout } = await inProcess('check', 'wrong.ts', '--json');
    expect(status).toBe(1);
    const lines = jsonLines(stdout);
    expect(lines.map(({ code }) => code)).toEqual(['SHP201', 'SRC102']);
    expect(lines[0]).toMatchObject({
      severity: 'error',
      file: 'wrong.ts',
      line: 7,
      column: 24,
      endLine: 7,
      endColumn: 54,
    });
    for (const line of lines) {
      const fields = [
        'code',
        'severity',
        'message',
        'file',
        'line',
        'column',
        'endLine',
        'endColumn',
        'labels',
        'expected',
        'received',
        'hint',
      ];
      expect(Object.keys(line)).toEqual(expect.arrayContaining(fields));
    }
  });

  test('a file that is there, and is JavaScript', async () => {
    await withFiles({ 'line.js': files['line.ts']! }, async (folder) => {
      const { status, stdout } = await called(folder, ['check', 'line.js']);
      expect(status).toBe(1);
      expect(stdout).toMatch(/error SRC103: \S*line\.js is not TypeScript/);
    });
  });

  test('a file that is not there', async () => {
    expect(await inProcess('check', 'gone.ts')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('error SRC103'),
    });
  });
});

describe('graph', () => {
  test('text reads back', async () => {
    const shown = [
      ['read', 'predict'],
      ['check', 'evaluate'],
      ['differentiate', 'step'],
      ['simplify', 'init'],
    ] as const;
    for (const [after, program] of shown) {
      const { status, stdout } = await inProcess('graph', 'line.ts', '--after', after, '--program', program);
      expect(status).toBe(0);
      expect(print(parse(stdout, vocabulary)).trimEnd()).toBe(stdout.trimEnd());
    }
  });

  test('plan, module, JSON, picture', async () => {
    expect((await inProcess('graph', 'line.ts', '--after', 'plan')).stdout).toMatch(/^plan line\.step/);
    expect((await inProcess('graph', 'line.ts', '--after', 'emit')).stdout).toMatch(
      /^module of [\d,]+ bytes[\s\S]*functions[\s\S]*run/,
    );
    const { base64 } = JSON.parse(
      (await inProcess('graph', 'line.ts', '--after', 'emit', '--format', 'json')).stdout,
    ) as {
      base64: string;
    };
    expect(Buffer.from(base64, 'base64').subarray(0, 8)).toEqual(Buffer.from('\0asm\x01\0\0\0', 'latin1'));
    expect(JSON.parse((await inProcess('graph', 'line.ts', '--format', 'json')).stdout)).toMatchObject({
      pipeline: 'line',
      program: 'step',
    });
    expect((await inProcess('graph', 'line.ts', '--format', 'dot')).stdout).toMatch(
      /^digraph "line\.step" \{[\s\S]*\}\n$/,
    );
  });

  test('one of several pipelines must be named', async () => {
    const { status, stderr } = await inProcess('graph', 'two.ts');
    expect(status).toBe(2);
    expect(stderr).toContain('error SRC121: the file exports 2 pipelines: first, second');
    expect(await inProcess('graph', 'two.ts', '--pipeline', 'second')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(await inProcess('graph', 'two.ts', '--pipeline', 'secand')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean second?'),
    });
    expect(await inProcess('graph', 'none.ts')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('error SRC120'),
    });
  });
});

describe('train, evaluate, predict', () => {
  test('the whole way, in several processes', async () => {
    await withFiles(files, async (folder) => {
      const trained = millrace(folder, ['train', 'line.ts', '--epochs', '60', '--save', 'model', '--json']);
      expect(trained).toMatchObject({ status: 0, stderr: '' });
      const events = jsonLines(trained.stdout);
      expect([events[0]?.type, events.at(-1)?.type]).toEqual(['runStarted', 'runFinished']);
      expect(events.filter(({ type }) => type === 'batchFinished')).toHaveLength(240);

      const again = millrace(folder, ['train', 'line.ts', '--epochs', '60', '--save', 'again']);
      expect(again).toMatchObject({ status: 0, stderr: '' });
      // A part's name tells what it holds.
      const files = (name: string): string[] => readdirSync(join(folder, name)).sort();
      expect(files('again')).toEqual(files('model'));

      const judged = millrace(folder, ['evaluate', 'line.ts', '--model', 'model', '--json']);
      const [judgement] = jsonLines(judged.stdout) as unknown as {
        loss: number;
        metrics: { error: number };
      }[];
      expect(judgement!.loss).toBeLessThan(0.01);
      expect(judgement!.metrics.error).toBeLessThan(0.1);

      const asJson = millrace(
        folder,
        ['predict', 'line.ts', '--model', 'model'],
        '{"x": 0}\n\n{"x": 1, "y": 7}',
      );
      const asCsv = millrace(folder, ['predict', '--model', 'model'], '\ufeffx\r\n0\r\n1\r\n');
      expect(asJson).toMatchObject({ status: 0, stderr: '' });
      expect(asCsv).toEqual(asJson);
      const onFile = await called(folder, [
        'evaluate',
        '--model',
        'model',
        '--input',
        'points.csv',
        '--json',
      ]);
      expect(onFile).toEqual(judged);
      expect(await called(folder, ['export', '--model', 'model', '--out', 'served'])).toMatchObject({
        status: 0,
      });
      expect(existsSync(join(folder, 'served', 'saved_model.pb'))).toBe(true);
      const [atZero, atOne] = asJson.stdout.trim().split('\n').map(Number);
      expect(atZero).toBeCloseTo(-0.5, 1);
      expect(atOne).toBeCloseTo(2.5, 1);
      const fromFile = await called(folder, [
        'predict',
        'line.ts',
        '--model',
        'model',
        '--input',
        'points.csv',
      ]);
      expect(fromFile.stdout.trim().split('\n')).toHaveLength(20);

      const spoilt = await called(
        folder,
        ['predict', 'line.ts', '--model', 'model'],
        '{"x": 0}\n{"x": "zero"}\n{"x": 1}\n',
      );
      expect(spoilt.status).toBe(1);
      expect(spoilt.stdout.trim().split('\n')).toHaveLength(1);
      expect(spoilt.stderr).toMatch(/error DAT\d+[\s\S]*standard input:2:1/);
      expect(
        (await called(folder, ['predict', 'line.ts', '--model', 'model'], 'nothing here\n')).stderr,
      ).toContain('DAT702');
      expect(
        (await called(folder, ['predict', 'line.ts', '--model', 'model'], '{"x": }\n')).stderr,
      ).toContain('DAT716');
      expect(await called(folder, ['predict', 'line.ts', '--model', 'gone'], '')).toMatchObject({
        status: 1,
        stdout: '',
      });
    });
  });

  test('a program that is not the model’s is refused, whatever its variables are called', async () => {
    const line = files['line.ts']!;
    const changed = {
      'more.ts': line.replace('multiply(slope, x)', 'multiply(slope, add(x, 1))'),
      'column.ts': line.replace('y: float }', 'y: float, z: float }'),
      'renamed.ts': line.replaceAll(/\bslope\b/g, 'a').replaceAll(/\bline\b/g, 'b'),
    };
    await withFiles({ ...files, ...changed }, async (folder) => {
      expect(millrace(folder, ['train', 'line.ts', '--save', 'model'])).toMatchObject({ status: 0 });
      const predict = (file: string): Promise<Answer> =>
        called(folder, ['predict', file, '--model', 'model'], '{"x": 0}');
      expect(await predict('renamed.ts')).toMatchObject({ status: 0, stderr: '' });
      expect(await predict('more.ts')).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/RUN820[\s\S]*more\.ts:/),
      });
      expect((await predict('column.ts')).stderr).toMatch(/RUN820[\s\S]*expected {2}no column z/);
    });
  });

  test('a run that fails says so last', async () => {
    const { status, stdout } = run('train', 'broken.ts', '--json');
    expect(status).toBe(1);
    const last = jsonLines(stdout).at(-1)!;
    expect(last).toMatchObject({
      type: 'runFailed',
      error: { code: 'DAT705', file: 'broken.csv', line: 3, column: 3 },
    });
    const refused = jsonLines((await inProcess('train', 'wrong.ts', '--json')).stdout);
    expect(refused).toMatchObject([
      { type: 'runFailed', error: { code: 'SHP201' }, others: [{ code: 'SRC102' }] },
    ]);
    expect(await inProcess('train', 'broken.ts')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('broken.csv:3:3'),
    });
  });

  test('data that exist only at run time are loaded, and runs that the file starts are not', () => {
    withFiles(files, (folder) => {
      const { status, stdout, stderr } = millrace(folder, ['train', 'live.ts', '--steps', '40', '--json']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'runFinished', steps: 40 });
      expect(existsSync(join(folder, 'trained-by-itself.txt'))).toBe(false);
    });
  });
});

describe('ending early', () => {
  test('Ctrl-C ends the run after the batch at hand', async () => {
    await withFiles(files, async (folder) => {
      const child = start(folder, ['train', 'live.ts', '--json']);
      let stdout = '';
      let interrupted = false;
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        if (!interrupted && stdout.includes('batchFinished')) interrupted = child.kill('SIGINT');
      });
      const status = await new Promise((resolve) => child.on('close', resolve));
      expect(status).toBe(130);
      expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'runCancelled' });
    });
  });

  test('a reader that goes away is no error', () => {
    const { status, stdout, stderr } = withFiles(files, (folder) =>
      shell(folder, 'set -o pipefail; millrace train line.ts --epochs 5000 --json | head -n 1'),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(jsonLines(stdout)).toMatchObject([{ type: 'runStarted' }]);
  });
});
