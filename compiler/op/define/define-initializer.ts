/** What an initializer is: the values that a parameter starts with, in ops, for its shape. */
import type { Check, Taken, Takes } from '../arguments.ts';
import { checkArguments, takenBy } from '../arguments.ts';
import type { Initializer } from '../leaf.ts';

/** An initializer as the laws try it: made of these arguments, for the shape of a parameter. */
export interface InitializerExample<Args extends readonly unknown[] = readonly unknown[]> {
  readonly of: Readonly<Args>;
  /** Default [100, 200]. */
  readonly shape?: readonly number[];
  /** The mean of the values. */
  readonly mean: number;
  /** Their variance; 0 where all are one number. */
  readonly variance: number;
  /** No value lies further than this from the mean. Default: no bound. */
  readonly reach?: number;
}

/** What else an author may say: what it takes, so that mistakes are refused, and what the laws try. */
export interface InitializerClaims<Args extends readonly unknown[] = readonly unknown[]> extends Takes<Args> {
  readonly examples?: readonly InitializerExample<Args>[];
}

/** A kind of initializer, as registries and laws know it. */
export interface InitializerFacts {
  readonly family: 'initializer';
  readonly name: string;
  readonly takes: Taken;
  readonly examples: readonly InitializerExample[];
  /** Makes one of arguments such as those of the examples. */
  readonly make: (args: readonly unknown[]) => Initializer;
}

/** The function that makes initializers of one kind. */
export type InitializerKind<Args extends readonly unknown[]> = ((...args: Args) => Initializer) & {
  readonly facts: InitializerFacts;
};

/** Defines a kind of initializer: `defineInitializer('ones', () => (shape) => full(1, shape))`. */
export function defineInitializer<Args extends readonly unknown[]>(
  kind: string,
  define: (...args: Args) => Initializer,
  claims: InitializerClaims<NoInfer<Args>> = {},
): InitializerKind<Args> {
  const options: Readonly<Record<string, Check>> | undefined = claims.options;
  const make = (...args: Args): Initializer => {
    checkArguments(kind, claims.arguments, options, args);
    return define(...args);
  };
  Object.defineProperty(make, 'name', { value: kind });
  const facts: InitializerFacts = {
    family: 'initializer',
    name: kind,
    takes: takenBy(claims.arguments, options),
    examples: claims.examples ?? [],
    make: (args) => make(...(args as Args)),
  };
  return Object.assign(make, { facts });
}
