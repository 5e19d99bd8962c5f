/** A pipeline with data that exist only when the program runs: its module is loaded for them, and for nothing else. */
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError, refuse } from '../compiler/diagnostics/diagnostic.ts';
import { SRC122 } from '../compiler/diagnostics/source.ts';
import { home } from '../compiler/ir/home.ts';
import type { Span } from '../compiler/ir/span.ts';
import { hostReferenceIn } from '../dsl/host-reference.ts';
import { Pipeline } from '../dsl/pipeline.ts';
import type { Stage } from '../dsl/stage.ts';
import type { Chosen } from './open-file.ts';

/** The pipeline with its data, ready to run. */
export async function withData(chosen: Chosen): Promise<Pipeline> {
  const { pipeline, name, file } = chosen;
  if (!(pipeline instanceof Pipeline)) throw new Error('internal: a file exported a pipeline that is none');
  const { data, validation }: Pipeline['definition'] = pipeline.definition;
  if (!needsHost(data.rows.stage) && !(validation && needsHost(validation.rows.stage))) return pipeline;
  const native = await loadNatively(file.file, file.sources, pipeline.span);
  const value = native[name];
  if (!(value instanceof Pipeline)) {
    refuse(
      SRC122({
        message: `${name} is not a pipeline when the file is loaded for its data`,
        span: pipeline.span,
        hint: 'its data must not depend on a run that the same file starts with millrace/runtime',
      }),
    );
  }
  const { data: rows, validation: held } = value.definition;
  const definition: Pipeline['definition'] = {
    ...pipeline.definition,
    data: rows,
    ...(held && { validation: held }),
  };
  return new Pipeline(definition, pipeline.language, pipeline.span);
}

/** Whether a dataset holds values of the run, or functions that the run calls: those of the reading only stand for them. */
function needsHost({ args, card, parents }: Stage): boolean {
  const isOfTheRun = (value: unknown): boolean =>
    hostReferenceIn(value) !== undefined || typeof value === 'function' || isValidating(value);
  // A stage of the user's own is made of such functions.
  return card !== undefined || Object.values(args).some(isOfTheRun) || parents.some(needsHost);
}

/** Options of rows with a validator, which is a function of the run whoever wrote it. */
function isValidating(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'validate' in value && value.validate !== undefined;
}

async function loadNatively(
  file: string,
  sources: ReadonlyMap<string, string>,
  span: Span,
): Promise<Readonly<Record<string, unknown>>> {
  const { transpileForData } = await import('../compiler/1-read/interpreter/transpile.ts');
  const texts = Object.fromEntries(
    [...sources].map(([path, text]) => [
      pathToFileURL(path).href,
      transpileForData(path, text, 'millrace/runtime'),
    ]),
  );
  const at = (path: string): string => new URL(path, home).href;
  const library = {
    millrace: at('stdlib/index.js'),
    'millrace/op': at('stdlib/op.js'),
    'millrace/laws': at('laws/index.js'),
    'millrace/runtime': at('runtime/index.js'),
    'millrace/sources': at('runtime/sources/index.js'),
    'millrace/session': at('runtime/faces/session/index.js'),
    'millrace/compiler': at('compiler/index.js'),
  };
  register(at('cli/module-hooks.js'), { data: { texts, library } });
  // Places in errors of the user's code are those of the TypeScript.
  process.setSourceMapsEnabled(true);
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw new DiagnosticError([failed(error, span)]);
  }
}

function failed(error: unknown, span: Span): Diagnostic {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return SRC122({
    message: 'the file fails while it is loaded for its data',
    span,
    received: text.split('\n').slice(0, 4).join('\n'),
    hint: 'its top level runs as it would under node, but for statements that use millrace/runtime',
  });
}
