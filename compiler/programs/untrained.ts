/** What is wrong with who trains what: parameters that no gradient reaches, and those that two objectives set together. */
import type { Checked } from '../2-check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { GRD401, GRD402 } from '../diagnostics/gradient.ts';
import { PIP106 } from '../diagnostics/pipeline.ts';
import type { Node } from '../ir/node.ts';
import { typeText } from '../op/type-text.ts';
import type { Slopes } from './objectives.ts';

export function unreached(checked: Checked, slopes: readonly Slopes[]): Diagnostic[] {
  const idle = slopes.filter(({ trained }) => trained.length === 0);
  if (idle.length > 0) return idle.map((each) => trainsNothing(checked, each));
  const trained = new Set(slopes.flatMap((each) => each.trained.map(({ parameter }) => parameter)));
  return checked.params.flatMap((param) => {
    if (trained.has(param) || checked.frozen.has(param)) return [];
    const meant = slopes.find(({ lost }) => lost.includes(param));
    return [meant ? notReached(param, meant) : inNoObjective(param, checked)];
  });
}

function trainsNothing({ params, span }: Checked, { objective: { name, loss } }: Slopes): Diagnostic {
  const what = name === undefined ? 'the loss' : `the loss of ${name}`;
  return GRD401({
    message:
      params.length === 0
        ? `${what} depends on no parameter`
        : `the gradient of ${what} reaches ${name === undefined ? 'no parameter' : 'none of its parameters'}`,
    span: loss.span,
    labels: [{ span, text: 'nothing to train in this pipeline' }],
    expected: 'a loss that depends on parameters through differentiable ops',
    hint: 'use layers or param(…) in the model; rounding, comparing and stopGradient let no gradient through',
  });
}

function notReached(leaf: Node, { objective: { name, loss } }: Slopes): Diagnostic {
  return GRD402({
    message: `the gradient of ${name === undefined ? 'the loss' : `the loss of ${name}`} does not reach ${leaf.name}`,
    span: leaf.span,
    labels: [{ span: loss.span, text: 'the loss' }],
    received: typeText(leaf),
    hint: 'it stays as it starts; make it param(…, { trainable: false }) if that is meant',
  });
}

function inNoObjective(leaf: Node, { span }: Checked): Diagnostic {
  return GRD402({
    message: `no objective trains ${leaf.name}`,
    span: leaf.span,
    labels: [{ span, text: 'the objectives of this pipeline' }],
    received: typeText(leaf),
    hint: 'it stays as it starts; name its layer in the parameters of an objective, or make it trainable: false',
  });
}

/** Two optimizers cannot both set a parameter from where the step began. */
export function trainedTwice({ update, span }: Checked, slopes: readonly Slopes[]): Diagnostic[] {
  if (update === 'inTurn') return [];
  const trainedBy = new Map<Node, string>();
  for (const { objective, trained } of slopes) {
    const { name = '' } = objective;
    for (const { parameter } of trained) {
      const other = trainedBy.get(parameter);
      if (other !== undefined) {
        return [
          PIP106({
            message: `${other} and ${name} both train ${parameter.name}`,
            span,
            labels: [{ span: parameter.span, text: `${parameter.name} is declared here` }],
            expected: 'each parameter in one objective, or objectives that update in turn',
            received: 'two updates of one parameter in one step',
            hint: "divide them up by parameters: layer, say update: 'inTurn', or add the losses up in one objective",
          }),
        ];
      }
      trainedBy.set(parameter, name);
    }
  }
  return [];
}
