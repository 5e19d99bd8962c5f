/** Mismatches as diagnostics: with the place of the call, and the declaration of the input at fault beside it. */
import type { Tensor } from '../../../dsl/tensor.ts';
import type { Diagnostic, Label } from '../../diagnostics/diagnostic.ts';
import { refuse } from '../../diagnostics/diagnostic.ts';
import { SHP201 } from '../../diagnostics/shape.ts';
import type { Node } from '../../ir/node.ts';
import { nodeOf, typeOf } from '../../ir/node.ts';
import { siteSpan } from '../../ir/site.ts';
import type { Mismatch } from '../mismatch.ts';
import { TypeMismatch } from '../mismatch.ts';
import { typeText } from '../type-text.ts';

/** The diagnostic of a mismatch among these inputs. */
export function explain(inputs: readonly Node[], mismatch: Mismatch): Diagnostic {
  const { code = SHP201, blame, ...details } = mismatch;
  const culprit = blame === undefined ? undefined : inputs[blame];
  return code({ ...details, span: siteSpan(), labels: culprit ? originOf(culprit) : [] });
}

/** Runs a body that types `inputs` outside of any card, such as a metric's; what does not fit is refused. */
export function refusingMismatch<T>(inputs: readonly Tensor[], body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof TypeMismatch) return refuse(explain(inputs.map(nodeOf), error.mismatch));
    throw error;
  }
}

/** Where an input came from: the second place of a clash. */
function originOf(node: Node): Label[] {
  const here = siteSpan();
  const { span } = node;
  if (span.file === '' || (span.file === here.file && span.line === here.line && span.column === here.column))
    return [];
  const name = node.name ?? node.scope?.name ?? node.card.name;
  const verb = node.card.kind === 'leaf' ? 'is declared here' : 'comes from here';
  return [{ span, text: `${name} : ${typeText(typeOf(node))} ${verb}` }];
}
