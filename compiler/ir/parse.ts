/** Reads the text form of a graph back; refuses what does not follow grammar.md, with its line. */
import type { Dim, DType } from '../../dsl/tensor.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import { shortened } from '../diagnostics/shortened.ts';
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

const dtypes = new Map(Object.entries(shortDType).map(([dtype, short]) => [short, dtype as DType]));
const isNumber = (word: string): boolean => /^-?(\d|Infinity$)|^NaN$/.test(word);
const isKeyed = (word: string): boolean => /^\w+=/.test(word);
const isPlace = (word: string | undefined): boolean => word?.startsWith('@') ?? false;

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
    const [keyword, called = '', place, ...more] = this.words();
    const dot = called.lastIndexOf('.');
    const program = called.slice(dot + 1);
    const isHead = keyword === 'program' && dot > 0 && /^\w+$/.test(program);
    if (!isHead || more.length > 0 || (place !== undefined && !isPlace(place)))
      return this.fail('the first line names the program', 'program NAME.PROGRAM');
    const outputs: Output[] = [];
    const updates: Update[] = [];
    const fusions: Fusion[] = [];
    for (this.line = 1; this.line < this.lines.length; this.line++) {
      const words = this.words();
      const [first = '', left = '', equals, right = ''] = words;
      if (first === '') continue;
      const isBorder = words.length === 4 && equals === '=';
      if (isBorder && first === 'return') outputs.push({ name: this.name(left), value: this.refer(right) });
      else if (isBorder && first === 'update')
        updates.push({ target: this.refer(left), value: this.refer(right) });
      else if (first === 'fuse' && left !== ':' && words.indexOf('=') > 2) fusions.push(this.fusion(words));
      else this.node(words);
    }
    return {
      name: this.name(called.slice(0, dot)),
      program,
      span: this.place(place),
      outputs,
      updates,
      ...(fusions.length > 0 && { fusions }),
    };
  }

  /** The words of the present line. */
  private words(): readonly string[] {
    const text = (this.lines[this.line] ?? '').trim();
    if (/[^\S \t]/.test(text)) this.fail('a blank in the line is no space', 'words with spaces between them');
    return text.split(/[ \t]+/).filter((word) => word !== '');
  }

  private fusion(line: readonly string[]): Fusion {
    const equals = line.indexOf('=');
    const [, kernel = '', ...targets] = line.slice(0, equals);
    if (!/^\w+$/.test(kernel)) this.fail(`${kernel} is no kernel`, 'fuse KERNEL NAME = …');
    const { words, attributes } = this.split(line.slice(equals + 1));
    const flags = Object.entries(attributes).map(([flag, value]): [string, boolean] =>
      typeof value === 'boolean' ? [flag, value] : this.fail(`${flag} is no flag`, 'true or false'),
    );
    return {
      kernel,
      targets: targets.map((word) => this.refer(word)),
      operands: words.map((word) => this.operand(word, fusedNumber, nowhere)),
      flags: Object.fromEntries(flags),
    };
  }

  /** Operands, and what is told by name. */
  private split(line: readonly string[]): { words: string[]; attributes: Record<string, Attribute> } {
    const attributes = line.filter(isKeyed).map((word): [string, Attribute] => {
      const at = word.indexOf('=');
      return [word.slice(0, at), this.value(word.slice(at + 1))];
    });
    return { words: line.filter((word) => !isKeyed(word)), attributes: Object.fromEntries(attributes) };
  }

  private node(line: readonly string[]): void {
    const last = line.at(-1);
    const span = this.place(isPlace(last) ? last : undefined);
    const words = isPlace(last) ? line.slice(0, -1) : line;
    if (words[2] === ':' && /^\w+$/.test(words[0] ?? '')) this.leaf(words, span);
    else this.computed(words, span);
  }

  private computed(words: readonly string[], span: Span): void {
    const equals = words.indexOf('=');
    const [name = '', colon] = words;
    const op = words[equals + 1];
    if (colon !== ':' || equals < 3 || op === undefined)
      this.fail('a line is a leaf, a node, a return or an update', 'NAME : TYPE = OP …');
    const type = this.type(words.slice(2, equals).join(' '));
    const card = this.card(this.name(op));
    const { words: operands, attributes: told } = this.split(words.slice(equals + 2));
    const attributes = {
      ...(type && 'shape' in card.options && { shape: type.shape }),
      ...(type && 'dtype' in card.options && { dtype: type.dtype }),
      ...told,
    };
    const inputs = this.operands(operands, span);
    this.define(
      name,
      at(span, () => this.build(card, inputs, sorted(card, attributes), type, span, this.name(name))),
    );
  }

  private leaf(words: readonly string[], span: Span): void {
    const [kind = '', word = ''] = words;
    const equals = words.indexOf('=');
    const isInitial = equals > 0 && words[equals + 1] === 'initial' && words.length === equals + 3;
    const typeWord = words.slice(3, isInitial ? equals : undefined).join(' ');
    if (typeWord === '') this.fail('a line is a leaf, a node, a return or an update', 'NAME : TYPE = OP …');
    const type = this.type(typeWord) ?? this.fail(`${kind} needs a type`, 'f32[…], i32[…] or bool[…]');
    const name = this.name(word);
    const initial = isInitial ? this.operand(words[equals + 2] ?? '', type, span) : undefined;
    const attributes = { shape: type.shape, dtype: type.dtype };
    const card = this.card(kind);
    const made = new Node({ card, inputs: [], attributes, type, span, name, given: name, initial });
    if (!isShared(made)) this.fail(`a ${card.name} has no name of its own`, 'input, param or state');
    if (initial && isColumn(made)) this.fail(`an ${card.name} starts with nothing`, 'param or state');
    this.define(word, made);
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
        this.fail(
          `${card.name} cannot have ${shortened(JSON.stringify(value) ?? 'nothing')} for ${option}`,
          expects,
        );
    }
    const unknown = Object.keys(attributes).find((option) => !Object.hasOwn(card.options, option));
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
    const dtype = match ? dtypes.get(match[1]!) : undefined;
    if (!match || !dtype) return this.fail(`${text} is no type`, 'f32[…], i32[…] or bool[…]');
    const dims = match[2]!.trim() === '' ? [] : match[2]!.split(',').map((word) => word.trim());
    return { dtype, shape: dims.map((word): Dim => this.dim(word)) };
  }

  private dim(word: string): Dim {
    if (/^\d+$/.test(word) && Number.isSafeInteger(Number(word))) return Number(word);
    return /^(\d+\*)?[A-Z](\*[A-Z])*$/.test(word)
      ? word
      : this.fail(`${word} is no size`, 'a whole number, or 10*B');
  }

  private value(text: string): Attribute {
    try {
      return revive(JSON.parse(speakable(text)) as Attribute, deepest);
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
    const text = (this.lines[this.line] ?? '').trim();
    const line = this.line + 1;
    const span = { file: this.file, line, column: 1, endLine: line, endColumn: text.length + 1 };
    return refuse(TXT801({ message: shortened(message), span, expected, received: shortened(text) }));
  }
}

/** Attributes in the order of the card's options, defaults filled in, as a call would have made them. */
function sorted(card: Card, attributes: Record<string, Attribute>): Record<string, Attribute> {
  const complete = Object.entries(card.options).flatMap(
    ([name, { default: usual }]): [string, Attribute][] => {
      const value = Object.hasOwn(attributes, name) ? attributes[name] : usual;
      return value === undefined ? [] : [[name, value]];
    },
  );
  return { ...Object.fromEntries(complete), ...attributes };
}

/** Numbers that JSON cannot say. */
const unspeakable = /-0(?![\d.eE])|NaN|-?Infinity/g;

/** The text with such numbers as strings, which begin with a NUL; strings stay as they are. */
function speakable(text: string): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('"', at);
    const outside = text.slice(at, open < 0 ? text.length : open);
    result += outside.replace(unspeakable, (number) => `"\\u0000${number}"`);
    if (open < 0) break;
    at = open + 1;
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at++;
    result += text.slice(open, at);
  }
  return result;
}

/** How deep lists in attributes may be nested. */
const deepest = 32;

function revive(value: Attribute, depth: number): Attribute {
  if (depth === 0) throw new Error('internal: a list that is nested deeper than any attribute');
  if (typeof value === 'string' && value.startsWith('\u0000')) return Number(value.slice(1));
  return Array.isArray(value) ? value.map((each) => revive(each, depth - 1)) : value;
}
