/** Loads the client of a broker or the reader of a format: packages that users install who need them. */
import { refuseBecause } from '../../compiler/diagnostics/because.ts';
import { DAT731 } from '../../compiler/diagnostics/data.ts';
import { nowhere } from '../../compiler/ir/span.ts';

/** The exports of a package, as far as `T` says; refused with DAT731 where it is not installed. */
export async function peer<T>(name: string, user: string): Promise<T> {
  try {
    const found: Partial<T> & { readonly default?: T } = await import(name);
    // CommonJS, seen from an ES module.
    return { ...found.default, ...found } as T;
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    return refuseBecause(
      DAT731({
        message: `${user} needs the package ${name}`,
        span: nowhere,
        expected: `${name} among the program's packages`,
        received: 'no such package',
        hint: `npm install ${name}`,
      }),
      error,
    );
  }
}

/** Node says it by a code; bundlers put a module in its place that says it in words. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !error.message.includes(name)) return false;
  if (/^(Could not resolve|Cannot find) /.test(error.message)) return true;
  return 'code' in error && (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND');
}
