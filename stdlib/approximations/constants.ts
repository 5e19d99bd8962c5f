/**
 * Coefficients of the approximations. The polynomials are minimax fits of our own (Lawson's iteration on Chebyshev
 * nodes, scripts/fit-approximations.py) with the stated relative error before rounding.
 */

/** ln 2 in two parts: the first has 9 bits, so that its product with an exponent is exact. */
export const ln2High = 0.693359375;
export const ln2Low = -2.1219444005469057e-4;

/** (eʳ − 1 − r) / r² on |r| ≤ 0.347, to 3·10⁻⁹ of eʳ. */
export const expTail: readonly number[] = [
  0.499999934, 0.1666652, 0.0416683958, 0.00836879669, 0.00138144331,
];

/** (ln(1 + f) − f + f²/2) / f³ on √½ ≤ 1 + f ≤ √2, to 7·10⁻¹⁰ of ln(1 + f). */
export const logTail: readonly number[] = [
  0.333333126, -0.250000096, 0.200021187, -0.166679959, 0.142195524, -0.124055889, 0.118881623, -0.116756518,
  0.0674664032,
];

/** π/2 in three parts of 8 bits, whose products with a quadrant below 2¹⁶ are exact, and a rest. */
export const halfPi: readonly number[] = [
  1.5703125, 0.0004825592041015625, 1.2665987014770508e-6, 9.92093629e-10,
];

/** (sin x − x) / x³ in powers of x², on |x| ≤ π/4, to 4·10⁻⁹ of sin x. */
export const sineTail: readonly number[] = [-0.166666549, 0.00833217228, -0.0001951648];

/** (cos x − 1 + x²/2) / x⁴ in powers of x², on |x| ≤ π/4, to 2·10⁻¹⁰ of cos x. */
export const cosineTail: readonly number[] = [0.0416666455, -0.00138873081, 2.44322095e-5];

/** erf(x)/x − 1 in powers of x², on |x| ≤ 1, to 2·10⁻⁹ of erf x. */
export const erfNear0: readonly number[] = [
  0.128379166, -0.376126258, 0.112835852, -0.0268538127, 0.00518832895, -0.000801020362, 7.85389184e-5,
];

/** ln(1 − erf x) in powers of x, on 1 ≤ x ≤ 4, to 2·10⁻⁹ of erf x. */
export const erfTail: readonly number[] = [
  -0.000341522839, -1.12708919, -0.638144831, -0.103106756, 0.0218380647, -0.00294765848, 0.00018637921,
];
