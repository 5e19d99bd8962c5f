/** A TypeScript file as an ES module in JavaScript; a map inside it leads every place back to the TypeScript. */
import { ts } from 'ts-morph';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { SRC101 } from '../../diagnostics/source.ts';
import { spanBetween } from './place.ts';

interface JavaScript {
  readonly text: string;
  /** What is not well-formed. Types are not checked. */
  readonly diagnostics: readonly Diagnostic[];
}

export function toJavaScript(fileName: string, source: string): JavaScript {
  const { outputText: text, diagnostics = [] } = ts.transpileModule(source, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      inlineSourceMap: true,
      inlineSources: true,
    },
  });
  return {
    text,
    diagnostics: diagnostics.flatMap(({ file, start, length = 0, messageText, code }) => {
      if (!file || start === undefined) return [];
      const span = spanBetween(file, start, start + Math.max(1, length));
      const message = ts.flattenDiagnosticMessageText(messageText, ' ').replace(/\.$/, '');
      return [SRC101({ message, span, label: `TS${code}` })];
    }),
  };
}
