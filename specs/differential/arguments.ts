/** Arguments for a call of any card, such that it is well-typed most of the time. */
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import type { Attribute, Card } from '../../compiler/op/card.ts';
import type { InputSpec, OptionSpec } from '../../compiler/op/specs.ts';
import type { Dim, DType, Shape } from '../../dsl/tensor.ts';
import type { Choices } from './choices.ts';
import { type Growth, numberOf } from './growth.ts';
import { particular } from './particular.ts';
import { sliding } from './sliding.ts';

/** The arguments as a user writes them; undefined where none could be found. */
export function argumentsFor(card: Card, growth: Growth, choices: Choices): unknown[] | undefined {
  const special = particular[card.name] ?? sliding[card.name];
  if (special) return special(card, growth, choices);
  const specs = Object.entries(card.inputs);
  const [first, ...others] = specs;
  if (!first || first[1].list) return undefined;
  const x = growth.operand(first[1], choices);
  const inputs = [x, ...others.map(([, spec]) => partner(card, x, spec, first[1], growth, choices))];
  const options = optionsFor(card, x, choices);
  const tame = inputs.map((value, i) =>
    typeof value === 'number' || choices.once(15) ? value : growth.tamed(value, card.domain[specs[i]![0]]),
  );
  return options && [...tame, options];
}

/** What stands beside x: of its shape, of one that stretches to it, or a plain number. */
function partner(
  card: Card,
  x: Node,
  spec: InputSpec,
  first: InputSpec,
  growth: Growth,
  choices: Choices,
): Node | number {
  const { dtype, shape } = typeOf(x);
  const shares = spec.accepts === first.accepts || spec.accepts.includes(dtype);
  const wanted: DType = shares ? dtype : choices.of(spec.accepts);
  const way = choices.below(8);
  if (way === 7 && wanted !== 'bool' && card.kind === 'zip') return numberOf(wanted, choices);
  if (way >= 5 && card.kind === 'zip') return growth.exactly(wanted, stretching(shape, choices), choices);
  return growth.exactly(wanted, shape, choices);
}

/** A shape that broadcasts to the given one. */
function stretching(shape: Shape, choices: Choices): Shape {
  const kept: Dim[] = shape.slice(choices.below(shape.length + 1));
  return kept.map((size) => (choices.below(2) === 1 ? 1 : size));
}

export function optionsFor(card: Card, x: Node, choices: Choices): Record<string, Attribute> | undefined {
  const options: Record<string, Attribute> = {};
  for (const [name, spec] of Object.entries(card.options)) {
    const value = optionFor(name, spec, x, choices);
    if (value !== undefined) options[name] = value;
    else if (spec.required) return undefined;
  }
  return options;
}

/** A value for an option, by what it accepts; undefined leaves it out. */
function optionFor(
  name: string,
  { fits, default: usual }: OptionSpec,
  x: Node,
  choices: Choices,
): Attribute | undefined {
  const rank = typeOf(x).shape.length;
  if (name === 'axis') {
    if (fits(null) && choices.once(3)) return null;
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    if (fits(axes) && choices.below(2) === 1) return choices.shuffled(choices.some(axes));
    return rank === 0 ? undefined : choices.below(2 * rank) - rank;
  }
  if (fits(true)) return choices.below(2) === 1;
  if (fits('float32') && !fits('B')) return choices.of(['float32', 'int32', 'bool'] as const);
  if (fits(0.5) && (usual === undefined || choices.once(2))) return choices.of([0.5, 1, -1, 2, 0.25]);
  return undefined;
}
