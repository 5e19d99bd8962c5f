/** A client in a process of its own: keep-alive connections that ask again as soon as they are answered. Prints what it saw. */
import { connect } from 'node:net';

const [port, connections, seconds, body] = process.argv.slice(2);
const text = `POST /predict HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const request = Buffer.from(text);
const latencies = [];
const failures = new Map();
let isOver = false;
let open = 0;

/** One answer: its head, and as many bytes as the head says. */
function answerIn(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const all = end + 4 + length;
  return bytes.length < all ? undefined : { status: head.slice(9, 12), bytes: all };
}

function client() {
  open++;
  const socket = connect(Number(port), '127.0.0.1');
  socket.setNoDelay(true);
  let rest = Buffer.alloc(0);
  let asked = 0;
  const ask = () => {
    asked = performance.now();
    socket.write(request);
  };
  socket.on('connect', ask);
  socket.on('data', (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const answer = answerIn(rest);
    if (!answer) return;
    rest = rest.subarray(answer.bytes);
    latencies.push(performance.now() - asked);
    if (answer.status !== '200') failures.set(answer.status, (failures.get(answer.status) ?? 0) + 1);
    if (isOver) socket.end();
    else ask();
  });
  const gone = (why) => failures.set(why, (failures.get(why) ?? 0) + 1);
  socket.on('error', (error) => gone(error.code));
  socket.on('close', () => {
    if (!isOver) gone('closed');
    if (--open === 0) report();
  });
}

const start = performance.now();
function report() {
  const elapsed = (performance.now() - start) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const quantile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const { user, system } = process.cpuUsage();
  console.log(
    JSON.stringify({
      requests: sorted.length,
      perSecond: sorted.length / elapsed,
      p50: quantile(0.5),
      p99: quantile(0.99),
      failures: Object.fromEntries(failures),
      cpu: (user + system) / 1e6 / elapsed,
    }),
  );
}

for (let i = 0; i < Number(connections); i++) client();
setTimeout(() => {
  isOver = true;
}, Number(seconds) * 1000);
