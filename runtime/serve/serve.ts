/** Serves predictions over HTTP: of a run while it learns, of a model, or of the newest model in a folder. */
import { saying } from '../../compiler/diagnostics/because.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN801, RUN815 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import type { Span } from '../../compiler/ir/span.ts';
import type { Handed } from '../../compiler/op/user-vocabulary.ts';
import type { EngineChoice } from '../engines/choose.ts';
import { Model, pipelineOf } from '../model/model.ts';
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import type { Run } from '../run/run.ts';
import { pathOf } from '../store/model/save.ts';
import { HttpServer } from './http-server.ts';
import type { Listening } from './listening.ts';
import { ListenFailure } from './listening.ts';
import type { Served } from './served.ts';
import type { Opened } from './serving.ts';
import { Serving } from './serving.ts';
import type { Log, ServerOptions, ServerSettings } from './settings.ts';
import { serverRules, serverSettings } from './settings.ts';
import { canBeHandedOver, startServerThread } from './thread/server-thread.ts';
import { WatchedFolder } from './watched-folder.ts';

/** Exactly one of `run`, `model` and `directory` is given. */
export interface ServeOptions extends ServerOptions {
  /** A run with the hook `publish`: each version that it publishes answers from then on. */
  readonly run?: Pick<Run, 'serving' | 'finished'> | undefined;
  /** A model in memory. It stays the caller's, who disposes of it after the server is closed. */
  readonly model?: Model | undefined;
  /** A folder that `model.save` or the hook `checkpoint` writes: it is watched, and what is new and whole is taken. */
  readonly directory?: string | URL | undefined;
  /**
   * Whether a run is served in a thread of its own, so that training and answering do not wait for each other. Default true;
   * where that cannot be (an engine other than `wasm` by its name, ops of the program's own, a bundle), this thread serves.
   */
  readonly thread?: boolean | undefined;
  /** Of a folder: by which engine it is answered. Default `wasm`. */
  readonly engine?: EngineChoice | undefined;
  /** Of a folder: as of `load`. */
  readonly vocabulary?: readonly Handed[] | undefined;
  /** Of a folder: how often to look, in milliseconds, besides when the system says that it has changed. Default 1000. */
  readonly poll?: number | undefined;
  /** Hears lines about new versions and damaged ones. Default: warnings of the process where something is wrong. */
  readonly log?: Log | undefined;
}

/** A server that listens. */
export interface Server {
  /** Such as `http://127.0.0.1:8080`. */
  readonly address: string;
  readonly port: number;
  /** Takes no more connections, answers what was asked, and ends; a run goes on. */
  close(): Promise<void>;
}

const rules: OptionRules<ServeOptions> = {
  ...serverRules,
  run: {
    expected: 'what train gives',
    fits: (run) => (run as Partial<Run> | null)?.serving instanceof Serving,
  },
  model: { expected: 'a model', fits: (model) => model instanceof Model },
  directory: {
    expected: 'the path of a folder',
    fits: (path) => (typeof path === 'string' && path !== '') || path instanceof URL,
  },
  thread: rule.flag,
  engine: rule.any,
  vocabulary: rule.any,
  poll: rule.positive('of milliseconds'),
  log: { expected: 'a function that takes a line', fits: (log) => typeof log === 'function' },
};

/**
 * Answers `POST /predict` and `POST /run/NAME` with JSON, and tells `/health`, `/ready`, `/metrics` and `/schema`. Rows that
 * come together are answered together, by one version, which every answer names. Resolves when it listens. RUN801 where an
 * option is not what it must be, RUN815 where the address cannot be had, RUN808 and RUN809 as of `load`.
 *
 * ```ts
 * const run = train(power, { hooks: [publish({ every: [100, 'steps'] })] });
 * const server = await serve({ run, port: 8080 });
 * // curl -d '{"hour": 3}' http://127.0.0.1:8080/predict → {"version":7,"step":700,"answers":[0.42]}
 * await server.close();
 * ```
 */
export async function serve(options: ServeOptions): Promise<Server> {
  checkOptions('serve', options, rules);
  const settings = serverSettings(options);
  const { run, model, directory, log = warn } = options;
  if ([run, model, directory].filter((source) => source !== undefined).length !== 1) refuseSources(options);
  const span = siteSpan();
  const listening = await listen(options, settings, log).catch((error: unknown) =>
    error instanceof ListenFailure ? refuseAddress(error, settings, span) : Promise.reject(error),
  );
  const { port } = listening;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  let closing: Promise<void> | undefined;
  return {
    address: `http://${host}:${port}`,
    port,
    close: () => {
      closing ??= listening.close();
      return closing;
    },
  };
}

async function listen(options: ServeOptions, settings: ServerSettings, log: Log): Promise<Listening> {
  const { run, model, directory, engine, vocabulary, poll = 1000, thread = true } = options;
  if (directory !== undefined) {
    return here(
      await WatchedFolder.open({ directory: pathOf(directory), engine, vocabulary, poll, log }),
      settings,
      log,
    );
  }
  if (model) return here(alone(model), settings, log);
  if (!run) throw new Error('internal: there is nothing to serve');
  const { serving } = run;
  run.finished.catch((error: unknown) => {
    const { version } = serving;
    if (version) log(`training failed, version ${version.version} goes on: ${saying(error)}`, 'problem');
  });
  // A run that fails before its pipeline is loaded has nothing to serve.
  const opened = await Promise.race([serving.opened, failureOf(run)]);
  if (thread && canBeHandedOver(serving, opened)) {
    try {
      return await startServerThread(serving, opened, settings, log);
    } catch (error) {
      if (error instanceof ListenFailure) throw error;
      log(`this thread serves, as another one could not be started: ${saying(error)}`, 'problem');
    }
  }
  return here(ofRun(serving), settings, log);
}

async function here(served: Served, settings: ServerSettings, log: Log): Promise<Listening> {
  const server = new HttpServer(served, settings, log);
  try {
    return { port: await server.listen(), close: () => server.close() };
  } catch (error) {
    served.close();
    throw new ListenFailure(saying(error));
  }
}

function ofRun(serving: Serving): Served {
  return {
    get current() {
      return serving.published;
    },
    failures: 0,
    close: () => {},
  };
}

function alone(model: Model): Served {
  const { session, contract } = pipelineOf(model);
  const step = session.read(contract.state.step)[0] ?? 0;
  return { current: { version: 1, step, model }, failures: 0, close: () => {} };
}

async function failureOf({ finished }: Pick<Run, 'finished'>): Promise<Opened> {
  await finished;
  throw new Error('internal: a run has finished that was never loaded');
}

const warn: Log = (line, kind) => {
  if (kind === 'problem') process.emitWarning(line);
};

function refuseSources({ run, model, directory }: ServeOptions): never {
  const given = Object.entries({ run, model, directory }).filter(([, source]) => source !== undefined);
  return refuse(
    RUN801({
      message: 'a server answers by one thing',
      span: siteSpan(),
      expected: 'one of run, model and directory',
      received: given.length === 0 ? 'none of them' : given.map(([name]) => name).join(' and '),
      hint: "serve({ directory: 'runs/power', port: 8080 })",
    }),
  );
}

function refuseAddress({ reason }: ListenFailure, { host, port }: ServerSettings, span: Span): never {
  return refuse(
    RUN815({
      message: `the server cannot listen: ${reason}`,
      span,
      expected: 'a port that nobody has, of an address of this machine',
      received: `${host}:${port}`,
      hint: 'choose another port; 0 is any that is free',
    }),
  );
}
