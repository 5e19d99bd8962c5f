/** A kernel's steps as one graph of scalars, with what each comes from and which loops it moves with. */
import type { Dim, DType } from '../../../../dsl/tensor.ts';
import type { Access, FoldKind, Region, Stage, Step } from '../../../5-plan/plan.ts';
import { scalarLowering } from '../../../ir/inputs.ts';
import type { Scalar } from '../../../op/scalar.ts';
import { times } from '../loops/sizes.ts';
import { ScalarGraph } from './scalar-builder.ts';

/** A place in memory: which element of a region, for the loops' present indices. */
export interface Place {
  readonly region: number;
  readonly strides: readonly Dim[];
  readonly offset: number;
  /** Bytes on top, from index tensors; an int32. */
  readonly lookup: Scalar | undefined;
}

/** Where a value of kind `read` comes from. */
export type Source =
  | {
      readonly kind: 'read';
      readonly place: Place /** Must not move out of its stage. */;
      readonly pinned: boolean;
      readonly stage: number;
    }
  | { readonly kind: 'index'; readonly strides: readonly Dim[]; readonly offset: number }
  | { readonly kind: 'dimension'; readonly size: Dim }
  | { readonly kind: 'fold'; readonly stage: number; readonly index: number; readonly value: Scalar }
  | { readonly kind: 'accumulator' };

export interface StageValues {
  readonly over: 'outer' | 'inner';
  readonly stores: readonly {
    readonly place: Place;
    readonly value: Scalar;
    readonly add: boolean;
    readonly dtype: DType;
  }[];
  /** `result` is what later stages see. */
  readonly folds: readonly { readonly fold: FoldKind; readonly value: Scalar; readonly result: Scalar }[];
}

export class KernelValues {
  readonly graph = new ScalarGraph();
  readonly stages: StageValues[] = [];
  readonly #regions: readonly Region[];
  readonly #written: readonly Region[];
  readonly #sources: Source[] = [];
  readonly #keys = new Map<string, number>();
  readonly #steps: Scalar[][] = [];
  #accumulator: Scalar | undefined;

  constructor(regions: readonly Region[], stages: readonly Stage[]) {
    this.#regions = regions;
    this.#written = stages.flatMap(({ stores }) => stores.map(({ access }) => regions[access.region]!));
    stages.forEach((stage, number) => {
      this.stages.push(this.#stage(stage, number));
    });
  }

  /** Where a value of op `read` comes from. */
  source(value: Scalar): Source {
    return this.#sources[value.value!]!;
  }

  /** Of a contraction: what its one stage stores, and the finished sum, if it is asked for. */
  epilogue(): { readonly stores: StageValues['stores']; readonly accumulator: Scalar | undefined } {
    return { stores: this.stages[0]!.stores, accumulator: this.#accumulator };
  }

  /** All that is read from memory. */
  reads(): Extract<Source, { kind: 'read' }>[] {
    return this.#sources.filter((source) => source.kind === 'read');
  }

  /** The regions that are read or written, in the order of their first mention. */
  regionsUsed(): number[] {
    const stored = this.stages.flatMap(({ stores }) => stores.map(({ place }) => place.region));
    return [...this.reads().map(({ place }) => place.region), ...stored];
  }

  /** What a stage reads from memory that it goes on to change, and that later stages still want as it was. */
  carried(stage: number): Scalar[] {
    const later = this.stages.slice(stage + 1).flatMap((other) => [...this.reach(other)]);
    return [...new Set(later)].filter((value) => {
      const source = value.op === 'read' ? this.source(value) : undefined;
      return source?.kind === 'read' && source.pinned && source.stage === stage;
    });
  }

  /** All values that a stage's stores and folds depend on, each after what it depends on itself. */
  reach({ stores, folds }: StageValues): Set<Scalar> {
    const found = new Set<Scalar>();
    const seen = new Set<Scalar>();
    const visit = (value: Scalar): void => {
      if (seen.has(value)) return;
      seen.add(value);
      for (const arg of value.args) visit(arg);
      const source = value.op === 'read' ? this.source(value) : undefined;
      if (source?.kind === 'read' && source.place.lookup) visit(source.place.lookup);
      found.add(value);
    };
    for (const { place, value } of stores) {
      visit(value);
      if (place.lookup) visit(place.lookup);
    }
    for (const { value } of folds) visit(value);
    return found;
  }

  #stage(stage: Stage, number: number): StageValues {
    const steps: Scalar[] = [];
    this.#steps.push(steps);
    for (const step of stage.body) steps.push(this.#step(step, steps, number));
    const stores = stage.stores.map(({ access, value, add }) => ({
      place: this.#place(access, steps),
      value: this.graph.stored(steps[value]!),
      add: add === true,
      dtype: this.#regions[access.region]!.dtype,
    }));
    const folds = stage.folds.map(({ fold, value: step }, index) => {
      const value = this.graph.stored(steps[step]!);
      const dtype = value.type === 'f32' ? 'float32' : 'int32';
      const result = this.#from(
        { kind: 'fold', stage: number, index, value },
        dtype,
        `fold ${number} ${index}`,
      );
      return { fold, value, result };
    });
    steps.push(...folds.map(({ result }) => result));
    return { over: stage.over, stores, folds };
  }

  #step(step: Step, steps: readonly Scalar[], stage: number): Scalar {
    const s = this.graph;
    switch (step.kind) {
      case 'read': {
        const place = this.#place(step.access, steps);
        const pinned = this.#isWritten(step.access.region);
        const key = `read ${place.region} ${place.offset} ${place.strides.join()} ${place.lookup && this.graph.id(place.lookup)} ${pinned ? stage : ''}`;
        const read = this.#from(
          { kind: 'read', place, pinned, stage },
          this.#regions[step.access.region]!.dtype,
          key,
        );
        return step.dtype === 'bool' ? s.truth(read) : read;
      }
      case 'constant':
        if (step.dtype === 'bool') return s.truth(s.i32(step.value));
        return step.dtype === 'float32' ? s.f32(step.value) : s.i32(step.value);
      case 'index': {
        const { strides, offset } = step;
        const index = this.#from(
          { kind: 'index', strides, offset },
          'int32',
          `index ${offset} ${strides.join()}`,
        );
        return step.dtype === 'float32' ? s.toFloat(index) : index;
      }
      case 'dimension': {
        const size =
          typeof step.size === 'number'
            ? s.i32(step.size)
            : this.#from({ kind: 'dimension', size: step.size }, 'int32', `size ${step.size}`);
        return step.dtype === 'float32' ? s.toFloat(size) : size;
      }
      case 'accumulator':
        this.#accumulator = this.#from({ kind: 'accumulator' }, step.dtype, 'accumulator');
        return this.#accumulator;
      case 'earlier':
        return this.#steps[step.stage]![step.index]!;
      case 'op': {
        const value = scalarLowering(step.card)(
          s,
          step.args.map((arg) => steps[arg]!),
          step.attributes,
        );
        return step.dtype === 'bool' ? s.truth(value) : s.stored(value);
      }
    }
  }

  #place({ region, strides, offset, lookups }: Access, steps: readonly Scalar[]): Place {
    const s = this.graph;
    const terms = (lookups ?? []).map(({ value, stride, limit }) => {
      const last = s.sub(this.#size(limit), 1);
      return s.mul(s.max(s.min(s.stored(steps[value]!), last), 0), this.#size(times(stride, 4)));
    });
    return {
      region,
      strides,
      offset,
      lookup: terms.length > 0 ? terms.reduce((a, b) => s.add(a, b)) : undefined,
    };
  }

  #size(size: Dim): Scalar {
    return typeof size === 'number'
      ? this.graph.i32(size)
      : this.#from({ kind: 'dimension', size }, 'int32', `size ${size}`);
  }

  #from(source: Source, dtype: DType, key: string): Scalar {
    let number = this.#keys.get(key);
    if (number === undefined) {
      number = this.#sources.push(source) - 1;
      this.#keys.set(key, number);
    }
    return this.graph.source(dtype === 'float32' ? 'f32' : 'i32', number);
  }

  /** Whether the kernel writes bytes of the region: what it reads there may change under way. */
  #isWritten(region: number): boolean {
    const { offset, bytes } = this.#regions[region]!;
    return this.#written.some(
      (other) => offset < other.offset + other.bytes && other.offset < offset + bytes,
    );
  }
}
