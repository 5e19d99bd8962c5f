/** Each task a line, each library a dot on it: how many times our step its step takes. */
import { colours, element, faint, grid, ink, line, logarithmic, picture, round, text } from './svg.mjs';

const [left, right, rowHeight] = [120, 30, 46];
const width = 860;
const legendColumns = 4;

/** What a dot is called: without the number of cores here. */
const kinds = {
  oursAll: 'Millrace, all cores',
  oursRelaxed: 'Millrace, relaxed SIMD',
  oursTensorflow: 'Millrace, TensorFlow',
  tfjs: 'tfjs wasm',
  jaxJs: 'jax-js wasm',
  torch1: 'PyTorch, one thread',
  torch: 'PyTorch, all cores',
  jax1: 'JAX jit, one core',
  jax: 'JAX jit, all cores',
  keras: 'Keras on JAX',
};
/** One hue a library; hollow for one core. */
const hues = {
  oursAll: 7,
  oursRelaxed: 7,
  oursTensorflow: 6,
  tfjs: 1,
  jaxJs: 3,
  torch1: 0,
  torch: 0,
  jax1: 2,
  jax: 2,
  keras: 4,
};
const hollow = new Set(['oursRelaxed', 'torch1', 'jax1']);

function dot(id, x, y, title) {
  const colour = colours[hues[id]];
  const fill = hollow.has(id) ? '#ffffff' : colour;
  const place = { cx: round(x), cy: round(y), r: 5.5, fill, stroke: colour, 'stroke-width': 2 };
  return element('circle', place, title ? element('title', {}, title) : []);
}

function legend(ids) {
  const each = (width - left - right) / legendColumns;
  return ids.flatMap((id, i) => {
    const [x, y] = [left + (i % legendColumns) * each, 46 + Math.floor(i / legendColumns) * 20];
    return [dot(id, x + 6, y - 4), text(x + 17, y, kinds[id])];
  });
}

/** Dots that would cover each other go to another lane of their line: the first that has room, else the emptiest. */
const lanes = [0, -13, 13];
const reach = 12;
function apart(dots, axis) {
  const placed = [];
  const room = (x, dy) => Math.min(reach, ...placed.map((other) => Math.hypot(x - other.x, dy - other.dy)));
  for (const one of dots.toSorted((a, b) => a.ratio - b.ratio)) {
    const x = axis.at(one.ratio);
    const dy = lanes.reduce((best, lane) => (room(x, lane) > room(x, best) ? lane : best));
    placed.push({ ...one, x, dy });
  }
  return placed;
}

export function peersPlot(cases) {
  const rows = cases.map(({ name, results }) => {
    const [ours, ...others] = results;
    const dots = others.filter(({ id }) => id in kinds);
    return { name, dots: dots.map(({ id, median }) => ({ id, ratio: median / ours.median })) };
  });
  const ratios = rows.flatMap(({ dots }) => dots.map(({ ratio }) => ratio));
  const axis = logarithmic([0.5, 2, ...ratios], left, width - right);
  const present = Object.keys(kinds).filter((id) =>
    rows.some(({ dots }) => dots.some((one) => one.id === id)),
  );
  const top = 60 + 20 * Math.ceil(present.length / legendColumns);
  const bottom = top + rows.length * rowHeight;
  return picture(width, bottom + 46, 'Steps of other libraries as multiples of ours', [
    text(left, 22, 'One training step, as a multiple of ours on one thread', { size: 15, weight: 600 }),
    ...legend(present),
    ...axis.ticks.flatMap((tick) => [
      line(axis.at(tick), top - 8, axis.at(tick), bottom),
      text(axis.at(tick), bottom + 18, `${tick < 1 ? tick.toPrecision(1) : tick.toLocaleString('en')}×`, {
        fill: faint,
        anchor: 'middle',
      }),
    ]),
    line(axis.at(1), top - 8, axis.at(1), bottom, ink, 1.5),
    text(axis.at(1) + 6, bottom + 38, 'slower than ours →', { fill: faint }),
    text(axis.at(1) - 6, bottom + 38, '← faster', { fill: faint, anchor: 'end' }),
    ...rows.flatMap(({ name, dots }, i) => {
      const y = top + (i + 0.5) * rowHeight;
      return [
        line(left, y, width - right, y, grid),
        text(left - 14, y + 4, name, { anchor: 'end', weight: 600 }),
        ...apart(dots, axis).map(({ id, ratio, x, dy }) =>
          dot(id, x, y + dy, `${kinds[id]}: ${Number(ratio.toPrecision(3))}×`),
        ),
      ];
    }),
  ]);
}
