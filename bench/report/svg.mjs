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

/** From values to places, by their logarithm; `ticks` are powers of ten, or where those are few, 1, 2, 5, 10, 20 … */
export function logarithmic(values, from, to) {
  const low = Math.log10(Math.min(...values));
  const high = Math.log10(Math.max(...values));
  const room = Math.max(0.05 * (high - low), 0.05);
  const [start, end] = [low - room, high + room];
  const at = (value) => from + ((Math.log10(value) - start) / (end - start)) * (to - from);
  const steps = (parts) => {
    const powers = Array.from(
      { length: Math.ceil(end) - Math.floor(start) },
      (_, i) => Math.floor(start) + i,
    );
    const all = powers.flatMap((power) => parts.map((part) => part * 10 ** power));
    return all.filter((tick) => tick >= 10 ** start && tick <= 10 ** end);
  };
  const tens = steps([1]);
  return { at, ticks: tens.length >= 4 ? tens : steps([1, 2, 5]) };
}
