/** Laws of examples: the card says what the op gives, and what type that has. */
import { problemsOf, typeOf } from '../../compiler/ir/node.ts';
import type { Card } from '../../compiler/op/card.ts';
import { close } from '../close.ts';
import type { Draws } from '../draw.ts';
import { holds } from '../law-test.ts';
import { documented, drawn, textOf, valueOf } from './case.ts';
import type { DocumentedCall } from './documented-calls.ts';
import { flat } from './documented-calls.ts';

/** Examples, a domain for each input, and a gradient or the reason why there is none. */
export function isDocumented(card: Card, calls: readonly DocumentedCall[]): number {
  holds(calls.length > 0, () => `${card.name} has no examples`);
  const [inputs, domains] = [Object.keys(card.inputs).sort(), Object.keys(card.domain).sort()];
  holds(
    inputs.join() === domains.join(),
    () => `${card.name} has domains for ${domains}, and inputs ${inputs}`,
  );
  holds(card.kind === 'composite' || card.gradient !== undefined, () => `${card.name} has no gradient`);
  return 1;
}

/** Each example gives what the card says. */
export function exampleHolds(call: DocumentedCall): number {
  const [problem] = problemsOf(call.node);
  holds(!problem, () => `${call.text}: ${problem?.code}: ${problem?.message}`);
  const got = valueOf(call.node, documented(call));
  const want = flat(call.result);
  holds(
    got.data.length === want.length,
    () => `${call.text} gives ${got.data.length} values, not ${want.length}`,
  );
  got.data.forEach((value, i) => {
    holds(close(value, want[i]!, 1e-6, 1e-7), () => `${call.text}, element ${i}: ${value} for ${want[i]}`);
  });
  return 1;
}

/** The value has the shape and the dtype that the type rule says, and holds nothing that the dtype cannot. */
export function hasItsType(call: DocumentedCall, draws: Draws, runs: number): number {
  const type = typeOf(call.node);
  for (let run = 0; run < runs; run++) {
    const feeds = drawn(call, draws);
    const got = valueOf(call.node, feeds);
    const at = (): string => `${call.text} at ${textOf(feeds)}`;
    holds(
      got.dtype === type.dtype && got.shape.join() === type.shape.join(),
      () => `${at()} gives ${got.dtype}[${got.shape}], typed ${type.dtype}[${type.shape}]`,
    );
    const size = got.shape.reduce((product, dim) => product * dim, 1);
    holds(got.data.length === size, () => `${at()} gives ${got.data.length} elements, not ${size}`);
    for (const value of got.data) {
      const held =
        got.dtype === 'float32' ||
        (got.dtype === 'bool' ? value === 0 || value === 1 : value === (value | 0));
      holds(held, () => `${at()} gives ${value}, which no ${got.dtype} is`);
    }
  }
  return runs;
}
