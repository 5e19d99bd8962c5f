/** Generates well-typed TypeScript programs that compute plain values in every form that the static reader covers. */
import type { Draw } from './draw.ts';

type Type = 'number' | 'numbers' | 'string' | 'record' | 'function';
interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
}

const record = '{ n: number; s: string; xs: number[]; more?: { n: number } }';
const written: Readonly<Record<Type, string>> = {
  number: 'number',
  numbers: 'number[]',
  string: 'string',
  record,
  function: '(x: number, ...more: number[]) => number',
};

/** The body of a function that returns all its variables: `const a: number = …; …; return { a, … };` */
export function computation(draw: Draw): string {
  return new Computation(draw).program();
}

class Computation {
  private readonly draw: Draw;
  private count = 0;

  constructor(draw: Draw) {
    this.draw = draw;
  }

  program(): string {
    const scope: Variable[] = [];
    const lines = this.block(scope, this.draw.whole(3, 9), 2);
    const shown = scope.filter(({ type }) => type !== 'function');
    const called = scope
      .filter(({ type }) => type === 'function')
      .map(({ name }) => `${name}_: ${name}(2, 3)`);
    return [...lines, `return { ${[...shown.map(({ name }) => name), ...called].join(', ')} };`].join('\n');
  }

  private name(): string {
    return `v${this.count++}`;
  }

  /** Statements; what they declare is added to the scope. `depth` bounds the nesting of blocks. */
  private block(scope: Variable[], size: number, depth: number): string[] {
    return Array.from({ length: size }, () => this.statement(scope, depth)).flat();
  }

  private inner(scope: readonly Variable[], depth: number): string {
    return this.block([...scope], this.draw.whole(1, 3), depth - 1).join('\n');
  }

  private statement(scope: Variable[], depth: number): string[] {
    const kinds = ['declare', 'declare', 'assign', 'destructure', 'function', 'change', 'swap'];
    if (depth > 0) kinds.push('if', 'for', 'forOf', 'while', 'switch', 'closures', 'labelled');
    switch (this.draw.pick(kinds)) {
      case 'declare':
        return [this.declare(scope)];
      case 'assign':
        return this.assign(scope);
      case 'destructure':
        return [this.destructure(scope)];
      case 'function':
        return this.declareFunction(scope);
      case 'change':
        return this.change(scope);
      case 'swap':
        return this.swap(scope);
      case 'if':
        return [
          `if (${this.truth(scope, 2)}) {\n${this.inner(scope, depth)}\n} else {\n${this.inner(scope, depth)}\n}`,
        ];
      case 'for': {
        const i = this.name();
        const step = this.draw.pick([`${i}++`, `${i} += 2`]);
        return [
          `for (let ${i} = 0; ${i} < ${this.draw.whole(0, 4)}; ${step}) {\n${this.inner([...scope, constant(i)], depth)}\n}`,
        ];
      }
      case 'forOf': {
        const x = this.name();
        const over = this.draw.chance(4)
          ? {
              head: `const [${x}, ${x}x]`,
              of: `${this.numbers(scope, 1)}.slice(0, 4).entries()`,
              names: [x, `${x}x`],
            }
          : { head: `const ${x}`, of: `${this.numbers(scope, 2)}.slice(0, 4)`, names: [x] };
        return [
          `for (${over.head} of ${over.of}) {\n${this.inner([...scope, ...over.names.map(constant)], depth)}\n}`,
        ];
      }
      case 'while': {
        const i = this.name();
        const stop = this.draw.chance(2)
          ? `if (${this.truth(scope, 1)}) break;`
          : `if (${this.truth(scope, 1)}) continue;`;
        const body = `${i}++;\n${stop}\n${this.inner([...scope, constant(i)], depth)}`;
        return this.draw.chance(3)
          ? [`let ${i} = 0;\ndo {\n${body}\n} while (${i} < ${this.draw.whole(1, 3)});`]
          : [`let ${i} = 0;\nwhile (${i} < ${this.draw.whole(0, 3)}) {\n${body}\n}`];
      }
      case 'switch': {
        const end = (): string => (this.draw.chance(3) ? '' : 'break;');
        return [
          `switch (Math.abs(${this.number(scope, 1)}) % 3) {\ncase 0: {\n${this.inner(scope, depth)}\n${end()}}\n// falls through\ncase ${this.draw.whole(1, 2)}: {\n${this.inner(scope, depth)}\n${end()}}\n// falls through\ndefault: {\n${this.inner(scope, depth)}\n}\n}`,
        ];
      }
      case 'closures': {
        const [fs, i, total] = [this.name(), this.name(), this.name()];
        scope.push(variable(total));
        return [
          `const ${fs}: (() => number)[] = [];`,
          `for (let ${i} = 0; ${i} < 3; ${i}++) ${fs}.push(() => ${this.number([...scope.slice(0, -1), constant(i)], 2)});`,
          `let ${total}: number = ${fs}.reduce((sum, f) => sum + f(), 0);`,
        ];
      }
      default: {
        const [label, i, j] = [this.name(), this.name(), this.name()];
        const leave = this.draw.pick(['continue', 'break']);
        const inside = [...scope, constant(i), constant(j)];
        return [
          `${label}: for (const ${i} of [0, 1, 2]) {\nfor (const ${j} of [0, 1]) {\nif (${this.truth(inside, 2)}) ${leave} ${label};\n${this.inner(inside, 1)}\n}\n}`,
        ];
      }
    }
  }

  private declare(scope: Variable[]): string {
    const type = this.draw.pick<Type>(['number', 'numbers', 'string', 'record', 'number']);
    const mutable = this.draw.chance(2);
    const name = this.name();
    const text = `${mutable ? 'let' : 'const'} ${name}: ${written[type]} = ${this.value(type, scope, 3)};`;
    scope.push({ name, type, mutable });
    return text;
  }

  private declareFunction(scope: Variable[]): string[] {
    const name = this.name();
    const [x, more, k] = [this.name(), this.name(), this.name()];
    const inside = [
      ...scope,
      constant(x),
      { name: more, type: 'numbers' as const, mutable: false },
      constant(k),
    ];
    scope.push({ name, type: 'function', mutable: false });
    const result = this.number(inside, 2);
    const parameters = `${x}: number, ...${more}: number[]`;
    const setup = `const ${k}: number = ${x} + ${more}.length;`;
    switch (this.draw.whole(0, 2)) {
      case 0:
        return [`const ${name} = (${parameters}): number => {\n${setup}\nreturn ${result};\n};`];
      case 1:
        return [
          `function ${name}(${parameters}): number {\n${setup}\nif (!(${x} > 0)) return ${result};\nreturn ${name}(Math.min(${x}, 4) - 1, ...${more}) + 1;\n}`,
        ];
      default:
        return [
          `const ${name} = ((offset: number) => (${x}: number = offset, ...${more}: number[]): number => {\n${setup}\nreturn ${result};\n})(${this.number(scope.slice(0, -1), 1)});`,
        ];
    }
  }

  private destructure(scope: Variable[]): string {
    const [a, b, c] = [this.name(), this.name(), this.name()];
    if (this.draw.chance(2)) {
      const text = `const [${a}, ${b} = ${this.number(scope, 1)}, ...${c}] = ${this.numbers(scope, 2)};`;
      const first = this.name();
      scope.push(constant(b), { name: c, type: 'numbers', mutable: false }, constant(first));
      // The first element may be missing, which its type does not say.
      return `${text}\nconst ${first}: number = ${a} ?? -1;`;
    }
    const text = `const { n: ${a}, xs: [${b} = 7], ...${c} } = ${this.record(scope, 2)};`;
    scope.push(constant(a), constant(b));
    const rest = this.name();
    scope.push({ name: rest, type: 'string', mutable: false });
    return `${text}\nconst ${rest}: string = JSON.stringify(${c});`;
  }

  private assign(scope: readonly Variable[]): string[] {
    const targets = scope.filter(({ mutable }) => mutable);
    if (targets.length === 0) return [];
    const { name, type } = this.draw.pick(targets);
    if (type === 'number' && this.draw.chance(2)) {
      if (this.draw.chance(3)) return [this.draw.pick([`${name}++;`, `--${name};`])];
      return [`${name} ${this.draw.pick(['+=', '-=', '*=', '%='])} ${this.number(scope, 2)};`];
    }
    return [`${name} = ${this.value(type, scope, 2)};`];
  }

  private change(scope: readonly Variable[]): string[] {
    const targets = scope.filter(
      ({ type, name }) => (type === 'numbers' || type === 'record') && !name.includes('.'),
    );
    if (targets.length === 0) return [];
    const { name, type } = this.draw.pick(targets);
    if (type === 'numbers') {
      return [
        this.draw.pick([
          `if (${name}.length < 12) ${name}.push(${this.number(scope, 2)});`,
          `${name}.sort((p, q) => q - p);`,
          `${name}[0] = ${this.number(scope, 1)};`,
          `${name}.shift();`,
        ]),
      ];
    }
    return [
      this.draw.pick([
        `${name}.n += ${this.number(scope, 1)};`,
        `${name}.more ??= { n: ${this.draw.whole(0, 9)} };`,
      ]),
    ];
  }

  private swap(scope: readonly Variable[]): string[] {
    const targets = scope.filter(({ mutable, type }) => mutable && type === 'number');
    if (targets.length < 2) return [];
    const [a, b] = [this.draw.pick(targets).name, this.draw.pick(targets).name];
    return [`[${a}, ${b}] = [${b}, ${a}];`];
  }

  private value(type: Type, scope: readonly Variable[], depth: number): string {
    if (type === 'number') return this.number(scope, depth);
    if (type === 'numbers') return `${this.numbers(scope, depth)}.slice(0, 9)`;
    if (type === 'string') return `${this.string(scope, depth)}.slice(0, 24)`;
    return this.record(scope, depth);
  }

  private of(scope: readonly Variable[], type: Type): string | undefined {
    const names = scope.filter((each) => each.type === type).map(({ name }) => name);
    return names.length > 0 ? this.draw.pick(names) : undefined;
  }

  private number(scope: readonly Variable[], depth: number): string {
    const known = this.of(scope, 'number');
    if (depth <= 0) return known ?? String(this.draw.whole(-9, 9));
    const a = (): string => this.number(scope, depth - 1);
    const xs = (): string => this.numbers(scope, depth - 1);
    const f = this.of(scope, 'function');
    const r = this.of(scope, 'record');
    const forms = [
      () => String(this.draw.pick([0, 1, 2.5, -3, 1e21, 0.1])),
      () => known ?? '4',
      () => `(${a()} ${this.draw.pick(['+', '-', '*', '/', '%', '&', '|', '^', '>>', '>>>', '<<'])} ${a()})`,
      () => `Math.${this.draw.pick(['floor', 'abs', 'sign', 'trunc', 'sqrt', 'round'])}(${a()})`,
      () => `Math.max(${a()}, ...${xs()})`,
      () => `(${this.truth(scope, depth - 1)} ? ${a()} : ${a()})`,
      () => `${xs()}.length`,
      () => `(${xs()}[${this.draw.whole(0, 3)}] ?? ${a()})`,
      () => `${xs()}.reduce((sum, x) => sum ${this.draw.pick(['+', '-', '*'])} x, ${a()})`,
      () => `(${xs()}.at(-1) ?? 1)`,
      () => `(-(${a()}))`,
      () => `${this.string(scope, depth - 1)}.length`,
      () => `Number(${this.string(scope, depth - 1)})`,
      () => (f === undefined ? a() : `${f}(${a()}, ${a()})`),
      () => (f === undefined ? a() : `${f}(${a()}, ...${xs()})`),
      () => (r === undefined ? a() : `(${r}.more?.n ?? ${r}.n)`),
      () => `${this.record(scope, depth - 1)}.n`,
      () => `(new Map(${xs()}.map((x, i): [number, number] => [i, x])).get(${this.draw.whole(0, 2)}) ?? 0)`,
    ];
    return this.draw.pick(forms)();
  }

  private numbers(scope: readonly Variable[], depth: number): string {
    const known = this.of(scope, 'numbers');
    if (depth <= 0) return known ?? `[${this.draw.whole(0, 9)}, ${this.draw.whole(0, 9)}]`;
    const x = this.name();
    const inside = [...scope, constant(x)];
    const xs = (): string => this.numbers(scope, depth - 1);
    const a = (): string => this.number(scope, depth - 1);
    const forms = [
      () => known ?? '[1, 2]',
      () => `[${a()}, ...${xs()}, ${a()}]`,
      () => `${xs()}.map((${x}) => ${this.number(inside, depth - 1)})`,
      () => `${xs()}.filter((${x}) => ${this.truth(inside, depth - 1)})`,
      () =>
        `Array.from({ length: ${this.draw.whole(0, 4)} }, (_, ${x}) => ${this.number(inside, depth - 1)})`,
      () => `${xs()}.slice(${this.draw.whole(-2, 1)})`,
      () => `[...new Set(${xs()})]`,
      () => `Object.values({ a: ${a()}, b: ${a()} })`,
      () => `${xs()}.flatMap((${x}) => [${x}, ${this.number(inside, depth - 1)}])`,
      () => `${this.record(scope, depth - 1)}.xs`,
      () => `[...${xs()}].sort((p, q) => p - q)`,
      () => `[...${xs()}.keys()]`,
      () => `(JSON.parse(JSON.stringify(${xs()})) as number[])`,
    ];
    // A cut keeps programs from growing beyond all bounds.
    return `${this.draw.pick(forms)()}.slice(0, 12)`;
  }

  private string(scope: readonly Variable[], depth: number): string {
    const known = this.of(scope, 'string');
    if (depth <= 0) return known ?? "'ab'";
    const s = (): string => this.string(scope, depth - 1);
    const forms = [
      () => known ?? "'Mill'",
      () => `\`\${${this.number(scope, depth - 1)}}-\${${s()}}\``,
      () =>
        `${s()}.${this.draw.pick(['toUpperCase()', 'trim()', "padStart(5, '*')", 'slice(1)', "replaceAll('a', 'bb')", 'repeat(2)'])}`,
      () => `${this.numbers(scope, depth - 1)}.join('/')`,
      () => `String(${this.number(scope, depth - 1)})`,
      () => `JSON.stringify(${this.record(scope, depth - 1)})`,
      () => `Object.keys(${this.record(scope, depth - 1)}).join()`,
      () => `(${s()} + ${this.number(scope, depth - 1)})`,
      () => `(typeof ${this.of(scope, 'function') ?? '3'})`,
      () => `${s()}.split('').map((c) => c + c).join('')`,
    ];
    return `${this.draw.pick(forms)()}.slice(0, 32)`;
  }

  private record(scope: readonly Variable[], depth: number): string {
    const known = this.of(scope, 'record');
    if (known !== undefined && (depth <= 0 || this.draw.chance(3))) return known;
    const base = known === undefined || this.draw.chance(2) ? '' : `...${known}, `;
    const inner = Math.max(0, depth - 1);
    const more = this.draw.chance(2) ? `, more: { n: ${this.number(scope, inner)} }` : '';
    return `({ ${base}n: ${this.number(scope, inner)}, ['s']: ${this.string(scope, inner)}, xs: ${this.numbers(scope, inner)}${more} } as ${record})`;
  }

  private truth(scope: readonly Variable[], depth: number): string {
    const a = (): string => this.number(scope, depth - 1);
    if (depth <= 0) return `${a()} > ${this.draw.whole(-2, 3)}`;
    const b = (): string => this.truth(scope, depth - 1);
    const forms = [
      () => `${a()} ${this.draw.pick(['<', '>', '<=', '>='])} ${a()}`,
      () => `Object.is(${a()}, ${a()})`,
      () => `(${b()} && ${b()})`,
      () => `(${b()} || ${b()})`,
      () => `!(${b()})`,
      () => `${this.numbers(scope, depth - 1)}.includes(${a()})`,
      () => `${this.numbers(scope, depth - 1)}.some((x) => x > ${a()})`,
      () => `${this.string(scope, depth - 1)}.startsWith('a')`,
      () => `'more' in ${this.record(scope, depth - 1)}`,
      () => `/[a-c]+\\d?/.test(${this.string(scope, depth - 1)})`,
    ];
    return `(${this.draw.pick(forms)()})`;
  }
}

function constant(name: string): Variable {
  return { name, type: 'number', mutable: false };
}

function variable(name: string): Variable {
  return { name, type: 'number', mutable: true };
}
