/** `npm run -s millrace -- VERB …`: the command line as it stands in the sources, built first when it is stale. */
import { fileURLToPath } from 'node:url';
import { freshBuild } from './fresh-build.mjs';

if (freshBuild()) {
  // npm runs scripts in the package's folder; names of files are meant from where the user stands.
  process.chdir(process.env.INIT_CWD ?? process.cwd());
  const main = new URL('../dist/cli/main.js', import.meta.url);
  process.argv[1] = fileURLToPath(main);
  await import(main.href);
} else {
  console.error('millrace: the sources do not compile; nothing was run');
  process.exitCode = 1;
}
