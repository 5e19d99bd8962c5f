/** Each task a line, each library a dot on it: how many times our step its step takes. */
import { colours, element, faint, grid, ink, line, logarithmic, picture, round, text } from './svg.mjs';

const [left, right, top, rowHeight] = [170, 30, 92, 40];
const width = 860;

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
  const each = (width - left - right) / 4;
  return ids.flatMap((id, i) => {
    const [x, y] = [left + (i % 4) * each, 46 + Math.floor(i / 4) * 20];
    return [dot(id, x + 6, y - 4), text(x + 17, y, kinds[id])];
  });
}

export function peersPlot(cases) {
  const rows = cases.map(({ name, results }) => {
    const [ours, ...others] = results;
    const dots = others.filter(({ id }) => id in kinds);
    return { name, dots: dots.map(({ id, median }) => ({ id, ratio: median / ours.median })) };
  });
  const ratios = rows.flatMap(({ dots }) => dots.map(({ ratio }) => ratio));
  const axis = logarithmic([0.5, 2, ...ratios], left, width - right);
  const bottom = top + rows.length * rowHeight;
  const present = Object.keys(kinds).filter((id) =>
    rows.some(({ dots }) => dots.some((one) => one.id === id)),
  );
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
        ...dots.map(({ id, ratio }) =>
          dot(id, axis.at(ratio), y, `${kinds[id]}: ${Number(ratio.toPrecision(3))}×`),
        ),
      ];
    }),
  ]);
}
