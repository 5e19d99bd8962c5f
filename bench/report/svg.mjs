/** The little of SVG that the plots need: elements, text, and a logarithmic axis. */

const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function element(name, attributes, ...children) {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inside = children.flat().join('');
  return inside ? `<${name}${written.join('')}>${inside}</${name}>` : `<${name}${written.join('')}/>`;
}

export const ink = '#1f2430';
export const faint = '#6b7280';
export const grid = '#e5e7eb';
/** Told apart by people who see few colours, too (after Okabe and Ito). */
export const colours = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#b8860b',
  '#56b4e9',
  '#7a5195',
  '#444444',
];

export function text(x, y, words, { size = 12, fill = ink, anchor = 'start', weight = 400 } = {}) {
  return element(
    'text',
    { x: round(x), y: round(y), 'font-size': size, fill, 'text-anchor': anchor, 'font-weight': weight },
    escaped(words),
  );
}

export const line = (x1, y1, x2, y2, stroke = grid, width = 1) =>
  element('line', {
    x1: round(x1),
    y1: round(y1),
    x2: round(x2),
    y2: round(y2),
    stroke,
    'stroke-width': width,
  });

export const round = (number) => Math.round(number * 10) / 10;

export function picture(width, height, title, children) {
  const head = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif',
  };
  const paper = element('rect', { width, height, fill: '#ffffff' });
  return `${element('svg', head, element('title', {}, escaped(title)), paper, ...children)}\n`;
}

/** From values to places, by their logarithm; `ticks` are the powers of ten within, or of two where those are few. */
export function logarithmic(values, from, to) {
  const low = Math.log10(Math.min(...values));
  const high = Math.log10(Math.max(...values));
  const room = Math.max(0.05 * (high - low), 0.02);
  const [start, end] = [low - room, high + room];
  const at = (value) => from + ((Math.log10(value) - start) / (end - start)) * (to - from);
  const powers = (base) => {
    const exponents = (log) => log / Math.log10(base);
    const first = Math.ceil(exponents(start) - 1e-9);
    const last = Math.floor(exponents(end) + 1e-9);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => base ** (first + i));
  };
  const tens = powers(10);
  return { at, ticks: tens.length >= 3 ? tens : powers(2) };
}
