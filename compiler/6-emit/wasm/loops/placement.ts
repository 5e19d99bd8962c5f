/** Where a kernel's values belong: at which depth of the loops, on one lane or on all, and which go further out. */
import type { Scalar } from '../../../op/scalar.ts';
import type { Form } from '../scalar/operation.ts';
import { repeatsArguments } from '../scalar/operation.ts';
import type { KernelValues, Place } from '../scalar/values.ts';

/** How the loops lie around the values. */
export interface Arrangement {
  /** How deep a loop lies: 1 for the outermost. */
  readonly levelOf: (loop: number) => number;
  /** How deep the body of a stage lies. */
  readonly stageLevel: (stage: number) => number;
  /** How deep the values lie that a stage's folds leave behind. */
  readonly foldLevel: number;
  /** The loop whose iterations are taken four at a time, if any. */
  readonly vectorLoop: number | undefined;
  /** Whether what a fold leaves behind differs from lane to lane. */
  readonly foldsVary: boolean;
}

/** A value that must be ready in a local before a deeper loop begins. */
interface Hoisted {
  readonly value: Scalar;
  readonly form: Form;
  readonly level: number;
}

export class Placement {
  readonly hoisted: readonly (readonly Hoisted[])[];
  readonly #values: KernelValues;
  readonly #arrangement: Arrangement;
  readonly #uses = new Map<Scalar, number>();
  readonly #levels = new Map<Scalar, number>();
  readonly #varying = new Map<Scalar, boolean>();

  constructor(values: KernelValues, arrangement: Arrangement) {
    this.#values = values;
    this.#arrangement = arrangement;
    this.hoisted = values.stages.map((_, stage) => this.#prepare(stage));
  }

  stageLevel(stage: number): number {
    return this.#arrangement.stageLevel(stage);
  }

  get vectorLoop(): number | undefined {
    return this.#arrangement.vectorLoop;
  }

  /** Whether a value is asked for more than once where it is computed. */
  isShared(value: Scalar): boolean {
    return (this.#uses.get(value) ?? 0) > 1;
  }

  /** Whether four iterations of the vector loop touch four neighbours. */
  isContiguous({ strides, lookup }: Place): boolean {
    return (
      this.vectorLoop !== undefined && strides[this.vectorLoop] === 1 && !(lookup && this.varies(lookup))
    );
  }

  /** The level of the innermost loop that the value depends on. */
  level(value: Scalar): number {
    const found = this.#levels.get(value);
    if (found !== undefined) return found;
    const level =
      value.op === 'read'
        ? this.#sourceLevel(value)
        : Math.max(0, ...value.args.map((arg) => this.level(arg)));
    this.#levels.set(value, level);
    return level;
  }

  #sourceLevel(value: Scalar): number {
    const arrangement = this.#arrangement;
    const source = this.#values.source(value);
    switch (source.kind) {
      case 'dimension':
        return 0;
      case 'fold':
        return arrangement.foldLevel;
      case 'accumulator':
        return arrangement.stageLevel(0);
      case 'index':
        return this.#depth(source.strides);
      case 'read':
        if (source.pinned) return arrangement.stageLevel(source.stage);
        return Math.max(
          this.#depth(source.place.strides),
          source.place.lookup ? this.level(source.place.lookup) : 0,
        );
    }
  }

  #depth(strides: Place['strides']): number {
    return Math.max(
      0,
      ...strides.map((stride, loop) => (stride === 0 ? 0 : this.#arrangement.levelOf(loop))),
    );
  }

  /** Whether the value differs from lane to lane. */
  varies(value: Scalar): boolean {
    const found = this.#varying.get(value);
    if (found !== undefined) return found;
    const varies =
      value.op === 'read' ? this.#sourceVaries(value) : value.args.some((arg) => this.varies(arg));
    this.#varying.set(value, varies);
    return varies;
  }

  #sourceVaries(value: Scalar): boolean {
    const arrangement = this.#arrangement;
    const source = this.#values.source(value);
    if (arrangement.vectorLoop === undefined) return false;
    switch (source.kind) {
      case 'dimension':
        return false;
      case 'fold':
        return arrangement.foldsVary && this.varies(source.value);
      case 'accumulator':
        return true;
      case 'index':
        return source.strides[arrangement.vectorLoop] !== 0;
      case 'read':
        return this.placeVaries(source.place);
    }
  }

  /** Whether four iterations of the vector loop touch more than one place. */
  placeVaries({ strides, lookup }: Place): boolean {
    const { vectorLoop } = this.#arrangement;
    return (
      vectorLoop !== undefined && (strides[vectorLoop] !== 0 || (lookup !== undefined && this.varies(lookup)))
    );
  }

  /** Counts the uses of a stage's values and finds what can be computed further out, each after what it needs. */
  #prepare(stage: number): Hoisted[] {
    const arrangement = this.#arrangement;
    const { stores, folds } = this.#values.stages[stage]!;
    const hoisted = new Map<string, Hoisted>();
    const seen = new Set<Scalar>();
    const use = (value: Scalar, times: number): void => {
      this.#uses.set(value, (this.#uses.get(value) ?? 0) + times);
    };
    const need = (value: Scalar, form: Form, by: number): void => {
      visit(value);
      const level = this.level(value);
      if (level < by) hoisted.set(`${this.#values.graph.id(value)} ${form}`, { value, form, level });
    };
    const visit = (value: Scalar): void => {
      if (seen.has(value)) return;
      seen.add(value);
      const level = this.level(value);
      const form = this.formOf(value);
      const lookup = this.#lookupOf(value);
      if (lookup) {
        use(lookup, this.varies(lookup) ? 4 : 1);
        need(lookup, this.formOf(lookup), level);
      }
      for (const arg of value.args) {
        use(arg, repeatsArguments(value, form) ? 2 : 1);
        need(arg, form, level);
      }
    };
    const depth = arrangement.stageLevel(stage);
    for (const { place, value } of stores) {
      use(value, 2);
      need(value, this.formAt(value, place), depth);
      if (!place.lookup) continue;
      use(place.lookup, 4);
      need(place.lookup, this.formOf(place.lookup), depth);
    }
    for (const { value } of folds) {
      use(value, 2);
      need(value, this.formOf(value), depth);
    }
    return [...hoisted.values()];
  }

  #lookupOf(value: Scalar): Scalar | undefined {
    if (value.op !== 'read') return undefined;
    const source = this.#values.source(value);
    return source.kind === 'read' ? source.place.lookup : undefined;
  }

  formOf(value: Scalar): Form {
    return this.varies(value) ? 'vector' : 'lane';
  }

  /** The form in which a store wants its value. */
  formAt(value: Scalar, place: Place): Form {
    return this.varies(value) || this.placeVaries(place) ? 'vector' : 'lane';
  }
}
