/** Finds where threads must wait for each other: before a kernel that touches what another thread has in hand. */
import type { Kernel, Region, Stage } from '../../../5-plan/plan.ts';

/** A kernel, and whether threads divide it; if not, the first thread runs it alone. */
export interface Scheduled {
  readonly kernel: Kernel;
  readonly isShared: boolean;
}

interface Touch {
  readonly region: Region;
  readonly writes: boolean;
  readonly isShared: boolean;
}

/** For each kernel, whether all threads meet before it. */
export function barriersOf(kernels: readonly Scheduled[], regions: readonly Region[]): boolean[] {
  let open: Touch[] = [];
  return kernels.map(({ kernel, isShared }) => {
    const touch = (writes: boolean) => (region: number) => ({ region: regions[region]!, writes, isShared });
    const touches: Touch[] = [
      ...[...new Set(readBy(kernel))].map(touch(false)),
      ...[...new Set(storedBy(kernel))].map(touch(true)),
    ];
    const meets = touches.some((touch) => open.some((other) => isConflict(touch, other)));
    open = meets ? touches : [...open, ...touches];
    return meets;
  });
}

/** What one thread does alone stays in order by itself. */
function isConflict(a: Touch, b: Touch): boolean {
  const mayRace = (a.writes || b.writes) && (a.isShared || b.isShared);
  return (
    mayRace &&
    a.region.offset < b.region.offset + b.region.bytes &&
    b.region.offset < a.region.offset + a.region.bytes
  );
}

function readBy(kernel: Kernel): number[] {
  const operands = kernel.kind === 'contract' ? [kernel.left.region, kernel.right.region] : [];
  const steps = stagesOf(kernel).flatMap(({ body }) => body);
  return [...operands, ...steps.flatMap((step) => (step.kind === 'read' ? [step.access.region] : []))];
}

function storedBy(kernel: Kernel): number[] {
  return stagesOf(kernel).flatMap(({ stores }) => stores.map(({ access }) => access.region));
}

function stagesOf(kernel: Kernel): readonly Pick<Stage, 'body' | 'stores'>[] {
  return kernel.kind === 'loop' ? kernel.stages : [kernel];
}
