/** Reads the arguments of a call as users write them: inputs, then options by position, then options by name. */
import { ARG102, ARG103, ARG104, ARG105 } from '../../diagnostics/argument.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import type { Attribute, Attributes } from '../../ir/node.ts';
import { Node } from '../../ir/node.ts';
import { calledAs } from '../../ir/site.ts';
import { textOf } from '../arguments.ts';
import type { Card } from '../card.ts';
import { TypeMismatch } from '../mismatch.ts';
import type { Like } from './promote.ts';
import { asNodes, isTensorLike } from './promote.ts';

export interface Arguments {
  readonly inputs: readonly Node[];
  readonly attributes: Attributes;
}

/** The inputs as nodes and the options with their defaults; throws a `TypeMismatch` (ARG102 to ARG105) where a call is wrong. */
export function readArguments(card: Card, args: readonly unknown[]): Arguments {
  const count = Object.keys(card.inputs).length;
  const attributes = readOptions(card, givenOptions(card, args));
  return { inputs: asNodes(card, readInputs(card, args.slice(0, count))), attributes };
}

function readInputs(card: Card, args: readonly unknown[]): readonly Like[] {
  const names = Object.keys(card.inputs);
  const op = calledAs(card.name);
  if (args.length < names.length) {
    throw new TypeMismatch({
      code: ARG104,
      message: `${op} takes ${names.length} ${names.length === 1 ? 'tensor' : 'tensors'}, not ${args.length}`,
      expected: names.join(', '),
      received: args.map(textOf).join(', ') || 'nothing',
    });
  }
  const isList = card.inputs[names[0] ?? '']?.list === true;
  const values: unknown = isList ? args[0] : args;
  if (!Array.isArray(values) || values.length < names.length) {
    throw new TypeMismatch({
      code: ARG105,
      message: `${op} takes a list of tensors`,
      expected: `[${names[0]}, …]`,
      received: textOf(values),
    });
  }
  return values.map((value: unknown, i): Like => {
    if (isTensorLike(value)) return value;
    throw new TypeMismatch({
      code: ARG105,
      message: `${op} needs a tensor for ${isList ? `element ${i} of its list` : names[i]}`,
      expected: 'a tensor or a number',
      received: textOf(value),
    });
  });
}

const isOptions = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Node) && !Array.isArray(value);

/** The options of a call by name, as given: those by position, then a record of them. */
function givenOptions(card: Card, args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const inputs = Object.keys(card.inputs);
  const rest = args.slice(inputs.length);
  const last = rest.at(-1);
  const byPosition = isOptions(last) ? rest.slice(0, -1) : rest;
  if (byPosition.length > card.positional.length) {
    throw new TypeMismatch({
      code: ARG104,
      message: `${calledAs(card.name)} takes at most ${inputs.length + card.positional.length} arguments and options, not ${args.length}`,
      expected: [...inputs, ...card.positional, 'options'].join(', '),
      received: args.map(textOf).join(', '),
    });
  }
  const given: Record<string, unknown> = isOptions(last) ? { ...last } : {};
  byPosition.forEach((value, i) => {
    if (value !== undefined) given[card.positional[i]!] = value;
  });
  return given;
}

function readOptions(card: Card, given: Readonly<Record<string, unknown>>): Attributes {
  const known = Object.keys(card.options);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownOption(card, unknown, known);
  const attributes: Record<string, Attribute> = {};
  for (const [name, spec] of Object.entries(card.options)) {
    const value = given[name] === undefined ? spec.default : given[name];
    if (value === undefined && !spec.required) continue;
    if (spec.fits(value)) attributes[name] = value;
    else throw wrongOption(card, name, spec.expects, value);
  }
  return attributes;
}

function unknownOption(card: Card, name: string, known: readonly string[]): TypeMismatch {
  const meant = nearest(name, known);
  return new TypeMismatch({
    code: ARG103,
    message: `${calledAs(card.name)} has no option ${name}`,
    expected: known.join(', ') || 'no options',
    received: name,
    ...(meant !== undefined && { hint: `did you mean ${meant}?` }),
  });
}

function wrongOption(card: Card, name: string, expected: string, value: unknown): TypeMismatch {
  const op = calledAs(card.name);
  return new TypeMismatch({
    code: ARG102,
    message: value === undefined ? `${op} needs the option ${name}` : `${name} of ${op} must be ${expected}`,
    expected,
    received: value === undefined ? 'nothing' : textOf(value),
  });
}
