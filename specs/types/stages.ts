/** Types of the stages of datasets: what compiles, and what must not. */
import type { Dataset } from 'millrace';
import {
  bool,
  category,
  fittedCategory,
  float,
  int,
  interleave,
  rows,
  sequence,
  tensor,
  text,
  vector,
  zip,
} from 'millrace';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};
type RowOf<D> = D extends Dataset<infer S> ? { -readonly [K in keyof S]: NonNullable<S[K]['value']> } : never;

const a = rows({ x: float, id: int }, []);
const b = rows({ y: bool }, []);
const c = rows({ v: vector(3), m: tensor([3, 2]), n: int }, []);

const zipped = zip(a, b);
same<RowOf<typeof zipped>, { x: number; id: number; y: boolean }>(true);
const three = zip(a, b, c);
same<RowOf<typeof three>['y'], boolean>(true);
// @ts-expect-error: both have x
zip(a, a);
// @ts-expect-error: the third shares y with the second
zip(a, b, b);

const counted = a.enumerate('place');
same<RowOf<typeof counted>, { x: number; id: number; place: number }>(true);
// @ts-expect-error: there is a column x already
a.enumerate('x');

const items = c.unbatch();
same<RowOf<typeof items>['v'], number>(true);
same<RowOf<typeof items>['n'], number>(true);

const mails = rows({ mail: text({ words: 3, buckets: 99 }), v: vector(3) }, []);
same<RowOf<typeof mails>['mail'], string>(true);
same<(typeof mails.schema.mail)['shape'], readonly [3]>(true);
const repeated = mails.unbatch();
same<RowOf<typeof repeated>['mail'], string>(true);
same<RowOf<typeof repeated>['v'], number>(true);

const walks = rows(
  { at: sequence(vector(2), { max: 9 }), how: sequence(category('a', 'b'), { max: 9 }) },
  [],
);
same<(typeof walks.schema.at)['shape'], readonly ['T', 2]>(true);
same<RowOf<typeof walks>['how'], readonly ('a' | 'b')[]>(true);
const steps = walks.unbatch();
same<(typeof steps.schema.at)['shape'], readonly [2]>(true);
same<RowOf<typeof steps>['how'], 'a' | 'b'>(true);
const cities = rows({ city: fittedCategory({ size: 9 }), note: text({ words: 4, vocabulary: 99 }) }, []);
same<RowOf<typeof cities>, { city: string; note: string }>(true);
// @ts-expect-error: hashed, or looked up
text({ words: 4, vocabulary: 99, buckets: 9 });
// @ts-expect-error: neither
text({ words: 4 });

const encoded = zip(a, b).targetEncode('rate', { of: 'id', target: 'y' });
same<RowOf<typeof encoded>, { x: number; id: number; y: boolean; rate: number }>(true);
// @ts-expect-error: there is a column x already
a.targetEncode('x', { of: 'id', target: 'x' });
// @ts-expect-error: there is no column z
a.targetEncode('rate', { of: 'id', target: 'z' });
a.replay(100, { rate: 2, seed: 7 });

const joined = a.join(rows({ id: int, name: int }, []), { on: 'id' });
same<RowOf<typeof joined>['name'], number>(true);
a.join(rows({ id: int, name: int }, []), { on: 'id', kind: 'left', otherwise: { name: 0 } });
// @ts-expect-error: what stands where nothing agrees must be said
a.join(rows({ id: int, name: int }, []), { on: 'id', kind: 'left' });
// @ts-expect-error: both have x
a.join(rows({ id: int, x: float }, []), { on: 'id' });
// @ts-expect-error: no column of both
a.join(rows({ id: int }, []), { on: 'x' });

a.concat(a, a);
// @ts-expect-error: other columns
a.concat(b);
interleave([a, a], { weights: [1, 2] });
// @ts-expect-error: other columns
interleave([a, b]);

const sums = a.scan({ total: float }, 0, (sum, { x }) => [sum + x, { total: sum }]);
same<RowOf<typeof sums>, { total: number }>(true);
a.window({ mean: float }, 3, (rows) => ({ mean: rows.length }));
// @ts-expect-error: a row of another schema
a.window({ mean: float }, 3, () => ({ other: 1 }));
a.flatMap({ z: float }, ({ x }) => [{ z: x }, { z: x }]);
a.mapBatches({ z: float }, 2, async (rows) => rows.map(({ x }) => ({ z: x })));
a.watermark({ time: ({ id }) => id, lateness: 10 }).tumbling(
  { n: int },
  60_000,
  (rows, { start }) => ({ n: rows.length + start }),
  { key: ({ id }) => id },
);
