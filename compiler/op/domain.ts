/** Where the laws of an op sample its inputs; special values are always tried as well. */

export interface Domain {
  readonly kind: 'reals' | 'integers' | 'truths';
  readonly min: number;
  readonly max: number;
  /** Values near which a derivative does not exist: central differences keep away from them. */
  readonly kinks: readonly number[];
  /** Values where the op is not defined for the purpose of the laws, beside NaN. */
  readonly except: readonly number[];
}

/** Real numbers in [min, max]. */
export function reals(options: Partial<Omit<Domain, 'kind'>> = {}): Domain {
  return { kind: 'reals', min: -4, max: 4, kinks: [], except: [], ...options };
}

/** Whole numbers in [min, max]. */
export function integers(options: Partial<Omit<Domain, 'kind'>> = {}): Domain {
  return { kind: 'integers', min: -9, max: 9, kinks: [], except: [], ...options };
}

/** True and false. */
export function truths(): Domain {
  return { kind: 'truths', min: 0, max: 1, kinks: [], except: [] };
}
