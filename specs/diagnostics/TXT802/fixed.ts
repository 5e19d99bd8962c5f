import { vocabulary } from 'millrace';
import { DiagnosticError, parse, verify } from 'millrace/compiler';

const text = `program line.predict
input x : f32[B,4]
y : f32[B,4] = neg x
return outputs = y
`;

export default () => {
  const broken = verify(parse(text, vocabulary));
  if (broken.length > 0) throw new DiagnosticError(broken);
};
