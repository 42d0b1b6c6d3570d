// What a runner for Node is asked, and how it measures: the same as protocol.py.
import readline from 'node:readline';

const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function measure(run, budget) {
  await run();
  let runs = 0;
  let batch = 1;
  const cpu = spent();
  const wall = performance.now();
  while (runs < 3 || spent() - cpu < budget) {
    const before = performance.now();
    for (let i = 0; i < batch; i += 1) {
      const running = run();
      if (running instanceof Promise) await running;
    }
    runs += batch;
    if (performance.now() - before < 1) batch *= 2;
  }
  return { runs, cpu: spent() - cpu, wall: (performance.now() - wall) / 1e3 };
}

export async function answer(measurements) {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { what, model, expected, budget } = JSON.parse(line);
    let figures;
    try {
      if (!measurements[what]) throw 'it has nothing of this kind';
      figures = await measure(await measurements[what](model, expected), budget);
    } catch (error) {
      figures = { failed: String(error) };
    }
    process.stdout.write(JSON.stringify(figures) + '\n');
  }
}
