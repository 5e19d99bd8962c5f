/** What is known of a number that is not finite: where it came into being, of what, and in which row. */
import type { Attributes, Node } from '../../../compiler/ir/node.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import type { StateEntry } from '../../../compiler/module.ts';

/** What an op was given for the element. */
export interface Operand {
  /** The user's name for it, or the card's. */
  readonly name: string;
  /** The value; of several, the one furthest from 0. */
  readonly value: number;
  /** How many values of this operand the element was made of. */
  readonly among: number;
}

/** What the run's states and columns are called in messages. */
export interface Held {
  readonly id: string;
  readonly label: string;
  readonly role: StateEntry['role'];
}

/** Why an op gave what is not finite, as its meaning beside the operands tells. */
export interface Why {
  /**
   * `pole`: a little beside the operand it is finite · `domain`: the operand is below 0, where none may be · `overflow`: too
   * large for binary32.
   */
  readonly is: 'pole' | 'domain' | 'overflow';
  /** Which operand it lies with, counted from 0; of an overflow, it lies with all of them. */
  readonly operand: number | undefined;
}

/** The first value of a step that is not finite and has a part in its loss or in a new state. */
export interface NonFinite {
  /** Whether an op made it, or it was written in the program, came with the batch, or stood in a state already. */
  readonly origin: 'op' | 'constant' | 'column' | 'state';
  readonly node: Node;
  /** The op's name. */
  readonly op: string;
  readonly attributes: Attributes;
  /** The user's place: of a layer, where it is called; of an update, the pipeline's. */
  readonly span: Span;
  /** The value itself: NaN, Infinity or -Infinity. */
  readonly value: number;
  /** Its place in the node's value, by coordinates. */
  readonly index: readonly number[];
  /** The row of the batch, from 0; undefined where the value belongs to no row, such as a weight's gradient. */
  readonly row: number | undefined;
  /** Of an op: what it received. */
  readonly operands: readonly Operand[];
  readonly why: Why | undefined;
  readonly part: 'forward' | 'gradient' | 'update';
  /** Of a gradient: the op that it is of. Of an update: the optimizer. Where simplifying has not lost it. */
  readonly of: string | undefined;
  /** What the user called around the op, outermost first: layers and composites. */
  readonly within: readonly string[];
  /** Of an update: the parameter. */
  readonly parameter: string | undefined;
  /** Of a column: its name. */
  readonly column: string | undefined;
  /** Of a state: which. */
  readonly state: Held | undefined;
  /** Where the infinities that an op received are written in the program, if they are. */
  readonly written: readonly Span[];
  /** What it has spoilt: the loss, or else the first state. */
  readonly reached: 'loss' | Held;
  /** What that became. */
  readonly became: number;
  /** The parameter with the largest value before the step. */
  readonly largest: { readonly parameter: string; readonly value: number } | undefined;
  /** The values of the row's columns that are single numbers: what to find it by. */
  readonly rowValues: Readonly<Record<string, number>>;
}
