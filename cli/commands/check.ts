/** `millrace check FILE… [--data] [--json]` */

import { dataReport, dataReportText } from '../../compiler/analyse/data-report.ts';
import { check as checkFile } from '../../compiler/check-file.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { fileName } from '../../compiler/diagnostics/files.ts';
import type { AnyPipeline } from '../../dsl/pipeline.ts';
import { Pipeline } from '../../dsl/pipeline.ts';
import type { Command } from '../command.ts';
import { print } from '../output.ts';
import { report, reportJson } from '../report.ts';

export const check: Command['run'] = async ({ files, flags }) => {
  const diagnostics = new Map<string, Diagnostic>();
  const sources = new Map<string, string>();
  const sound: string[] = [];
  const data: string[] = [];
  const crashes: unknown[] = [];
  for (const path of files) {
    const checked = await checkFile(path).catch((error: unknown) => {
      crashes.push(error);
      return undefined;
    });
    if (!checked) continue;
    // Files may share modules; what is wrong there is told once.
    for (const diagnostic of checked.diagnostics) diagnostics.set(JSON.stringify(diagnostic), diagnostic);
    for (const [file, text] of checked.sources) sources.set(file, text);
    if (checked.diagnostics.some(({ severity }) => severity === 'error')) continue;
    const names = [...checked.pipelines.keys()];
    if (flags.data === true) data.push(...dataOf(checked.pipelines));
    sound.push(`${fileName(checked.file)}: ${names.length === 0 ? 'no pipeline' : names.join(', ')}`);
  }
  const all = [...diagnostics.values()];
  if (flags.json) {
    reportJson(all);
  } else {
    report(all, sources, true);
    for (const line of [...sound.map((each) => `✓ ${each}`), ...data]) print(line);
  }
  // What breaks Millrace itself is told after all that is known of the other files.
  if (crashes.length > 0) throw crashes[0];
  return all.some(({ severity }) => severity === 'error') ? 1 : 0;
};

/** What can be said of the data of pipelines before they are read. */
function dataOf(pipelines: ReadonlyMap<string, { readonly value: AnyPipeline }>): string[] {
  return [...pipelines].flatMap(([name, { value }]) => {
    if (!(value instanceof Pipeline)) return [];
    const { data, validation }: Pipeline['definition'] = value.definition;
    const parts = Object.entries({ data, ...(validation && { validation }) });
    return parts.map(([part, batches]) => `\n${name}, ${part}\n${dataReportText(dataReport(batches))}`);
  });
}
