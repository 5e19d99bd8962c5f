/** Which engine runs a pipeline: one of ours by name, or any that keeps the contract. */
import { refuse } from '../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../compiler/diagnostics/run.ts';
import { nowhere } from '../compiler/ir/span.ts';
import type { Engine } from './engines/engine.ts';
import { valueText } from './stream/value-text.ts';

/** Our engines, each loaded when it is first asked for. */
const engines = {
  wasm: async () => (await import('./engines/wasm/index.ts')).wasm,
  tensorflow: async () => (await import('./engines/tensorflow/index.ts')).tensorflow,
  reference: async () => (await import('./engines/reference/index.ts')).reference,
} satisfies Readonly<Record<string, () => Promise<Engine>>>;

export type EngineName = keyof typeof engines;

export type EngineChoice = EngineName | Engine;

/** Refuses at once what is no engine, before anything is loaded. */
export function chooseEngine(choice: EngineChoice = 'wasm'): { name: string; open: () => Promise<Engine> } {
  if (typeof choice === 'object' && typeof choice?.load === 'function') {
    return { name: choice.name, open: async () => choice };
  }
  if (typeof choice === 'string' && Object.hasOwn(engines, choice)) {
    return { name: choice, open: engines[choice] };
  }
  return refuse(
    RUN801({
      message: 'there is no such engine',
      span: nowhere,
      expected: `${Object.keys(engines).join(', ')}, or an engine`,
      received: valueText(choice),
    }),
  );
}
