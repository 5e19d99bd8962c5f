/** The bits of whole numbers, mixed up. */

import { integer } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { none } from '../../../../compiler/op/card.ts';
import { defineOp } from '../../../../compiler/op/define/define-op.ts';
import { integers } from '../../../../compiler/op/domain.ts';
import type { Elementwise } from '../../../../compiler/op/signatures.ts';
import { preserving } from '../../../../compiler/op/type-rules.ts';
import { fmix, fmixIn, fmixOf } from '../../../approximations/fmix.ts';

/** The upper 31 bits of MurmurHash3's finalizer: a whole number from 0 up in which every bit of x counts. */
export const mixedBits: Op<Elementwise> = defineOp({
  name: 'mixedBits',
  kind: 'map',
  inputs: { x: integer },
  type: preserving,
  scalar: ({ x }) => fmix(x) >>> 1,
  gradient: none('its value jumps'),
  lower: {
    wasm: (s, { x }) => s.shrU(fmixOf(s, x), 1),
    tensorflow: (tf, { x }) =>
      tf.bitcast(tf.map('RightShift', fmixIn(tf, tf.bitcast(x, 'uint32')), 1), 'int32'),
  },
  domain: { x: integers({ min: -0x8000_0000, max: 0x7fff_ffff }) },
  cost: 8,
  // The finalizer is published as code; of 1 it gives 514e28b7, of −1 81f16f39.
  examples: [[[[0, 1, -1]], [0, 0x514e28b7 >>> 1, 0x81f16f39 >>> 1]]],
});
