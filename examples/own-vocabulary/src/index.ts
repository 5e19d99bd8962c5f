/** The package: what its users call, and the vocabulary that a saved model asks for. */
import { defineVocabulary } from 'millrace/op';
import { smoothStep } from './smoothStep.ts';

export type { EveryOtherOptions, EveryOtherState } from './everyOther.ts';
export { everyOther } from './everyOther.ts';
export type { FocalLossOptions } from './focalLoss.ts';
export { focalLoss } from './focalLoss.ts';
export type { GatedOptions } from './gated.ts';
export { gated } from './gated.ts';
export type { HalveOnPlateauOptions, PlateauState } from './halveOnPlateau.ts';
export { halveOnPlateau } from './halveOnPlateau.ts';
export type { RmsPropOptions } from './rmsProp.ts';
export { rmsProp } from './rmsProp.ts';
export { rSquared } from './rSquared.ts';
export { scaledNormal } from './scaledNormal.ts';
export { smoothStep };

/** To be handed over to `load`; name and version are those of `package.json`. */
export const vocabulary = defineVocabulary({ name: 'own-vocabulary', version: '1.2.0', ops: { smoothStep } });
