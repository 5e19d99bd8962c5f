/** The global names of Node that programs use, for users who have not installed its types. */

export const ambientFile = 'millrace-globals.d.ts';

export const ambientText = `
interface ImportMeta { url: string; filename: string; dirname: string; main?: boolean }
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  readonly href: string; readonly pathname: string; readonly search: string; readonly hash: string;
  readonly host: string; readonly hostname: string; readonly port: string; readonly protocol: string; readonly origin: string;
  toString(): string; toJSON(): string;
}
declare const console: { log(...data: unknown[]): void; error(...data: unknown[]): void; warn(...data: unknown[]): void; info(...data: unknown[]): void; table(data: unknown): void };
declare const process: any;
declare const performance: { now(): number };
declare function setTimeout(callback: (...args: any[]) => void, delay?: number): any;
declare function setInterval(callback: (...args: any[]) => void, delay?: number): any;
declare function setImmediate(callback: (...args: any[]) => void): any;
declare function clearTimeout(timer: any): void;
declare function clearInterval(timer: any): void;
declare function fetch(input: string | URL, init?: any): Promise<any>;
declare function structuredClone<T>(value: T): T;
declare class AbortController { readonly signal: AbortSignal; abort(reason?: unknown): void }
declare interface AbortSignal { readonly aborted: boolean }
declare module 'node:*';
`;
