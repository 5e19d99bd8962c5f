/** Which engine runs a pipeline: one of ours by name, or any that keeps the contract. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import { valueText } from '../data/value-text.ts';
import { byLength } from './by-length.ts';
import type { Engine } from './engine.ts';
import { checkThreads } from './wasm/check-threads.ts';

/** Our engines, each loaded when it is first asked for. */
const engines = {
  wasm: async () => (await import('./wasm/index.ts')).wasm,
  tensorflow: async () => (await import('./tensorflow/index.ts')).tensorflow,
  reference: async () => (await import('./reference/index.ts')).reference,
} satisfies Readonly<Record<string, () => Promise<Engine>>>;

export type EngineName = keyof typeof engines;

export type EngineChoice = EngineName | Engine;

/** An engine that is opened when it is needed. */
export interface ChosenEngine {
  readonly name: string;
  readonly open: () => Promise<Engine>;
  /** Whether it is one of ours by its name: another thread, which is told the name, gets the same bits from it. */
  readonly isNamed: boolean;
}

/** Refuses at once what is no engine, before anything is loaded; and threads for an engine that has none to give. */
export function chooseEngine(choice: EngineChoice = 'wasm', threads?: number | 'auto'): ChosenEngine {
  if (threads !== undefined) {
    checkThreads(threads);
    if (choice === 'wasm') return { name: choice, open: () => wasmOn(threads), isNamed: true };
    refuseThreads(choice);
  }
  if (typeof choice === 'object' && typeof choice?.load === 'function') {
    return { name: choice.name, open: async () => byLength(choice), isNamed: false };
  }
  if (typeof choice === 'string' && Object.hasOwn(engines, choice)) {
    return { name: choice, open: engines[choice], isNamed: true };
  }
  return refuse(
    RUN801({
      message: 'there is no such engine',
      span: siteSpan(),
      expected: `${Object.keys(engines).join(', ')}, or an engine such as wasmEngine()`,
      received: valueText(choice),
    }),
  );
}

const wasmOn = async (threads: number | 'auto'): Promise<Engine> =>
  (await import('./wasm/index.ts')).wasmEngine({ threads });

function refuseThreads(choice: EngineChoice): never {
  refuse(
    RUN801({
      message: 'threads can be chosen for the wasm engine only',
      span: siteSpan(),
      expected: "engine: 'wasm'",
      received: valueText(choice),
      hint: 'an engine of your own takes them when it is made: wasmEngine({ threads: 2 })',
    }),
  );
}
