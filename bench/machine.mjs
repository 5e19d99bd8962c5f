/** What the numbers were taken on, and what else it was doing. */
import { availableParallelism, cpus, loadavg } from 'node:os';

export function machine() {
  return {
    processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: availableParallelism(),
    node: process.version,
    load: loadavg(),
  };
}
