/** The closing line of CI: `count-results.mjs STATUS RESULTS…`, from vitest's reports and the exit code of the tests. */
import { readFileSync } from 'node:fs';

const [code, ...paths] = process.argv.slice(2);
const status = Number(code);

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Nothing ran: installing, the types, the linter or the build failed before the specs.
    return { testResults: [], numPassedTests: 0, numFailedTests: 0 };
  }
}

const reports = paths.map(readReport);
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
// A file that breaks before its first test has no failed test in it, and yet it failed.
const isBroken = ({ status, assertionResults }) =>
  status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
const brokenFiles = sum(({ testResults }) => testResults.filter(isBroken).length);
const passed = sum(({ numPassedTests }) => numPassedTests);
let failed = sum(({ numFailedTests }) => numFailedTests) + brokenFiles;
// Whatever else went wrong shows in the exit code alone, and counts once.
if (failed === 0 && (status !== 0 || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : status || 1;
