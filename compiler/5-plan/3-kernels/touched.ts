/** Which memory a kernel touches. */
import type { Kernel } from '../plan.ts';

/** The regions that a kernel reads or writes. */
export function regionsOf(kernel: Kernel): number[] {
  const stages = kernel.kind === 'loop' ? kernel.stages : [kernel];
  const operands = kernel.kind === 'contract' ? [kernel.left.region, kernel.right.region] : [];
  return [
    ...operands,
    ...stages.flatMap(({ body, stores }) => [
      ...body.flatMap((step) => (step.kind === 'read' ? [step.access.region] : [])),
      ...stores.map(({ access }) => access.region),
    ]),
  ];
}
