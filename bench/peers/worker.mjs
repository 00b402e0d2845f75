// The protocol that the benchmark speaks with every contender that stays alive between rounds: a line
// "SHAPE STEPS" on standard input is answered by one line of JSON. The end of the input ends the contender.
import { createInterface } from 'node:readline';

/// Serves until standard input ends. `ready.pids` are the processes that make steps durable.
export async function serve(ready, shapes, stop) {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [shape, steps] = line.split(' ');
    let answer;
    try {
      const begun = process.hrtime.bigint();
      await shapes[shape](Number(steps));
      answer = { milliseconds: Number(process.hrtime.bigint() - begun) / 1e6 };
    } catch (error) {
      answer = { error: String(error?.stack ?? error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await stop();
  process.exit(0);
}
