/** Layers of users' own: typed on the outside as ours are. Compiled by tsc; never run. */
import type { Batch, Layer, LayerKind, LayerOptions, Shape, Tensor } from 'millrace';
import { add, defineLayer, dense, matmul, multiply, param, sigmoid, state, update } from 'millrace';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

declare const rows: Tensor<readonly [Batch, 4], 'float32'>;

interface GatedOptions extends LayerOptions {
  readonly gate?: (x: Tensor) => Tensor;
}

const gated = defineLayer('gated', (units: number, options: GatedOptions = {}) => ({
  build: (x) => ({
    w: param([x.shape.at(-1) as number, units]),
    seen: state([units]),
  }),
  call: ({ w, seen }, x) => {
    same<typeof w, Tensor<readonly [number, number], 'float32'>>(true);
    return update((options.gate ?? sigmoid)(matmul(x, w)), seen, add(seen, 1));
  },
}));

same<Parameters<typeof gated>, [units: number, options?: GatedOptions | undefined]>(true);
same<ReturnType<typeof gated>, Layer<(x: Tensor) => Tensor>>(true);
const y: Tensor = gated(3, { gate: sigmoid, name: 'mine', trainable: false })(rows);

// @ts-expect-error a number of units is a number
gated('3');
// @ts-expect-error it takes one tensor
gated(3)(rows, rows);
// @ts-expect-error an option that does not exist
gated(3, { gates: sigmoid });

/** The result's type is what `call` gives. */
const scaled = defineLayer('scaled', () => ({
  build: () => ({ scale: param([4]) }),
  call: ({ scale }, x: Tensor<readonly [Batch, 4], 'float32'>) => multiply(x, scale),
}));
same<ReturnType<ReturnType<typeof scaled>>, Tensor<readonly [Batch, 4], 'float32'>>(true);

/** Without parameters. */
const doubled = defineLayer('doubled', () => ({ call: (_, x) => add(x, x) }));
const twice: Tensor = doubled()(rows);

/** Several inputs, and options at the call. */
const mixed = defineLayer('mixed', (share: number) => ({
  call: (_: unknown, a: Tensor, b: Tensor, options: { readonly swap?: boolean } = {}) =>
    add(multiply(options.swap ? b : a, share), multiply(options.swap ? a : b, 1 - share)),
}));
const mixture: Tensor = mixed(0.5)(rows, rows, { swap: true });
// @ts-expect-error an option that does not exist
mixed(0.5)(rows, rows, { swop: true });

/** A layer of layers. */
const tower = defineLayer('tower', (units: number) => {
  const [first, second] = [dense(units), dense(units)];
  return { call: (_, x) => second(first(x)) };
});
const high: Tensor = tower(4)(rows);

/** Shapes that inference cannot follow are claimed by an annotation. */
type Summed = () => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;
const summed: LayerKind<Summed> = defineLayer('summed', () => ({ call: (_, x) => add(x, 1) }));
same<typeof claimed, Tensor<readonly [Batch, 4], 'float32'>>(true);
const claimed = summed()(rows);

export const unused = [y, twice, mixture, high];
