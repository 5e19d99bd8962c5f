/** Copies one side of a contraction into panels: for each depth, the elements of one tile side by side. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { FunctionBody, Local } from '../assembler/function.ts';
import { iterate, repeat, whileLeft } from '../loops/counted-loops.ts';
import type { Sizes } from '../loops/sizes.ts';
import { times } from '../loops/sizes.ts';
import type { Live } from '../loops/stores.ts';

export interface Panel {
  /** Address of the first element. */
  readonly from: Local;
  readonly to: Local;
  readonly depth: Dim;
  /** Element strides of the source: along the panel's width, and along the depth. */
  readonly free: Dim;
  readonly step: Dim;
  /** Elements side by side in the panel, and how many of them there are to copy (a local counts at most three). */
  readonly width: number;
  readonly live: Live;
}

export class Packing {
  readonly #f: FunctionBody;
  readonly #sizes: Sizes;

  constructor(f: FunctionBody, sizes: Sizes) {
    this.#f = f;
    this.#sizes = sizes;
  }

  /** Packs one panel; what is not live in it holds anything. */
  emit(panel: Panel): void {
    const from = this.#copy(panel.from);
    const to = this.#copy(panel.to);
    const own = { ...panel, from, to };
    // A lone element may stand in the midst of a panel: whole vectors would run over its neighbours.
    const wide = panel.width % 4 === 0 && panel.live !== 1;
    if (wide && panel.free === 1) this.#rows(own);
    else if (wide && panel.step === 1 && typeof panel.free === 'number' && panel.free >= 0)
      this.#transposed(own);
    else iterate(this.#f, this.#sizes, panel.depth, () => this.#single(own));
    this.#f.release(from);
    this.#f.release(to);
  }

  /** Neighbours stay neighbours: vectors are copied as they are. */
  #rows(panel: Panel): void {
    iterate(this.#f, this.#sizes, panel.depth, () => {
      for (let at = 0; at < panel.width; at += 4) {
        this.#f.get(panel.to);
        this.#f.get(panel.from);
        this.#f.op('v128.load', { offset: 4 * at });
        this.#f.op('v128.store', { offset: 4 * at });
      }
      this.#advance(panel, 1);
    });
  }

  /** Neighbours along the depth: four by four elements are read along it and written across it. */
  #transposed(panel: Panel): void {
    const four = (): void => {
      for (let at = 0; at < panel.width; at += 4) this.#block(panel, at);
      this.#advance(panel, 4);
    };
    if (typeof panel.depth === 'number') {
      repeat(this.#f, Math.floor(panel.depth / 4), four);
      repeat(this.#f, panel.depth % 4, () => this.#single(panel));
      return;
    }
    const left = this.#f.local('i32');
    this.#sizes.push(panel.depth);
    this.#f.set(left);
    whileLeft(this.#f, left, 4, four);
    whileLeft(this.#f, left, 1, () => this.#single(panel));
    this.#f.release(left);
  }

  #block({ from, to, free, width }: Panel, at: number): void {
    const f = this.#f;
    const stride = 4 * (free as number);
    const rows = [0, 1, 2, 3].map((row) => {
      const local = f.local('v128');
      f.get(from);
      f.op('v128.load', { offset: (at + row) * stride });
      f.set(local);
      return local;
    });
    const mix = (a: Local, b: Local, words: readonly number[]): Local => {
      const local = f.local('v128');
      f.get(a);
      f.get(b);
      f.shuffle(words);
      f.set(local);
      return local;
    };
    const [low, high] = [
      [0, 4, 1, 5],
      [2, 6, 3, 7],
    ];
    const pairs = [
      mix(rows[0]!, rows[1]!, low!),
      mix(rows[2]!, rows[3]!, low!),
      mix(rows[0]!, rows[1]!, high!),
      mix(rows[2]!, rows[3]!, high!),
    ];
    const [front, back] = [
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ];
    for (let depth = 0; depth < 4; depth++) {
      const pair = depth < 2 ? 0 : 2;
      f.get(to);
      f.get(pairs[pair]!);
      f.get(pairs[pair + 1]!);
      f.shuffle(depth % 2 === 0 ? front! : back!);
      f.op('v128.store', { offset: 4 * (depth * width + at) });
    }
    for (const local of [...rows, ...pairs]) f.release(local);
  }

  /** One depth, element by element, with any stride. */
  #single(panel: Panel): void {
    const f = this.#f;
    const from = this.#copy(panel.from);
    const count = typeof panel.live === 'number' ? panel.live : Math.min(panel.width, 3);
    for (let at = 0; at < count; at++) {
      const move = (): void => {
        f.get(panel.to);
        f.get(from);
        f.op('i32.load');
        f.op('i32.store', { offset: 4 * at });
      };
      if (typeof panel.live === 'number' || at === 0) {
        move();
      } else {
        f.get(panel.live);
        f.i32(at);
        f.op('i32.gt_s');
        f.if(move);
      }
      if (at + 1 < count) this.#bump(from, times(panel.free, 4));
    }
    f.release(from);
    this.#advance(panel, 1);
  }

  #advance({ from, to, step, width }: Panel, depths: number): void {
    this.#bump(from, times(step, 4 * depths));
    this.#bump(to, 4 * depths * width);
  }

  #bump(local: Local, bytes: Dim): void {
    this.#f.get(local);
    this.#sizes.push(bytes);
    this.#f.op('i32.add');
    this.#f.set(local);
  }

  #copy(local: Local): Local {
    const own = this.#f.local('i32');
    this.#f.get(local);
    this.#f.set(own);
    return own;
  }
}
