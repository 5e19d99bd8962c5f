/** How a value of any kind is shown in a message: short, and never failing. */

export function valueText(value: unknown): string {
  if (typeof value === 'string') return shortened(JSON.stringify(value));
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}${dimsText(value)}`;
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} of ${'length' in value ? value.length : 0}`;
  if (value instanceof Date) return 'a Date';
  if (typeof value === 'object' && value !== null) {
    return shortened(`an object with ${Object.keys(value).join(', ') || 'no properties'}`);
  }
  return typeof value === 'function' ? 'a function' : String(value);
}

function dimsText(value: readonly unknown[]): string {
  const dims: number[] = [];
  for (let inner: unknown = value; Array.isArray(inner); inner = inner[0]) dims.push(inner.length);
  return dims.length > 1 ? `, nested as [${dims.join(', ')}]` : '';
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
