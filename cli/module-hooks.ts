/** Hooks of Node's module loader: the user's TypeScript files as the JavaScript that was made of them. */

interface HookData {
  /** JavaScript by the URL of the TypeScript file. */
  readonly texts: Readonly<Record<string, string>>;
  /** Where the modules of Millrace itself lie, by specifier. */
  readonly library: Readonly<Record<string, string>>;
}

interface Resolved {
  readonly url: string;
  readonly format?: string;
  readonly shortCircuit?: boolean;
}
interface Loaded {
  readonly format: string;
  readonly source?: string;
  readonly shortCircuit?: boolean;
}

let data: HookData = { texts: {}, library: {} };

export function initialize(given: HookData): void {
  data = given;
}

export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: (specifier: string, context: object) => Promise<Resolved>,
): Promise<Resolved> {
  const known = data.library[specifier] ?? ownFile(specifier, context.parentURL);
  return known === undefined ? next(specifier, context) : { url: known, shortCircuit: true };
}

export async function load(
  url: string,
  context: object,
  next: (url: string, context: object) => Promise<Loaded>,
): Promise<Loaded> {
  const source = data.texts[url];
  return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
}

/** A relative specifier as TypeScript reads it: with the file's own ending, as .js, or with none. */
function ownFile(specifier: string, parent: string | undefined): string | undefined {
  if (specifier in data.texts) return specifier;
  if (!/^\.{0,2}\//.test(specifier) || parent === undefined) return undefined;
  const { href } = new URL(specifier, parent);
  const stem = href.replace(/\.([cm]?)js$/, '');
  const candidates = [href, `${stem}.ts`, `${stem}.mts`, `${href}.ts`, `${href}/index.ts`];
  return candidates.find((candidate) => Object.hasOwn(data.texts, candidate));
}
