/** What a server counts, as Prometheus reads it. */
import type { Served } from './served.ts';

/** Upper bounds, in seconds. */
const latencyBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** In rows. */
const batchBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

class Histogram {
  private readonly bounds: readonly number[];
  private readonly counts: number[];
  private sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > (this.bounds[at] ?? 0)) at++;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += value;
  }

  lines(name: string): readonly string[] {
    let total = 0;
    const buckets = this.counts.map((count, at) => {
      total += count;
      return `${name}_bucket{le="${this.bounds[at] ?? '+Inf'}"} ${total}`;
    });
    return [...buckets, `${name}_sum ${this.sum}`, `${name}_count ${total}`];
  }
}

export class Metrics {
  /** By path and status. */
  private readonly requests = new Map<string, number>();
  private readonly rejections = new Map<string, number>();
  private readonly latencies = new Histogram(latencyBounds);
  private readonly batches = new Histogram(batchBounds);
  private rows = 0;

  /** A request was answered. `route` is one of few, so that nobody can fill the memory with paths. */
  answered(route: string, status: number, milliseconds: number): void {
    const key = `path="${route}",status="${status}"`;
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
    this.latencies.add(milliseconds / 1000);
  }

  /** Rows were answered by one run. */
  batched(rows: number): void {
    this.rows += rows;
    this.batches.add(rows);
  }

  rejected(code: string): void {
    this.rejections.set(code, (this.rejections.get(code) ?? 0) + 1);
  }

  /** The text that `GET /metrics` gives. */
  text({ current, failures }: Served, queue: number): string {
    const labelled = (
      counts: ReadonlyMap<string, number>,
      name: string,
      label = (key: string) => key,
    ): string[] => [...counts].map(([key, count]) => `${name}{${label(key)}} ${count}`);
    const families: readonly (readonly [
      name: string,
      type: string,
      help: string,
      lines: readonly string[],
    ])[] = [
      [
        'millrace_requests_total',
        'counter',
        'Requests that were answered.',
        labelled(this.requests, 'millrace_requests_total'),
      ],
      ['millrace_rows_total', 'counter', 'Rows that were answered.', [`millrace_rows_total ${this.rows}`]],
      [
        'millrace_request_duration_seconds',
        'histogram',
        'From the head of a request to the end of its answer.',
        this.latencies.lines('millrace_request_duration_seconds'),
      ],
      [
        'millrace_batch_rows',
        'histogram',
        'Rows that were answered by one run of the program.',
        this.batches.lines('millrace_batch_rows'),
      ],
      ['millrace_queue_rows', 'gauge', 'Rows that wait to be answered.', [`millrace_queue_rows ${queue}`]],
      [
        'millrace_rejected_total',
        'counter',
        'Requests that were refused, by code.',
        labelled(this.rejections, 'millrace_rejected_total', (code) => `code="${code}"`),
      ],
      [
        'millrace_ready',
        'gauge',
        'Whether there is a version to answer by.',
        [`millrace_ready ${current ? 1 : 0}`],
      ],
      [
        'millrace_version',
        'gauge',
        'The version that answers.',
        current ? [`millrace_version ${current.version}`] : [],
      ],
      [
        'millrace_step',
        'gauge',
        'The step of training after which it was published.',
        current ? [`millrace_step ${current.step}`] : [],
      ],
      [
        'millrace_reload_failures_total',
        'counter',
        'New versions that were damaged and not taken.',
        [`millrace_reload_failures_total ${failures}`],
      ],
    ];
    return families
      .flatMap(([name, type, help, lines]) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines])
      .concat('')
      .join('\n');
  }
}
