/** Small charts side by side: what grows along the one axis, its cost along the other, both by their logarithm. */
import { colours, element, faint, line, logarithmic, picture, round, text } from './svg.mjs';

const columns = 2;
const [width, height] = [430, 270];
const margin = { left: 76, right: 18, top: 58, bottom: 46 };

function curve({ values }, x, y, xs, i) {
  const points = values.map((value, k) => [round(x.at(xs[k])), round(y.at(value))]);
  const stroke = colours[i];
  return [
    element('polyline', { points: points.join(' '), fill: 'none', stroke, 'stroke-width': 2 }),
    ...points.map(([cx, cy]) => element('circle', { cx, cy, r: 3, fill: stroke })),
  ];
}

/** A round number, without the zeros that a measured one has. */
const tickText = (words) => words.replace(/\.0+(?= )/, '').replace(/(\.\d*?)0+(?= )/, '$1');

function chart({ title, x: across, y: up, lines }, left, top) {
  const [x0, x1] = [left + margin.left, left + width - margin.right];
  const [y0, y1] = [top + height - margin.bottom, top + margin.top];
  const x = logarithmic(across.values, x0, x1);
  const y = logarithmic(
    lines.flatMap(({ values }) => values),
    y0,
    y1,
  );
  const share = (x1 - x0) / lines.length;
  return [
    text(x0, top + 20, `${title[0].toUpperCase()}${title.slice(1)}`, { size: 14, weight: 600 }),
    ...lines.flatMap(({ name }, i) => {
      const at = x0 + i * share;
      const mark = { cx: round(at + 4), cy: round(top + 36), r: 4, fill: colours[i] };
      return [element('circle', mark), text(at + 13, top + 40, name, { size: 11 })];
    }),
    ...y.ticks.flatMap((tick) => [
      line(x0, y.at(tick), x1, y.at(tick)),
      text(x0 - 8, y.at(tick) + 4, tickText(up.unit(tick)), { fill: faint, anchor: 'end', size: 11 }),
    ]),
    ...across.values.map((value) =>
      text(x.at(value), y0 + 16, value.toLocaleString('en'), { fill: faint, anchor: 'middle', size: 11 }),
    ),
    line(x0, y0, x1, y0, faint),
    text((x0 + x1) / 2, y0 + 34, across.name, { fill: faint, anchor: 'middle', size: 11 }),
    ...lines.flatMap((one, i) => curve(one, x, y, across.values, i)),
  ];
}

export function growthPlot(charts) {
  const rows = Math.ceil(charts.length / columns);
  return picture(
    columns * width,
    rows * height,
    'How cost grows',
    charts.flatMap((each, i) => chart(each, (i % columns) * width, Math.floor(i / columns) * height)),
  );
}
