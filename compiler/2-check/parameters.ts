/** Which parameters an objective trains: those of layers, given ones, or those whose names a function says yes to. */
import type { Parameters } from '../../dsl/pipeline.ts';
import type { ReadObjective } from '../1-read/reading.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { PIP103, PIP107 } from '../diagnostics/pipeline.ts';
import { Node } from '../ir/node.ts';
import type { Span } from '../ir/span.ts';
import { isLayer, ownedBy } from '../op/freeze.ts';

export interface Selection {
  readonly parameters: readonly Node[];
  readonly isSelected: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** `find` leads from a parameter of the reading to the one that was checked. */
export function select(
  { name, parameters }: ReadObjective,
  params: readonly Node[],
  find: (node: Node) => Node | undefined,
  span: Span,
): Selection {
  if (parameters === undefined) return { parameters: params, isSelected: false, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const part = `objectives.${name}.parameters`;
  const selects = (given: Parameters, param: Node): boolean => {
    if (Array.isArray(given)) return given.some((each: Parameters) => selects(each, param));
    if (given instanceof Node) return find(given) === param;
    if (isLayer(given)) return ownedBy(param, given);
    if (typeof given === 'function') return given(param.given ?? '') === true;
    diagnostics.push(
      PIP103({
        message: `${part} must say what is trained`,
        span,
        expected: 'a layer, a parameter, a function of names, or a list of these',
        received: String(given),
      }),
    );
    return false;
  };
  const selected = params.filter((param) => selects(parameters, param));
  if (selected.length === 0 && diagnostics.length === 0) diagnostics.push(nothing(part, params, span));
  return { parameters: selected, isSelected: true, diagnostics: diagnostics.slice(0, 1) };
}

function nothing(part: string, params: readonly Node[], span: Span): Diagnostic {
  return PIP107({
    message: `${part} selects no parameter`,
    span,
    expected:
      params.length > 0 ? `some of ${params.map(({ name }) => name).join(', ')}` : 'a model with parameters',
    received: 'none of them',
    hint: 'name a layer that the model calls, and whose parameters are trained',
  });
}
