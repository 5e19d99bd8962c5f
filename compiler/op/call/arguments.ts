/** Reads the arguments of a call as users write them: inputs, then options by position, then options by name. */
import { DTY303 } from '../../diagnostics/dtype.ts';
import type { Attribute, Attributes } from '../../ir/node.ts';
import { Node } from '../../ir/node.ts';
import { calledAs } from '../../ir/site.ts';
import type { Card } from '../card.ts';
import { TypeMismatch } from '../mismatch.ts';
import { typeText } from '../type-text.ts';
import type { Like } from './promote.ts';
import { asNodes, isTensorLike } from './promote.ts';

export interface Arguments {
  readonly inputs: readonly Node[];
  readonly attributes: Attributes;
}

/** The inputs as nodes and the options with their defaults; throws a `TypeMismatch` (DTY303) where a call is wrong. */
export function readArguments(card: Card, args: readonly unknown[]): Arguments {
  const count = Object.keys(card.inputs).length;
  const attributes = readOptions(card, givenOptions(card, args.slice(count)));
  return { inputs: asNodes(card, readInputs(card, args)), attributes };
}

function readInputs(card: Card, args: readonly unknown[]): readonly Like[] {
  const specs = Object.entries(card.inputs);
  const isList = specs[0]?.[1].list === true;
  const values: unknown = isList ? args[0] : args.slice(0, specs.length);
  if (!Array.isArray(values) || values.length < specs.length) {
    return wrong(
      card,
      isList ? 'takes a list of tensors' : `takes ${specs.length} tensors`,
      `received ${describe(isList ? args[0] : args.length)}`,
    );
  }
  return values.map((value, i): Like => {
    if (isTensorLike(value)) return value;
    const name = isList ? `element ${i} of the list` : specs[i]![0];
    return wrong(card, `needs a tensor for ${name}`, `received ${describe(value)}`);
  });
}

const isOptions = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Node) && !Array.isArray(value);

/** The options of a call by name, as given: those by position, then a record of them. */
function givenOptions(card: Card, rest: readonly unknown[]): Readonly<Record<string, unknown>> {
  const last = rest.at(-1);
  const byPosition = isOptions(last) ? rest.slice(0, -1) : rest;
  if (byPosition.length > card.positional.length) {
    const count = Object.keys(card.inputs).length;
    return wrong(
      card,
      `takes ${count + card.positional.length} arguments`,
      `received ${count + rest.length}`,
    );
  }
  const given: Record<string, unknown> = isOptions(last) ? { ...last } : {};
  byPosition.forEach((value, i) => {
    if (value !== undefined) given[card.positional[i]!] = value;
  });
  return given;
}

function readOptions(card: Card, given: Readonly<Record<string, unknown>>): Attributes {
  const attributes: Record<string, Attribute> = {};
  for (const [name, spec] of Object.entries(card.options)) {
    const value = given[name] === undefined ? spec.default : given[name];
    if (value === undefined) {
      if (spec.required) wrong(card, `needs the option ${name}: ${spec.expects}`, 'it is missing');
    } else if (spec.fits(value)) {
      attributes[name] = value;
    } else {
      wrong(card, `option ${name} must be ${spec.expects}`, `received ${describe(value)}`);
    }
  }
  const unknown = Object.keys(given).find((name) => !(name in card.options));
  if (unknown !== undefined) {
    const names = Object.keys(card.options);
    wrong(
      card,
      `has no option ${unknown}`,
      names.length > 0 ? `its options are ${names.join(', ')}` : 'it has none',
    );
  }
  return attributes;
}

function describe(value: unknown): string {
  if (value instanceof Node) return value.type ? typeText(value.type) : 'a tensor';
  if (typeof value === 'function') return 'a function';
  return JSON.stringify(value) ?? String(value);
}

function wrong(card: Card, message: string, received: string): never {
  throw new TypeMismatch({ code: DTY303, message: `${calledAs(card.name)} ${message}`, received });
}
