/** The closing line of CI: `count-results.mjs RESULTS STATUS`, from vitest's report and the exit code of the tests. */
import { readFileSync } from 'node:fs';

const [path, code] = process.argv.slice(2);
const status = Number(code);

function readReport() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Nothing ran: installing, the types, the linter or the build failed before the specs.
    return { testResults: [], numPassedTests: 0, numFailedTests: 0 };
  }
}

const report = readReport();
// A file that breaks before its first test has no failed test in it, and yet it failed.
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;
const passed = report.numPassedTests;
let failed = report.numFailedTests + brokenFiles;
// Whatever else went wrong shows in the exit code alone, and counts once.
if (failed === 0 && (status !== 0 || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : status || 1;
