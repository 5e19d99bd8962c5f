/** Addresses that walk along with the loops: one local a level, bumped at each iteration, never multiplied out. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { FunctionBody, Local } from '../assembler/function.ts';
import { isBackward, known, type Sizes, times } from './sizes.ts';

/** Σ stride·index over the loops, on top of `base`; strides in elements of `unit` bytes (1 for plain indices). */
export interface Walker {
  readonly base: Local | undefined;
  readonly strides: readonly Dim[];
  readonly unit: number;
}

/** So many iterations of a loop further on. */
export interface Displacement {
  readonly loop: number;
  readonly iterations: number;
}

export class Walkers {
  readonly #f: FunctionBody;
  readonly #sizes: Sizes;
  readonly #all = new Map<string, Walker>();
  readonly #at = new Map<Walker, Local[]>();

  constructor(f: FunctionBody, sizes: Sizes) {
    this.#f = f;
    this.#sizes = sizes;
  }

  /** Equal walks share one walker. */
  walker(base: Local | undefined, strides: readonly Dim[], unit: number): Walker {
    const key = `${base?.index} ${unit} ${strides.join()}`;
    const found = this.#all.get(key);
    if (found) return found;
    const made = { base, strides, unit };
    this.#all.set(key, made);
    return made;
  }

  /** Starts a loop for these walkers: inside, they have a place of their own. */
  enter(loop: number, walkers: Iterable<Walker>): Walker[] {
    const moving = [...new Set(walkers)].filter(({ strides }) => strides[loop] !== 0);
    for (const walker of moving) {
      const place = this.#f.local('i32');
      this.#pushPlace(walker);
      this.#f.set(place);
      this.#at.set(walker, [...(this.#at.get(walker) ?? []), place]);
    }
    return moving;
  }

  /** Goes on by `iterations` iterations of the loop. */
  advance(loop: number, moving: readonly Walker[], iterations: number): void {
    for (const walker of moving) {
      const place = this.#at.get(walker)!.at(-1)!;
      this.#f.get(place);
      this.#sizes.push(times(walker.strides[loop]!, iterations * walker.unit));
      this.#f.op('i32.add');
      this.#f.set(place);
    }
  }

  /** Goes on by as many iterations of the loop as the local says. */
  skip(loop: number, moving: readonly Walker[], iterations: Local): void {
    for (const walker of moving) {
      const place = this.#at.get(walker)!.at(-1)!;
      this.#f.get(place);
      this.#f.get(iterations);
      this.#sizes.push(times(walker.strides[loop]!, walker.unit));
      this.#f.op('i32.mul');
      this.#f.op('i32.add');
      this.#f.set(place);
    }
  }

  /** Ends the loop that `enter` started. */
  leave(moving: readonly Walker[]): void {
    for (const walker of moving) this.#f.release(this.#at.get(walker)!.pop()!);
  }

  /**
   * Puts an address (or index) on the stack and gives the constant part that is still missing, for the
   * instruction's own offset: `start` elements and the displacements further on.
   */
  push(walker: Walker, start: number, displacements: readonly Displacement[] = []): number {
    let rest = start * walker.unit;
    this.#pushPlace(walker);
    for (const { loop, iterations } of displacements) {
      const step = times(walker.strides[loop]!, iterations * walker.unit);
      const bytes = known(step);
      if (bytes !== undefined) {
        rest += bytes;
      } else {
        this.#sizes.push(step);
        this.#f.op('i32.add');
      }
    }
    // An instruction's offset is added without wrapping: what leads back may stand before address 0 without it.
    if (rest === 0 || (rest > 0 && !walker.strides.some(isBackward))) return rest;
    this.#f.i32(rest);
    this.#f.op('i32.add');
    return 0;
  }

  #pushPlace(walker: Walker): void {
    const place = this.#at.get(walker)?.at(-1) ?? walker.base;
    if (place) this.#f.get(place);
    else this.#f.i32(0);
  }
}
