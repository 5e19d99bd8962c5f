/** `npm run build`: dist/ from the sources. */
import { freshBuild } from './fresh-build.mjs';

process.exitCode = freshBuild() ? 0 : 1;
