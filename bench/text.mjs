/** Numbers as people read them. */

export function timeText(microseconds) {
  if (microseconds < 1) return `${(microseconds * 1e3).toPrecision(3)} ns`;
  if (microseconds < 1e3) return `${microseconds.toPrecision(3)} µs`;
  if (microseconds < 1e6) return `${(microseconds / 1e3).toPrecision(3)} ms`;
  return `${(microseconds / 1e6).toPrecision(3)} s`;
}

/** How often a second something happens that takes so long. */
export function rateText(microseconds, of) {
  const rate = 1e6 / microseconds;
  if (rate >= 1e6) return `${(rate / 1e6).toPrecision(3)} M ${of}/s`;
  return rate >= 1e3 ? `${(rate / 1e3).toPrecision(3)} k ${of}/s` : `${rate.toPrecision(3)} ${of}/s`;
}

export function ratioText(ratio) {
  return `${ratio >= 100 ? Math.round(ratio) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)}×`;
}
