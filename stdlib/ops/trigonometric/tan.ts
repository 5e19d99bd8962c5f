/** tan x */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { odd } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { divide } from '../arithmetic/divide.ts';
import { cos } from './cos.ts';
import { sin } from './sin.ts';

/** sin x / cos x */
export const tan: Op<Elementwise> = composite({
  name: 'tan',
  inputs: { x: float },
  body: ({ x }) => divide(sin(x), cos(x)),
  domain: { x: reals({ min: -1.2, max: 1.2 }) },
  laws: [odd],
  examples: [[[[0, Math.PI / 4]], [0, 1]]],
});
