/** SES: runs of the low level: what is fetched and fed, and the variables of a session. */
import { defineDiagnostic } from './diagnostic.ts';

export const SES901 = defineDiagnostic('SES901', 'A run needs a value that is not fed');
export const SES902 = defineDiagnostic('SES902', 'What is fed is no part of the run');
export const SES903 = defineDiagnostic('SES903', 'A value that is fed does not fit its tensor');
export const SES904 = defineDiagnostic('SES904', 'What is fetched is neither a tensor nor an operation');
export const SES905 = defineDiagnostic('SES905', 'A variable has no value yet');
export const SES906 = defineDiagnostic('SES906', 'A run sets a variable twice');
export const SES907 = defineDiagnostic('SES907', 'Something else stands where a variable must');
export const SES908 = defineDiagnostic('SES908', 'A session is used after it was closed');
export const SES909 = defineDiagnostic('SES909', 'Variables cannot be told apart by their names');
export const SES910 = defineDiagnostic('SES910', 'A saved variable has another shape or dtype');
