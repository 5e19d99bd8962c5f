/** The names of the programs that every pipeline has: three that training is made of, and the one that answers rows. */
export const init = 'init';
export const step = 'step';
export const evaluate = 'evaluate';
export const predict = 'predict';
/** Only of pipelines with values that are fitted before the first step. */
export const fit = 'fit';

/** In the order in which a module holds them; programs of the user's own come after. */
export const programNames = [init, step, evaluate, predict] as const;
