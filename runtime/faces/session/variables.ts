/** The variables that a session has met, with their values. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SES905, SES909, SES910 } from '../../../compiler/diagnostics/session.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import { typeOf } from '../../../compiler/ir/node.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import { isOurs, ours } from '../../../compiler/ir/state-ids.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { StoredTensor, Tensors } from '../../store/safetensors.ts';
import { variableName } from './graph/variable-name.ts';
import { Held } from './held.ts';

/** Computes initial values on the session's engine. */
export type Compute = (nodes: readonly Node[]) => Promise<readonly Numbers[]>;

export class Variables {
  readonly #held = new Map<Node, Held>();
  /** What was restored for variables by their names; those that are not met yet find theirs here. */
  #stored: Tensors = new Map();
  #isInitialised = false;

  /** What a variable is called in programs; it is met if it was not yet. */
  readonly idOf = (leaf: Node): string => this.held(leaf).id;

  held(leaf: Node): Held {
    let held = this.#held.get(leaf);
    if (!held) {
      const word = (variableName(leaf) ?? leaf.name ?? 'variable').replace(ours, '');
      held = new Held(leaf, `${word}:${this.#held.size}`);
      this.#held.set(leaf, held);
      held.set(this.#storedFor(held));
    }
    return held;
  }

  /** All take their initial values, as they are needed. */
  initialise(): void {
    this.#isInitialised = true;
    this.#stored = new Map();
    for (const held of this.#held.values()) held.set(undefined);
  }

  /** Makes sure that all of these have values; SES905 where one was neither initialised, nor set, nor restored. */
  async makeReady(wanted: readonly Held[], span: Span, compute: Compute): Promise<void> {
    const empty = wanted.filter(({ hasValue }) => !hasValue);
    if (empty.length === 0) return;
    if (!this.#isInitialised) refuse(notInitialised(empty[0]!, span));
    const initials = empty.map(({ leaf }) => {
      if (!leaf.initial) throw new Error(`internal: ${leaf.name} has no initial value`);
      return leaf.initial;
    });
    const values = await compute(initials);
    for (const [i, held] of empty.entries()) held.set(values[i]);
  }

  /** The values of all variables by name; SES909 where a name is missing or there twice. */
  named(span: Span): Tensors {
    const found = new Map<string, Held>();
    for (const held of this.#held.values()) {
      if (!held.hasValue) continue;
      const name = variableName(held.leaf);
      const before = name === undefined ? undefined : found.get(name);
      if (name === undefined || before) return refuse(unclear(held, before, name, span));
      found.set(name, held);
    }
    return new Map(
      [...found].map(([name, held]): [string, StoredTensor] => {
        const { dtype, shape } = typeOf(held.leaf);
        return [fileName(name), { dtype, shape: shape as readonly number[], values: held.read() }];
      }),
    );
  }

  /** Variables with these names take these values, now or when they are met; SES909, SES910 where they cannot. */
  restore(stored: Tensors, span: Span): void {
    const values = new Map<Held, Numbers>();
    const takers = new Map<string, Held>();
    for (const held of this.#held.values()) {
      const name = variableName(held.leaf);
      const found = name === undefined ? undefined : stored.get(fileName(name));
      if (name === undefined || !found) continue;
      const before = takers.get(name);
      if (before) refuse(unclear(held, before, name, span));
      takers.set(name, held);
      values.set(held, fitting(held.leaf, name, found, span));
    }
    this.#stored = stored;
    for (const [held, value] of values) held.set(value);
  }

  /** What was restored for a variable that is met only now. */
  #storedFor(held: Held): Numbers | undefined {
    const name = variableName(held.leaf);
    const found = name === undefined ? undefined : this.#stored.get(fileName(name));
    if (name === undefined || !found) return undefined;
    for (const other of this.#held.values()) {
      if (other !== held && variableName(other.leaf) === name)
        refuse(unclear(held, other, name, held.leaf.span));
    }
    return fitting(held.leaf, name, found, held.leaf.span);
  }
}

/** The compiler's own state is saved under the words of its ids. */
const fileName = (name: string): string => (isOurs(name) ? name.slice(ours.length) : name);

function fitting(leaf: Node, name: string, { dtype, shape, values }: StoredTensor, span: Span): Numbers {
  const wanted = typeOf(leaf);
  if (dtype === wanted.dtype && shape.join() === wanted.shape.join()) return values;
  return refuse(
    SES910({
      message: `the saved variable ${name} does not fit the one of this program`,
      span,
      labels: [{ span: leaf.span, text: `${name} : ${typeText(wanted)} is declared here` }],
      expected: typeText(wanted),
      received: typeText({ dtype, shape }),
      hint: 'restore into variables like those that were saved, or give the variable another name',
    }),
  );
}

function notInitialised({ leaf, label }: Held, span: Span) {
  return SES905({
    message: `${label} has no value yet`,
    span,
    labels: [{ span: leaf.span, text: `${label} is declared here` }],
    expected: 'a variable that was initialised, assigned or restored',
    hint: 'run globalVariablesInitializer() first',
  });
}

function unclear({ leaf, label }: Held, before: Held | undefined, name: string | undefined, span: Span) {
  const other = before ? [{ span: before.leaf.span, text: 'another of this name is declared here' }] : [];
  return SES909({
    message:
      name === undefined ? 'a variable without a name cannot be saved' : `two variables are called ${name}`,
    span,
    labels: [{ span: leaf.span, text: `${label} is declared here` }, ...other],
    expected: 'a name of its own for each variable that is saved',
    hint: "give names: variable(0, { name: 'w' }), dense(8, { name: 'hidden' }), minimize(loss, { name: 'critic' }), or a nameScope",
  });
}
