/** What a program last gave at a port; the array is the engine's own, and is written again by each step. */
import type { Numbers, Runnable } from '../engines/engine.ts';

export function outputOf({ outputs }: Runnable, port: string): Numbers {
  const values = outputs[port];
  if (!values) throw new Error(`internal: the program gives no ${port}`);
  return values;
}
