/** Every definition of the package keeps the laws that Millrace's own keep. */
import { describe, test } from 'node:test';
import { lawsOf } from 'millrace/laws';
import { everyOther, focalLoss, gated, rmsProp, rSquared, scaledNormal, smoothStep } from '../src/index.ts';

for (const [name, definition] of Object.entries({
  smoothStep,
  focalLoss,
  gated,
  rSquared,
  rmsProp,
  scaledNormal,
  everyOther,
})) {
  describe(name, () => {
    for (const law of lawsOf(definition)) test(law.name, law.run);
  });
}
