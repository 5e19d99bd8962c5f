/** What every maker that checks its options promises: it refuses one that does not exist. */
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import type { Taken } from '../compiler/op/arguments.ts';
import type { LawTest } from './law-test.ts';
import { holds } from './law-test.ts';

interface Maker {
  readonly name: string;
  readonly takes: Taken;
  readonly make: (args: readonly unknown[]) => unknown;
}

/** The law of options for one example's arguments; none where options are not checked. */
export function lawsOfOptions({ name, takes, make }: Maker, args: readonly unknown[]): LawTest[] {
  const { arguments: places, options } = takes;
  if (!options) return [];
  const positional = places.map((_, i) => args[i]);
  const given: unknown = args[places.length] ?? {};
  return [
    {
      name: 'refuses an option that does not exist',
      run: () => {
        const codes = codesOf(() => make([...positional, { ...(given as object), noSuchOption: 1 }]));
        holds(codes.includes('ARG103'), () => `${name} takes noSuchOption: 1, or refuses it with ${codes}`);
      },
    },
  ];
}

function codesOf(attempt: () => unknown): readonly string[] {
  try {
    attempt();
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
}
