/** Goes up whenever the emitter writes another module for the same plan: modules that were kept are then not used. */
export const emitterVersion = 2;
