/** The text form of a graph: one node a line, types always, names from the user's program, its place at the end. */
import { shortDType, typeText } from '../op/type-text.ts';
import { sameShape } from './dim.ts';
import type { Graph } from './graph.ts';
import { topological } from './graph.ts';
import { nameText, pathText } from './name-text.ts';
import type { Attribute, Node } from './node.ts';
import { ScopeNames } from './scope-names.ts';
import type { Scope } from './site.ts';
import type { Span } from './span.ts';

export interface PrintOptions {
  /** Places at the end of lines; default true. */
  readonly spans?: boolean;
  /** Names of the user's variables; without them two readers of one program print the same. Default true. */
  readonly names?: boolean;
  /** How a file is written in places; default: as it is. */
  readonly file?: (path: string) => string;
}

/** `parse(print(graph))` is the same graph. See grammar.md for the grammar. */
export function print(graph: Graph, options: PrintOptions = {}): string {
  const { spans = true, names = true, file = (path) => path } = options;
  const order = topological(graph);
  const inlined = inlineConstants(order, graph);
  const given = nameAll(
    order.filter((node) => !inlined.has(node)),
    names,
  );
  const nameOf = new Map([...given].map(([node, name]) => [node, nameText(name)]));
  const rows = order
    .filter((node) => !inlined.has(node))
    .map((node) => ({
      left: `  ${leafWord(node)}${nameOf.get(node)} : ${node.type ? typeText(node.type) : '?'}`,
      right: definition(node, nameOf, inlined),
      place: spans ? placeText(node.span, file) : '',
    }));
  const width = Math.min(44, Math.max(0, ...rows.map(({ left }) => left.length)));
  const lines = rows.map(({ left, right, place }) => {
    const text = right === '' ? left : `${left.padEnd(width)} = ${right}`;
    return place === '' ? text : `${text.padEnd(92)}  ${place}`;
  });
  const refer = (node: Node): string => nameOf.get(node)!;
  const place = spans ? placeText(graph.span, file) : '';
  return [
    `program ${nameText(graph.name)}.${graph.program}${place === '' ? '' : `  ${place}`}`,
    ...lines,
    ...graph.outputs.map(({ name, value }) => `  return ${nameText(name)} = ${refer(value)}`),
    ...graph.updates.map(({ target, value }) => `  update ${refer(target)} = ${refer(value)}`),
    '',
  ].join('\n');
}

const leafWords = new Set(['input', 'param', 'state']);

function leafWord(node: Node): string {
  return leafWords.has(node.card.name) ? `${node.card.name} ` : '';
}

function definition(node: Node, names: ReadonlyMap<Node, string>, inlined: ReadonlySet<Node>): string {
  if (leafWords.has(node.card.name) && node.inputs.length === 0) return '';
  const inputs = node.inputs.map((input) =>
    inlined.has(input) ? numberText(input.attributes.value as number) : names.get(input)!,
  );
  const attributes = Object.entries(node.attributes)
    .filter(([key]) => !isImplied(node, key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${attributeText(value)}`);
  return [node.card.name, ...inputs, ...attributes].join(' ');
}

/** Attributes that the type says already. */
function isImplied(node: Node, key: string): boolean {
  const { type } = node;
  if (!type) return false;
  if (key === 'dtype') return node.attributes.dtype === type.dtype;
  return (
    key === 'shape' &&
    Array.isArray(node.attributes.shape) &&
    sameShape(node.attributes.shape as never, type.shape)
  );
}

/** Constants that are written where they are used: every line that uses one says itself what type it has. */
function inlineConstants(order: readonly Node[], graph: Graph): Set<Node> {
  const inlined = new Set(order.filter((node) => node.card.name === 'constant' && node.type));
  for (const { value } of [...graph.outputs, ...graph.updates]) inlined.delete(value);
  for (const user of order) {
    const first = user.inputs.find((input) => input.card.name !== 'constant')?.type;
    for (const input of user.inputs) {
      if (!inlined.has(input)) continue;
      const { dtype, shape } = input.type!;
      if (!first || first.dtype !== dtype || !sameShape(first.shape, shape)) inlined.delete(input);
    }
  }
  return inlined;
}

export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

export function attributeText(value: Attribute): string {
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(attributeText).join(',')}]`;
  return typeof value === 'string' ? JSON.stringify(value).replace(/\s/g, unicode) : String(value);
}

/** Blanks stand between words only. */
function unicode(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function placeText(span: Span, file: (path: string) => string): string {
  if (span.file === '') return '';
  const end = span.endLine === span.line ? `${span.endColumn}` : `${span.endLine}:${span.endColumn}`;
  return `@${pathText(file(span.file))}:${span.line}:${span.column}-${end}`;
}

/** A name for each node, unique in the graph; what is held across steps keeps its own, which says what it is. */
export function nameAll(order: readonly Node[], fromUser = true): Map<Node, string> {
  const scopes = new ScopeNames();
  const bases = new Map<Node, string>();
  for (const node of order) {
    const own = fromUser || node.card.name === 'input' ? node.name : node.given;
    bases.set(node, own ?? [...scopePath(node.scope, scopes), node.card.name].join('.'));
  }
  const names = new Map<Node, string>();
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  const name = (node: Node): void => {
    const base = bases.get(node)!;
    let count = counts.get(base) ?? 0;
    let unique: string;
    do unique = ++count === 1 ? base : `${base}#${count}`;
    while (taken.has(unique));
    counts.set(base, count);
    taken.add(unique);
    names.set(node, unique);
  };
  for (const node of order) if (leafWords.has(node.card.name)) name(node);
  for (const node of order) if (!names.has(node)) name(node);
  return names;
}

function scopePath(scope: Scope | undefined, names: ScopeNames): string[] {
  if (!scope) return [];
  const outer = scopePath(scope.outer, names);
  return [...outer, scope.kind === 'layer' ? names.nameOf(scope) : scope.name];
}

export { shortDType };
