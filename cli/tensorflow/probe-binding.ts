/** Tries a native binding in a process of its own, which may fall over it. */
import type { Ran } from './run-tool.ts';
import { lastLines, runTool } from './run-tool.ts';

export type Probed =
  | { readonly works: true; readonly version: string }
  | { readonly works: false; readonly why: string };

const program = "'TensorFlow ' + require(process.argv[1]).TF_Version";

export async function probeBinding(file: string): Promise<Probed> {
  const ran: Ran = await runTool(process.execPath, ['-p', program, file], {
    minutes: 2,
    environment: { TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: '' },
  });
  const version = /TensorFlow (\S+)/.exec(ran.said)?.[1];
  if (ran.status === 0 && version !== undefined) return { works: true, version };
  return { works: false, why: lastLines(ran, 2) };
}
