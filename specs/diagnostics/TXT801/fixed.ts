import { vocabulary } from 'millrace';
import { parse, print } from 'millrace/compiler';

const text = `program line.predict
input x : f32[B,4]
y : f32[B,4] = neg x
return outputs = y
`;

export default () => print(parse(text, vocabulary));
