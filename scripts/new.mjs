/** `npm run new -- KIND NAME`: writes the file of a new op, layer, loss, metric, optimizer, initializer, hook, stage or diagnostic. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Where each kind of definition lives; those with families take the name as FAMILY/NAME. */
const kinds = {
  op: { folder: 'stdlib/ops', families: true },
  layer: { folder: 'stdlib/layers', families: true },
  loss: { folder: 'stdlib/losses' },
  metric: { folder: 'stdlib/metrics' },
  optimizer: { folder: 'stdlib/optimizers' },
  initializer: { folder: 'stdlib/initializers' },
  hook: { folder: 'runtime/hooks', kebab: true },
  stage: { folder: 'runtime/data/stages', kebab: true },
  diagnostic: { folder: 'compiler/diagnostics' },
};

const usage = `usage: npm run new -- KIND NAME

KIND is ${Object.keys(kinds).join(', ')}.
NAME is camelCase, such as focalLoss; of an op or a layer with its family, such as arithmetic/cube;
of a diagnostic its code, such as SHP208.`;

class Refused extends Error {}
const refuse = (message) => {
  throw new Refused(message);
};

const template = (name) => readFileSync(join(root, `scripts/templates/${name}.txt`), 'utf8');
const filled = (text, name) =>
  text.replaceAll('CAPITAL', name[0].toUpperCase() + name.slice(1)).replaceAll('NAME', name);

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  // A long name may make a line too long.
  if (path.endsWith('.ts'))
    spawnSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', path], { cwd: root });
  console.log(`  ${path}`);
}

const foldersIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'parts')
    .map(({ name }) => name);

/** All names that users can import already. */
function taken() {
  const text = ['stdlib/index.ts', 'runtime/index.ts', 'runtime/hooks/index.ts']
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  return new Set(
    [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names]) => names.split(/[\s,]+/)),
  );
}

const reserved = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with let static yield await async of'.split(
    ' ',
  ),
);

function checkName(name) {
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) refuse(`${name} is no name in camelCase, such as focalLoss`);
  if (reserved.has(name)) refuse(`${name} is a word of JavaScript`);
  if (taken().has(name)) refuse(`${name} is taken: users can import it already`);
}

function define(kind, given) {
  const { folder, families, kebab } = kinds[kind];
  const parts = given.split('/');
  if (parts.length !== (families ? 2 : 1))
    refuse(
      families
        ? `${kind} ${given} lacks its family, as in FAMILY/NAME`
        : `${kind} takes a name without a folder`,
    );
  const name = parts.at(-1);
  checkName(name);
  if (families) {
    const known = foldersIn(folder);
    if (!known.includes(parts[0]))
      refuse(`there is no family ${parts[0]} of ${kind}s; there are ${known.join(', ')}`);
  }
  const file = kebab ? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : name;
  const path = join(folder, ...parts.slice(0, -1), `${file}.ts`);
  if (existsSync(join(root, path))) refuse(`${path} is there already`);
  write(path, filled(template(kind), name));
  return name;
}

/** A code stands in the file of its family, and has a sample and a page. */
function defineCode(code) {
  if (!/^[A-Z]{3}\d{3}$/.test(code))
    refuse(`${code} is no code of three capitals and three digits, such as SHP208`);
  const files = readdirSync(join(root, 'compiler/diagnostics')).filter((file) => file.endsWith('.ts'));
  const texts = files.map((file) => [file, readFileSync(join(root, 'compiler/diagnostics', file), 'utf8')]);
  if (texts.some(([, text]) => text.includes(`defineDiagnostic('${code}'`)))
    refuse(`${code} is there already`);
  const family = code.slice(0, 3);
  const home = texts.find(([, text]) => text.includes(`defineDiagnostic('${family}`));
  if (!home)
    refuse(`there is no family ${family} of diagnostics: its file in compiler/diagnostics comes first`);
  write(
    `compiler/diagnostics/${home[0]}`,
    `${home[1].trimEnd()}\nexport const ${code} = defineDiagnostic('${code}', 'todo: what it means in general');\n`,
  );
  write(`specs/diagnostics/${code}/input.ts`, filled(template('diagnostic-input'), code));
  write(`specs/diagnostics/${code}/fixed.ts`, filled(template('diagnostic-fixed'), code));
  write(`docs/errors/${code}.md`, filled(template('diagnostic-page'), code));
  return code;
}

function main([kind, given, ...rest]) {
  if (!kind || !given || rest.length > 0) refuse(usage);
  if (!(kind in kinds)) refuse(`there is no kind ${kind}; there are ${Object.keys(kinds).join(', ')}`);
  const name = kind === 'diagnostic' ? defineCode(given) : define(kind, given);
  spawnSync(process.execPath, [join(root, 'scripts/generate.mjs')], { stdio: 'inherit' });
  const next = kind === 'diagnostic' ? 'npm run bless -- specs/diagnostics' : `npm run laws -- ${name}`;
  console.log(`\nFill in what says todo, then: ${next}`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
