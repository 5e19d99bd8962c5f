/** What a server may be told, with its defaults: where it listens, how it gathers rows, how much it takes. */
import type { OptionRule, OptionRules } from '../run/check-options.ts';
import { checkOptions, rule } from '../run/check-options.ts';

export interface BatchOptions {
  /** How many rows are answered together at most. Default: 256. */
  readonly size?: number | undefined;
  /**
   * How long a row may wait for others, in milliseconds. Default 0: those that have come in one turn of the event loop are
   * answered together, and none waits.
   */
  readonly within?: number | undefined;
}

export interface LimitOptions {
  /** Bytes of a request's body; more are answered with 413. Default 8 Mi. */
  readonly bodyBytes?: number | undefined;
  /** Rows of a request; more are answered with 413. Default 10,000. */
  readonly rows?: number | undefined;
  /** Rows that wait to be answered; where there is no room for a request, it is answered with 503. Default 20,000. */
  readonly queue?: number | undefined;
  /** Open connections; more are closed at once. Default 1,000. */
  readonly connections?: number | undefined;
  /** Milliseconds in which a request must be there with all its body. Default 30,000. */
  readonly requestTime?: number | undefined;
  /** Milliseconds in which what was asked is answered once the server is closing; then connections are cut. Default 10,000. */
  readonly closingTime?: number | undefined;
}

/** Hears lines for whoever runs the server: what is new, and what is wrong. */
export type Log = (line: string, kind: 'news' | 'problem') => void;

export interface ServerOptions {
  /** 0, the default, takes any that is free: the handle's `address` says which. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`: this machine alone. `0.0.0.0` is all the network; there is no password. */
  readonly host?: string | undefined;
  readonly batch?: BatchOptions | undefined;
  readonly limits?: LimitOptions | undefined;
}

/** All of it, as plain data that may go to another thread. */
export interface ServerSettings {
  readonly port: number;
  readonly host: string;
  readonly batch: Readonly<Record<keyof BatchOptions, number>>;
  readonly limits: Readonly<Record<keyof LimitOptions, number>>;
}

/** The rules of these options, for whoever has more. */
export const serverRules: OptionRules<ServerOptions> = {
  port: {
    expected: 'a port from 0 to 65535',
    fits: (port) => rule.count('').fits(port) && Number(port) <= 65_535,
  },
  host: rule.text,
  batch: rule.object,
  limits: rule.object,
};

const milliseconds: OptionRule = {
  expected: 'milliseconds, 0 or more',
  fits: (value) => typeof value === 'number' && value >= 0 && value <= 2 ** 31 - 1,
};

const batchRules: OptionRules<BatchOptions> = { size: rule.positive('of rows'), within: milliseconds };

const limitRules: OptionRules<LimitOptions> = {
  bodyBytes: rule.positive('of bytes'),
  rows: rule.positive('of rows'),
  queue: rule.positive('of rows'),
  connections: rule.positive('of connections'),
  requestTime: rule.positive('of milliseconds'),
  closingTime: milliseconds,
};

/** RUN801 where something is not what it must be. */
export function serverSettings({
  port = 0,
  host = '127.0.0.1',
  batch = {},
  limits = {},
}: ServerOptions): ServerSettings {
  checkOptions('batch', batch, batchRules);
  checkOptions('limits', limits, limitRules);
  return {
    port,
    host,
    batch: { size: batch.size ?? 256, within: batch.within ?? 0 },
    limits: {
      bodyBytes: limits.bodyBytes ?? 8 * 2 ** 20,
      rows: limits.rows ?? 10_000,
      queue: limits.queue ?? 20_000,
      connections: limits.connections ?? 1000,
      requestTime: limits.requestTime ?? 30_000,
      closingTime: limits.closingTime ?? 10_000,
    },
  };
}
