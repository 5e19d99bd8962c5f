/** The text form of a graph: one node a line, types always, names from the user's program, its place at the end. */

import type { Card } from '../op/card.ts';
import { typeText } from '../op/type-text.ts';
import { sameShape } from './dim.ts';
import { constantOf, isConstant, isShared } from './facts.ts';
import type { Fusion, Graph } from './graph.ts';
import { rootsOf, topological } from './graph.ts';
import { nameText, pathText } from './name-text.ts';
import type { Attribute, Node, TensorType } from './node.ts';
import { nameAll } from './node-names.ts';
import type { Span } from './span.ts';
import { nodesUnder, withInitials } from './walk.ts';

export interface PrintOptions {
  /** Places at the end of lines; default true. */
  readonly spans?: boolean;
  /** Names of the user's variables; without them two readers of one program print the same. Default true. */
  readonly names?: boolean;
  /** The word for an op; default: its own name. */
  readonly op?: (card: Card) => string;
  /** How a file is written in places; default: as it is. */
  readonly file?: (path: string) => string;
}

/** The type of a number among a fusion's operands. */
export const fusedNumber: TensorType = { dtype: 'float32', shape: [] };

/** `parse(print(graph))` is the same graph. See grammar.md for the grammar. */
export function print(graph: Graph, options: PrintOptions = {}): string {
  const { spans = true, names = true, op = ({ name }) => name, file = (path) => path } = options;
  const order = nodesUnder(rootsOf(graph), withInitials);
  const inlined = inlineConstants(order, graph);
  const isLine = (node: Node): boolean => !inlined.has(node);
  // What only initial values and fusions need is named last: the rest is called as it would be without them.
  const given = nameAll([...new Set([...topological(graph), ...order])].filter(isLine), names);
  const nameOf = new Map([...given].map(([node, name]) => [node, nameText(name)]));
  const refer = (node: Node): string =>
    inlined.has(node) ? numberText(constantOf(node)!) : nameOf.get(node)!;
  const rows = order.filter(isLine).map((node) => ({
    left: `  ${leafWord(node)}${refer(node)} : ${node.type ? typeText(node.type) : '?'}`,
    right: definition(node, nameText(op(node.card)), refer),
    place: spans ? placeText(node.span, file) : '',
  }));
  const width = Math.min(
    44,
    rows.reduce((most, { left }) => Math.max(most, left.length), 0),
  );
  const lines = rows.map(({ left, right, place }) => {
    const text = right === '' ? left : `${left.padEnd(width)} = ${right}`;
    return place === '' ? text : `${text.padEnd(92)}  ${place}`;
  });
  const place = spans ? placeText(graph.span, file) : '';
  return [
    `program ${nameText(graph.name)}.${graph.program}${place === '' ? '' : `  ${place}`}`,
    ...lines,
    ...graph.outputs.map(({ name, value }) => `  return ${nameText(name)} = ${refer(value)}`),
    ...graph.updates.map(({ target, value }) => `  update ${refer(target)} = ${refer(value)}`),
    ...(graph.fusions ?? []).map((fusion) => `  fuse ${fusionText(fusion, refer)}`),
    '',
  ].join('\n');
}

function leafWord(node: Node): string {
  return isShared(node) ? `${node.card.name} ` : '';
}

function definition(node: Node, op: string, refer: (node: Node) => string): string {
  if (isShared(node)) return node.initial ? `initial ${refer(node.initial)}` : '';
  const attributes = Object.entries(node.attributes)
    .filter(([key, value]) => !isImplied(node.type, key, value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${attributeText(value)}`);
  return [op, ...node.inputs.map(refer), ...attributes].join(' ');
}

function fusionText({ kernel, targets, operands, flags }: Fusion, refer: (node: Node) => string): string {
  const told = Object.entries(flags).map(([flag, isSet]) => `${flag}=${isSet}`);
  return [kernel, ...targets.map(refer), '=', ...operands.map(refer), ...told].join(' ');
}

/** Whether an option of this name says what the type says already. */
function isImplied(type: TensorType | undefined, key: string, value: Attribute): boolean {
  if (!type) return false;
  if (key === 'dtype') return value === type.dtype;
  return key === 'shape' && Array.isArray(value) && sameShape(value as never, type.shape);
}

/** Constants that are written where they are used: every line that uses one says itself what type it has. */
function inlineConstants(order: readonly Node[], graph: Graph): Set<Node> {
  const inlined = new Set(order.filter((node) => isConstant(node) && node.type));
  for (const { value } of [...graph.outputs, ...graph.updates]) inlined.delete(value);
  const keepUnless = (type: TensorType | undefined, used: readonly Node[]): void => {
    for (const node of used)
      if (!type || type.dtype !== node.type?.dtype || !sameShape(type.shape, node.type.shape))
        inlined.delete(node);
  };
  for (const user of order) {
    const beside = user.inputs.find((input) => !isConstant(input));
    keepUnless(user.initial ? user.type : beside?.type, withInitials(user));
  }
  for (const { operands } of graph.fusions ?? []) keepUnless(fusedNumber, operands);
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
  return `@${[span, ...(span.via ?? [])].map((each) => spanText(each, file)).join('<')}`;
}

function spanText(span: Span, file: (path: string) => string): string {
  const end = span.endLine === span.line ? `${span.endColumn}` : `${span.endLine}:${span.endColumn}`;
  return `${pathText(file(span.file))}:${span.line}:${span.column}-${end}`;
}
