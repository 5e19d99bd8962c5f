/** What every kernel keeps: steps use earlier ones, and no address leaves its region for any index of the loops. */
import type { Dim } from '../../../dsl/tensor.ts';
import { product, valueOf } from '../../ir/dim.ts';
import type {
  Access,
  ContractKernel,
  Kernel,
  LoopKernel,
  Operand,
  Region,
  Stage,
  Step,
  Store,
} from '../plan.ts';

/** The rules that the kernel breaks in a run of so many rows. */
export function kernelProblems(kernel: Kernel, regions: readonly Region[], rows: number): string[] {
  const check = new KernelCheck(kernel.name, regions, rows);
  if (kernel.kind === 'loop') check.loop(kernel);
  else check.contract(kernel);
  return check.problems;
}

class KernelCheck {
  readonly problems: string[] = [];
  private readonly name: string;
  private readonly regions: readonly Region[];
  private readonly rows: number;

  constructor(name: string, regions: readonly Region[], rows: number) {
    this.name = name;
    this.regions = regions;
    this.rows = rows;
  }

  loop({ outer, inner, stages }: LoopKernel): void {
    const loops = this.sizes([...outer, ...inner]);
    const before: Stage[] = [];
    for (const stage of stages) {
      // A stage outside of the inner loops moves along the outer ones only.
      const walked = stage.over === 'inner' ? loops : loops.map((size, i) => (i < outer.length ? size : 1));
      this.body(stage, walked, before);
      for (const { value } of stage.folds) this.refer(value, stage.body.length, 'folds');
      before.push(stage);
    }
  }

  contract({ batch, rows, columns, depth, left, right, body, stores }: ContractKernel): void {
    const sizes = this.sizes([...batch, rows, columns, depth]);
    const [over, width, height] = [sizes.at(-1)!, sizes.at(-2)!, sizes.at(-3)!];
    const around = sizes.slice(0, batch.length);
    this.operand(left, [...around, height, over]);
    this.operand(right, [...around, width, over]);
    this.body({ body, stores }, sizes.slice(0, -1), []);
  }

  private operand({ region, offset, batch, free, depth }: Operand, loops: readonly number[]): void {
    this.address({ region, offset, strides: [...batch, free, depth] }, loops);
  }

  private body(
    { body, stores }: { readonly body: readonly Step[]; readonly stores: readonly Store[] },
    loops: readonly number[],
    before: readonly Stage[],
  ): void {
    body.forEach((step, i) => {
      if (step.kind === 'read') this.access(step.access, loops, body, i);
      if (step.kind === 'op') for (const arg of step.args) this.refer(arg, i, step.card.name);
      if (step.kind === 'index' && step.strides.length !== loops.length)
        this.report('counts over other loops');
      if (step.kind !== 'earlier') return;
      const stage = before[step.stage];
      const seen = stage && stage.body.length + stage.folds.length;
      if (seen === undefined) this.report(`looks at stage ${step.stage}, which is not before`);
      else this.refer(step.index, seen, 'a later stage');
    });
    for (const { access, value } of stores) {
      this.refer(value, body.length, 'a store');
      this.access(access, loops, body, body.length);
    }
  }

  private access(access: Access, loops: readonly number[], body: readonly Step[], at: number): void {
    for (const { value } of access.lookups ?? []) {
      this.refer(value, at, 'a lookup');
      if (body[value]?.dtype !== 'int32') this.report('looks up by what is no int32');
    }
    this.address(access, loops, body);
  }

  /** The least and the greatest element that an address comes to. Nothing is reached where a loop does not run. */
  private address(
    { region, offset, strides, lookups = [] }: Access,
    loops: readonly number[],
    body: readonly Step[] = [],
  ): void {
    const { name, shape } = this.regions[region]!;
    if (strides.length !== loops.length) this.report(`walks ${name} by ${strides.length} strides`);
    if (strides.length !== loops.length || loops.includes(0)) return;
    const walks = strides.map((stride, i) => [0, (loops[i]! - 1) * this.size(stride)]);
    for (const { value, stride, limit } of lookups) {
      const last = this.size(limit) - 1;
      const step = body[value];
      // A number that is looked up is known; any other may be anything.
      const places = step?.kind === 'constant' ? [Math.min(Math.max(step.value, 0), last)] : [0, last];
      walks.push(places.map((place) => place * this.size(stride)));
    }
    const least = walks.reduce((sum, walk) => sum + Math.min(...walk), offset);
    const most = walks.reduce((sum, walk) => sum + Math.max(...walk), offset);
    const elements = this.size(product(shape));
    if (least < 0 || most >= elements)
      this.report(`reaches elements ${least} to ${most} of ${name}, which has ${elements}`);
  }

  private refer(value: number, to: number, by: string): void {
    if (value < 0 || value >= to) this.report(`${by} refers to step ${value} of ${to}`);
  }

  private report(problem: string): void {
    this.problems.push(`${this.name}: ${problem}, with ${this.rows} rows`);
  }

  private size(dim: Dim): number {
    return valueOf(dim, { B: this.rows });
  }

  private sizes(dims: readonly Dim[]): number[] {
    return dims.map((dim) => this.size(dim));
  }
}
