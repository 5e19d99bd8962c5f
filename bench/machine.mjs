/** What the numbers were taken on, and what else it was doing. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export function machine() {
  return {
    processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    v8: process.versions.v8,
    date: new Date().toISOString().slice(0, 10),
    load: loadavg(),
  };
}
