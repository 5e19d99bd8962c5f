/** RUN: what goes wrong while a pipeline runs, and with saved models. */
import { defineDiagnostic } from './diagnostic.ts';

export const RUN801 = defineDiagnostic('RUN801', 'An option of a run is not valid');
export const RUN802 = defineDiagnostic('RUN802', 'The loss is not a finite number');
export const RUN803 = defineDiagnostic('RUN803', 'A hook failed');
export const RUN804 = defineDiagnostic('RUN804', 'A hook asks for something that this run does not have');
export const RUN805 = defineDiagnostic('RUN805', 'A hook monitors a value that does not exist');
export const RUN806 = defineDiagnostic('RUN806', 'The run stopped on an unexpected error');
export const RUN807 = defineDiagnostic('RUN807', 'There is no data to evaluate on');
export const RUN808 = defineDiagnostic('RUN808', 'What was saved is missing or cannot be written');
export const RUN809 = defineDiagnostic('RUN809', 'What was saved is damaged');
export const RUN810 = defineDiagnostic('RUN810', 'A model was used after it was disposed of');
export const RUN811 = defineDiagnostic('RUN811', 'A model is used while it is evaluating');
export const RUN812 = defineDiagnostic('RUN812', 'A model has no such program');
export const RUN813 = defineDiagnostic('RUN813', 'A saved model needs ops that are not at hand');
export const RUN814 = defineDiagnostic('RUN814', 'A prediction is asked for before a version was published');
export const RUN815 = defineDiagnostic('RUN815', 'A server cannot listen at this address');
export const RUN820 = defineDiagnostic('RUN820', 'A saved model was not made from the program given with it');
export const RUN830 = defineDiagnostic('RUN830', 'A drift detector cannot take a value');
