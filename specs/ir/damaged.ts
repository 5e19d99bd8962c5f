/** Small damages to a text: words and lines that are dropped, doubled, exchanged or replaced. */
import fc from 'fast-check';

export interface Damage {
  readonly unit: 'line' | 'word' | 'letter';
  readonly kind: number;
  readonly at: number;
  readonly other: number;
  readonly fresh: string;
}

const strange = [
  '-1',
  'NaN',
  '[',
  ']',
  '?',
  '=',
  'axis=9',
  'axis=-9',
  'axis=null',
  'f32[B]',
  'i32[]',
  'shape=[2,-1]',
  '0',
  '%',
  '"',
  '@a:1:1-2',
  'value=[1]',
  'perm',
  'over=[[0],[9]]',
  'batch=[[0,0],[0,0]]',
  'sizes=[1e9]',
  'steps=[0]',
  'size=0',
  'return',
  'update',
  'x#2',
  'axes=[0,0]',
  'starts=[-1]',
  'initial',
  'fuse',
  '@a:1:1-2<b:2:1-3:4',
  'use_locking=true',
];

function changed<T>(list: readonly T[], kind: number, at: number, other: number, fresh: T): T[] {
  if (list.length === 0) return [fresh];
  const [i, j] = [at % list.length, other % list.length];
  if (kind === 0) return list.toSpliced(i, 1);
  if (kind === 1) return list.toSpliced(i, 0, list[j]!);
  if (kind === 2) return list.with(i, list[j]!).with(j, list[i]!);
  return list.with(i, fresh);
}

/** One to three damages, to words, lines and letters alike. */
export const mutations: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record<Damage>({
    unit: fc.constantFrom('line', 'word', 'letter'),
    kind: fc.nat({ max: 3 }),
    at: fc.nat({ max: 9_999 }),
    other: fc.nat({ max: 9_999 }),
    fresh: fc.constantFrom(...strange),
  }),
  { minLength: 1, maxLength: 3 },
);

export function damaged(text: string, damages: readonly Damage[]): string {
  return damages.reduce((before, { unit, kind, at, other, fresh }) => {
    const by = { line: '\n', word: ' ', letter: '' }[unit];
    return changed(before.split(by), kind, at, other, fresh).join(by);
  }, text);
}
