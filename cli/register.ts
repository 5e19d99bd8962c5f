/**
 * `node --import millrace/register program.ts`: lets a Node that cannot run TypeScript by itself do so. Newer ones take the
 * types out on their own, and are left alone.
 */
import { register } from 'node:module';

if (!('typescript' in process.features && process.features.typescript)) {
  register('./register-hooks.js', import.meta.url);
  // Places in errors are those of the TypeScript.
  process.setSourceMapsEnabled(true);
}
