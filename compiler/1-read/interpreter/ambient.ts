/** The global names that programs use, declared here for when the types of Node are not there or not worth their time. */

export const ambientFile = 'millrace-globals.d.ts';

/** What nearly every pipeline uses of its host, and no more. */
export const commonGlobals = `
interface ImportMeta { readonly url: string; readonly filename: string; readonly dirname: string }
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  readonly href: string; readonly pathname: string; readonly protocol: string;
  toString(): string; toJSON(): string;
}
declare const console: Record<'log' | 'error' | 'warn' | 'info', (...data: unknown[]) => void>;
`;

/** What else programs use, loosely, for users who have not installed the types of Node. */
export const looseGlobals = `
interface ImportMeta { readonly main?: boolean }
interface AbortSignal { readonly aborted: boolean }
declare class AbortController { readonly signal: AbortSignal; abort(reason?: unknown): void }
declare const process: any;
declare const Buffer: any;
declare const performance: { now(): number };
declare const crypto: any;
declare function setTimeout(callback: (...args: any[]) => void, delay?: number): any;
declare function setInterval(callback: (...args: any[]) => void, delay?: number): any;
declare function setImmediate(callback: (...args: any[]) => void): any;
declare function clearTimeout(timer: any): void;
declare function clearInterval(timer: any): void;
declare function fetch(input: string | URL, init?: any): Promise<any>;
declare function structuredClone<T>(value: T): T;
declare module 'node:*';
`;
