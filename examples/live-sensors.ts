/** Learns online from sensors that never stop and slowly drift: power from temperature, wind and light. */
import { adam, dense, float, from, meanSquaredError, pipeline, squeeze, stack } from 'millrace';
import type { RunEvent } from 'millrace/runtime';
import { defineHook, stop, train } from 'millrace/runtime';
import { concatMap, filter, interval, map, range } from 'rxjs';

/** A number from 0 to 1 that depends on its place alone, so that every run sees the same readings. */
function noise(place: number): number {
  const value = Math.sin(place * 12.9898) * 43758.5453;
  return value - Math.floor(value);
}

/** The reading of one moment. What the measures mean changes as the sensors age. */
export function reading(moment: number) {
  const [temperature, wind, light] = [0, 1, 2].map((sensor) => 2 * noise(3 * moment + sensor) - 1);
  const drift = Math.sin(moment / 20_000);
  const power = (2 + drift) * temperature! - (1 - drift) * wind! + 0.5 * light! + 0.05 * noise(-moment);
  return { temperature: temperature!, wind: wind!, light: light!, power };
}

/** Fifty readings every two milliseconds, whether anybody keeps up or not. */
const readings = interval(2).pipe(
  concatMap((tick) => range(tick * 50, 50)),
  map(reading),
);

const sensors = from({ temperature: float, wind: float, light: float, power: float }, readings, {
  capacity: 512,
  overflow: 'dropOldest',
});
const weigh = dense(1);

export const power = pipeline({
  data: sensors.batch(32),
  model: ({ temperature, wind, light }) => squeeze(weigh(stack([temperature, wind, light])), { axis: -1 }),
  loss: (predicted, row) => meanSquaredError(row.power, predicted),
  metrics: { error: (predicted, row) => meanSquaredError(row.power, predicted) },
  optimizer: adam({ learningRate: 0.02 }),
});

/** Stops once the loss, smoothed over some fifty batches, is as low as the noise allows. */
export const goodEnough = defineHook<{ readonly smooth: number }>({
  name: 'goodEnough',
  initialState: { smooth: 1 },
  events: ['batchFinished'],
  on({ smooth }, event) {
    if (event.type !== 'batchFinished') return {};
    const next = smooth + 0.02 * (event.loss - smooth);
    return {
      state: { smooth: next },
      commands: next < 0.01 ? [stop(`the smoothed loss fell to ${next.toFixed(4)}`)] : [],
    };
  },
});

/** Learns until it is good enough, or for so many steps; tells of every hundredth batch and of readings that were dropped. */
export async function learn(tell: (line: string) => void = console.log, steps = 20_000) {
  const run = train(power, { steps, hooks: [goodEnough], name: 'power' });
  const told = (event: RunEvent): boolean => event.type !== 'batchFinished' || event.step % 100 === 0;
  run.events$
    .pipe(filter((event) => event.type !== 'batchStarted' && told(event)))
    .subscribe((event) =>
      tell(`${event.type} at step ${event.step}${'loss' in event ? `: loss ${event.loss.toFixed(4)}` : ''}`),
    );
  return run.finished;
}
