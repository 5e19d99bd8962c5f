/** Reads the text form of a graph back; refuses what does not follow grammar.md, with its line. */
import type { Dim, DType } from '../../dsl/tensor.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import { TXT801 } from '../diagnostics/text.ts';
import { make } from '../op/call/apply.ts';
import type { Card } from '../op/card.ts';
import { constant } from '../op/leaf.ts';
import { shortDType, typeText } from '../op/type-text.ts';
import { isColumn, isConstant, isShared } from './facts.ts';
import type { Fusion, Graph, Output, Update } from './graph.ts';
import { nameOfText } from './name-text.ts';
import type { Attribute, TensorType } from './node.ts';
import { Node } from './node.ts';
import { fusedNumber } from './print.ts';
import { at } from './site.ts';
import type { Span } from './span.ts';
import { nowhere } from './span.ts';

interface Cards {
  readonly cards: ReadonlyMap<string, Card>;
}

/** The graph that `text` describes, in the ops of the vocabulary. `file` is how messages call the text. */
export function parse(text: string, vocabulary: Cards, file = 'graph.ir'): Graph {
  return new Parser(text, vocabulary, file).graph();
}

const dtypes = Object.fromEntries(
  Object.entries(shortDType).map(([dtype, short]) => [short, dtype as DType]),
);
const leafLine = /^(\w+) (\S+) : (\S.*?)(?:\s+= initial (\S+))?$/;
const fuseLine = /^fuse (\w+) (\S.*?) =(.*)$/;
const nodeLine = /^(\S+) : (.*?\]|\?)\s+= (\S+)(.*)$/;
/** Strings, which stay as they are, and the numbers that JSON cannot say. */
const strange = /"(?:[^"\\]|\\.)*"|(-0(?![\d.eE])|NaN|-?Infinity)/g;
const isNumber = (word: string): boolean => /^-?(\d|Infinity$)|^NaN$/.test(word);

class Parser {
  private readonly lines: readonly string[];
  private readonly cards: ReadonlyMap<string, Card>;
  private readonly file: string;
  private readonly named = new Map<string, Node>();
  private line = 0;

  constructor(text: string, { cards }: Cards, file: string) {
    this.lines = text.split('\n');
    this.cards = cards;
    this.file = file;
  }

  graph(): Graph {
    const head = /^program (\S+)\.(\w+)(?:\s+(@\S+))?\s*$/.exec(this.lines[0] ?? '');
    if (!head?.[2]) return this.fail('the first line names the program', 'program NAME.PROGRAM');
    const outputs: Output[] = [];
    const updates: Update[] = [];
    const fusions: Fusion[] = [];
    for (this.line = 1; this.line < this.lines.length; this.line++) {
      const text = this.lines[this.line]!.trim();
      if (text === '') continue;
      const border = /^(return|update) (\S+) = (\S+)$/.exec(text);
      if (border?.[1] === 'return')
        outputs.push({ name: this.name(border[2]!), value: this.refer(border[3]!) });
      else if (border) updates.push({ target: this.refer(border[2]!), value: this.refer(border[3]!) });
      else if (fuseLine.test(text)) fusions.push(this.fusion(text));
      else this.node(text);
    }
    return {
      name: this.name(head[1]!),
      program: head[2],
      span: this.place(head[3]),
      outputs,
      updates,
      ...(fusions.length > 0 && { fusions }),
    };
  }

  private fusion(text: string): Fusion {
    const [, kernel, left, right] = fuseLine.exec(text)!;
    const { words, attributes } = this.split(right!);
    const flags = Object.entries(attributes).map(([flag, value]): [string, boolean] =>
      typeof value === 'boolean' ? [flag, value] : this.fail(`${flag} is no flag`, 'true or false'),
    );
    return {
      kernel: kernel!,
      targets: left!.split(/\s+/).map((word) => this.refer(word)),
      operands: words.map((word) => this.operand(word, fusedNumber, nowhere)),
      flags: Object.fromEntries(flags),
    };
  }

  /** Operands, and what is told by name. */
  private split(text: string): { words: string[]; attributes: Record<string, Attribute> } {
    const all = text.split(/\s+/).filter((word) => word !== '');
    const named = all.filter((word) => /^\w+=/.test(word));
    const attributes = named.map((word): [string, Attribute] => {
      const at = word.indexOf('=');
      return [word.slice(0, at), this.value(word.slice(at + 1))];
    });
    return { words: all.filter((word) => !named.includes(word)), attributes: Object.fromEntries(attributes) };
  }

  private node(text: string): void {
    const placed = /^(.*?)(?:\s+(@\S+))?$/.exec(text)!;
    const span = this.place(placed[2]);
    const body = placed[1]!.trimEnd();
    const leaf = leafLine.exec(body);
    if (leaf) {
      const type = this.type(leaf[3]!) ?? this.fail(`${leaf[1]} needs a type`, 'f32[…], i32[…] or bool[…]');
      const name = this.name(leaf[2]!);
      const initial = leaf[4] === undefined ? undefined : this.operand(leaf[4], type, span);
      const attributes = { shape: type.shape, dtype: type.dtype };
      const card = this.card(leaf[1]!);
      const made = new Node({ card, inputs: [], attributes, type, span, name, given: name, initial });
      if (!isShared(made)) this.fail(`a ${card.name} has no name of its own`, 'input, param or state');
      if (initial && isColumn(made)) this.fail(`an ${card.name} starts with nothing`, 'param or state');
      this.define(leaf[2]!, made);
      return;
    }
    const parts = nodeLine.exec(body);
    if (!parts) this.fail('a line is a leaf, a node, a return or an update', 'NAME : TYPE = OP …');
    const [, name, typeWord, op, rest] = parts as unknown as [string, string, string, string, string];
    const type = this.type(typeWord);
    const card = this.card(this.name(op));
    const { words, attributes: told } = this.split(rest);
    const attributes = {
      ...(type && 'shape' in card.options && { shape: type.shape }),
      ...(type && 'dtype' in card.options && { dtype: type.dtype }),
      ...told,
    };
    const inputs = this.operands(words, span);
    this.define(
      name,
      at(span, () => this.build(card, inputs, sorted(card, attributes), type, span, this.name(name))),
    );
  }

  private build(
    card: Card,
    inputs: readonly Node[],
    attributes: Record<string, Attribute>,
    type: TensorType | undefined,
    span: Span,
    name: string,
  ): Node {
    this.fits(card, inputs.length, attributes);
    if (card.kind !== 'composite') return new Node({ card, inputs, attributes, type, span, name });
    const node = make(card, inputs, attributes);
    const wanted = type ? typeText(type) : '?';
    const found = node.type ? typeText(node.type) : '?';
    if (found !== wanted) this.fail(node.problem?.message ?? `${card.name} gives ${found}`, wanted);
    node.name = name;
    return node;
  }

  /** Refuses what no call of the op could have made. */
  private fits(card: Card, count: number, attributes: Record<string, Attribute>): void {
    const specs = Object.values(card.inputs);
    if (!specs[0]?.list && specs.length !== count)
      this.fail(`${card.name} has ${count} operands`, `${specs.length}`);
    for (const [option, { fits, expects, required }] of Object.entries(card.options)) {
      const value = attributes[option];
      if (value === undefined ? required : !fits(value))
        this.fail(`${card.name} cannot have ${JSON.stringify(value) ?? 'nothing'} for ${option}`, expects);
    }
    const unknown = Object.keys(attributes).find((option) => !(option in card.options));
    if (unknown !== undefined) this.fail(`${card.name} has no option ${unknown}`, 'its own options');
  }

  private operands(words: readonly string[], span: Span): Node[] {
    const named = new Map(words.filter((word) => !isNumber(word)).map((word) => [word, this.refer(word)]));
    const type = [...named.values()].find((node) => !isConstant(node))?.type;
    return words.map((word) => named.get(word) ?? this.operand(word, type, span));
  }

  /** What a word of a line stands for; a number takes the type that it is to have, and the line's place. */
  private operand(word: string, type: TensorType | undefined, span: Span): Node {
    if (!isNumber(word)) return this.refer(word);
    if (!type) return this.fail('a number needs an operand beside it, whose type it takes', 'a name');
    return at(span, () => constant(Number(word), type.shape, type.dtype));
  }

  /** Undefined for the type of what has none. */
  private type(text: string): TensorType | undefined {
    if (text === '?') return undefined;
    const match = /^(\w+)\[(.*)\]$/.exec(text.trim());
    const dtype = match ? dtypes[match[1]!] : undefined;
    if (!match || !dtype) return this.fail(`${text} is no type`, 'f32[…], i32[…] or bool[…]');
    const dims = match[2]!.trim() === '' ? [] : match[2]!.split(',').map((word) => word.trim());
    return { dtype, shape: dims.map((word): Dim => this.dim(word)) };
  }

  private dim(word: string): Dim {
    if (/^\d+$/.test(word)) return Number(word);
    return /^(\d+\*)?[A-Z](\*[A-Z])*$/.test(word)
      ? word
      : this.fail(`${word} is no size`, 'a whole number, or 10*B');
  }

  private value(text: string): Attribute {
    try {
      // Lists of numbers may hold what JSON cannot say; they are written as words.
      const written = text.replace(strange, (word, number?: string) =>
        number ? `"\\u0000${number}"` : word,
      );
      return revive(JSON.parse(written) as Attribute);
    } catch {
      return this.fail(`${text} is no attribute value`, 'a number, string, true, false, null or list');
    }
  }

  private card(name: string): Card {
    return this.cards.get(name) ?? this.fail(`there is no op ${name}`, 'an op of the vocabulary');
  }

  private refer(name: string): Node {
    return this.named.get(name) ?? this.fail(`${name} is not defined above`, 'the name of an earlier line');
  }

  private define(name: string, node: Node): void {
    if (this.named.has(name)) this.fail(`${name} is defined twice`, 'a new name');
    this.named.set(name, node);
  }

  private name(word: string): string {
    return nameOfText(word) ?? this.fail(`${word} is no name`, 'letters, with others as %20');
  }

  private place(text: string | undefined): Span {
    const [span, ...via] = (text?.slice(1).split('<') ?? []).map((each) => this.span(each));
    if (!span) return nowhere;
    return via.length > 0 ? { ...span, via } : span;
  }

  private span(text: string): Span {
    const match = /^(.+):(\d+):(\d+)-(?:(\d+):)?(\d+)$/.exec(text);
    if (!match) return this.fail(`${text} is no place`, 'FILE:LINE:COLUMN-COLUMN');
    const line = Number(match[2]);
    return {
      file: this.name(match[1]!),
      line,
      column: Number(match[3]),
      endLine: match[4] === undefined ? line : Number(match[4]),
      endColumn: Number(match[5]),
    };
  }

  private fail(message: string, expected: string): never {
    const received = (this.lines[this.line] ?? '').trim();
    const line = this.line + 1;
    const span = { file: this.file, line, column: 1, endLine: line, endColumn: received.length + 1 };
    return refuse(TXT801({ message, span, expected, received }));
  }
}

/** Attributes in the order of the card's options, defaults filled in, as a call would have made them. */
function sorted(card: Card, attributes: Record<string, Attribute>): Record<string, Attribute> {
  const complete = Object.entries(card.options).flatMap(
    ([name, { default: usual }]): [string, Attribute][] => {
      const value = name in attributes ? attributes[name] : usual;
      return value === undefined ? [] : [[name, value]];
    },
  );
  return { ...Object.fromEntries(complete), ...attributes };
}

function revive(value: Attribute): Attribute {
  if (typeof value === 'string' && value.startsWith('\u0000')) return Number(value.slice(1));
  return Array.isArray(value) ? value.map(revive) : value;
}
