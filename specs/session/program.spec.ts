import { expect, test } from 'vitest';

test('example', async () => {
  const before = performance.now();
  await import('../../examples/session.ts');
  console.log(performance.now() - before);
});
