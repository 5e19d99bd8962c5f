/** Once before all specs: says what a repeat of this run needs. */
import { effort, isPart, seed } from './effort.ts';

export default function announce(): void {
  console.log(
    `seed ${seed} (MILLRACE_SEED) · effort ×${effort} (MILLRACE_RUNS)${isPart ? ' · a part only: no floors' : ''}`,
  );
}
