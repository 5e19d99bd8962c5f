/** Makes reading a place off a stack cheap here: of each call the runner of specs finds the source, though most are passed by. */
import { fileURLToPath } from 'node:url';

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}/`, import.meta.url));

/** Calls in Millrace and in the runner, of which no place is ever told. */
const passedBy = [
  ...['dsl', 'compiler', 'stdlib', 'runtime', 'laws', 'cli'].map(folder),
  ...['@vitest', 'vitest', 'vite'].map((name) => folder(`node_modules/${name}`)),
];

/** What `compiler/ir/site.ts` makes to see where it is called from. A stack may be asked for anything, with a message or without. */
const isForItsStack = ({ message }: Partial<Error>): boolean =>
  message?.startsWith?.('internal: never thrown') === true;

const isPassedBy = (call: NodeJS.CallSite): boolean => {
  const place = call.getFileName()?.replace(/^file:\/\//, '') ?? '';
  return place.startsWith('node:') || passedBy.some((each) => place.startsWith(each));
};

/** Once in a worker, which spec files share. */
export function mapFewerCalls(): void {
  const { prepareStackTrace: map } = Error;
  if (!map || map.name === 'mapFew') return;
  Error.prepareStackTrace = function mapFew(error, calls) {
    return map(error, isForItsStack(error) ? calls.filter((call) => !isPassedBy(call)) : calls);
  };
}
